#include "jingle/fingerprint.hpp"

#include <algorithm>

#include "jingle/codec.hpp"

namespace jingle {
namespace {

bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_small_hex(char c)
{
    return c >= 'a' && c <= 'f';
}
bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

// XX:XX:XX in capitals.
bool is_canonical(std::string_view digest)
{
    if (digest.size() % 3 != 2)
        return false;
    for (std::size_t i = 0; i < digest.size(); i += 3) {
        const bool is_last = i + 2 == digest.size();
        if (!is_hex(digest[i]) || !is_hex(digest[i + 1]) || (!is_last && digest[i + 2] != ':'))
            return false;
    }
    return true;
}

// XEP-0320 shows it broken over lines; capitals by RFC 8122.
std::string_view canonical(std::string_view text, base::Arena& arena)
{
    if (is_canonical(text))
        return text;
    auto* bytes = arena.make_array<char>(text.size());
    auto* end = std::copy_if(text.begin(), text.end(), bytes, [](char c) { return !is_white(c); });
    std::transform(bytes, end, bytes,
                   [](char c) { return is_small_hex(c) ? static_cast<char>(c - 'a' + 'A') : c; });
    return { bytes, static_cast<std::size_t>(end - bytes) };
}

bool has_right_length(const Fingerprint& fingerprint)
{
    const auto bytes = (fingerprint.value.size() + 1) / 3;
    for (const auto& row : digest_lengths)
        if (row.hash == fingerprint.hash)
            return bytes == row.bytes;
    return true;
}

}  // namespace

base::Result<void> read(const xmpp::Element& from, Fingerprint& into, Reading& reading)
{
    TRY_VOID(read_rows(from, into, reading));
    if (from.text.size() > limits::value)
        return base::fail(base::Errc::too_long, "digest");
    into.value = canonical(from.text, reading.arena);
    if (into.value.size() > 3 * limits::fingerprint_bytes)
        return base::fail(base::Errc::too_long, "digest");
    if (!is_canonical(into.value) || !has_right_length(into))
        return base::fail(base::Errc::malformed, "digest");
    return {};
}

void write(const Fingerprint& value, xmpp::Writer& writer)
{
    write_attributes(value, writer);
    writer.text(value.value);
    write_extra(value.extra, writer);
}

}  // namespace jingle
