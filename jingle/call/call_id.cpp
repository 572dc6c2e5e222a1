#include "jingle/call/call_id.hpp"

#include <algorithm>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace jingle::call {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// A leg is one of them, so that the id needs no escaping.
constexpr std::string_view leg_digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static_assert(leg_digits.size() > max_callee_legs);
constexpr std::string_view prefix = "1.0.";  // version of the form, node

constexpr std::array<std::int8_t, 256> values_of_alphabet()
{
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return values;
}
constexpr auto values = values_of_alphabet();

std::array<char, CallId::text_size> encode(const CallId& id)
{
    std::array<char, CallId::text_size> text{};
    std::uint32_t bits = 0;
    int count = 0;
    std::size_t at = 0;
    for (const auto byte : id.bytes) {
        bits = bits << 8U | byte;
        for (count += 8; count >= 6; count -= 6)
            text[at++] = alphabet[bits >> static_cast<unsigned>(count - 6) & 63U];
    }
    text[at] = alphabet[bits << static_cast<unsigned>(6 - count) & 63U];
    return text;
}

}  // namespace

CallId CallId::make(std::string_view key, std::string_view caller, std::string_view callee,
                    std::string_view sid)
{
    // JIDs and sids hold no line feed, so the parts cannot run into each other.
    std::string message;
    message.reserve(caller.size() + callee.size() + sid.size() + 2);
    message.append(caller).append("\n").append(callee).append("\n").append(sid);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(), &size);
    CallId id;
    std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
    // A text that begins with '-' would be an option on the command line.
    constexpr std::uint8_t minus = 62;
    if (id.bytes.front() >> 2U == minus)
        id.bytes.front() ^= 0x80U;
    return id;
}

std::string CallId::to_string() const
{
    const auto text = encode(*this);
    return { text.data(), text.size() };
}

std::optional<CallId> CallId::parse(std::string_view text)
{
    if (text.size() != text_size)
        return std::nullopt;
    CallId id;
    std::uint32_t bits = 0;
    int count = 0;
    std::size_t at = 0;
    for (const char c : text) {
        const auto value = values[static_cast<unsigned char>(c)];
        if (value < 0)
            return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8 && at < id.bytes.size()) {
            count -= 8;
            id.bytes[at++] = static_cast<std::uint8_t>(bits >> static_cast<unsigned>(count));
        }
    }
    return id;
}

std::string_view ReturnPath::to_id(base::Arena& arena) const
{
    const auto text = encode(call);
    const std::array<char, 6> middle{ '.',
                                      leg_digits[leg],
                                      '.',
                                      answered == Answered::here ? 'h' : 'e',
                                      static_cast<char>('a' + static_cast<int>(action)),
                                      '.' };
    return arena.concat(prefix, std::string_view{ text.data(), text.size() },
                        std::string_view{ middle.data(), middle.size() }, original);
}

std::optional<ReturnPath> ReturnPath::parse(std::string_view id)
{
    constexpr auto fixed = prefix.size() + CallId::text_size + 6;
    if (id.size() < fixed || !id.starts_with(prefix))
        return std::nullopt;
    const auto call = CallId::parse(id.substr(prefix.size(), CallId::text_size));
    const auto middle = id.substr(prefix.size() + CallId::text_size, 6);
    const auto leg = leg_digits.find(middle[1]);
    const auto action = middle[4] - 'a';
    if (!call || middle[0] != '.' || middle[2] != '.' || middle[5] != '.' || leg > max_callee_legs
        || action < 0 || action >= static_cast<int>(action_rows.size())
        || (middle[3] != 'h' && middle[3] != 'e'))
        return std::nullopt;
    return ReturnPath{ *call, static_cast<LegIndex>(leg), static_cast<Action>(action),
                       middle[3] == 'e' ? Answered::end_to_end : Answered::here, id.substr(fixed) };
}

}  // namespace jingle::call
