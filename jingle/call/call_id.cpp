#include "jingle/call/call_id.hpp"

#include <algorithm>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64url.hpp"

namespace jingle::call {
namespace {

/// A leg is one of them, so that the id needs no escaping.
constexpr std::string_view leg_digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static_assert(leg_digits.size() > max_callee_legs);
constexpr std::string_view prefix = "1.0.";  // version of the form, node

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
    return base::to_base64url({ reinterpret_cast<const char*>(bytes.data()), bytes.size() });
}

std::optional<CallId> CallId::parse(std::string_view text)
{
    const auto read = base::from_base64url(text);
    CallId id;
    if (!read || read->size() != id.bytes.size())
        return std::nullopt;
    std::ranges::copy(*read, id.bytes.begin());
    return id;
}

std::string_view ReturnPath::to_id(base::Arena& arena) const
{
    const std::array<char, 6> middle{ '.',
                                      leg_digits[leg],
                                      '.',
                                      answered == Answered::here ? 'h' : 'e',
                                      static_cast<char>('a' + static_cast<int>(action)),
                                      '.' };
    return arena.concat(prefix, call.to_string(), std::string_view{ middle.data(), middle.size() }, original);
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
