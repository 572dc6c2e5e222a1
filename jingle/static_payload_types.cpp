#include "jingle/static_payload_types.hpp"

#include <algorithm>
#include <array>

namespace jingle {

namespace {

constexpr std::array<AssignedPayloadType, 24> assigned{ {
    { 0, "PCMU", 8000, 1 },
    { 3, "GSM", 8000, 1 },
    { 4, "G723", 8000, 1 },
    { 5, "DVI4", 8000, 1 },
    { 6, "DVI4", 16000, 1 },
    { 7, "LPC", 8000, 1 },
    { 8, "PCMA", 8000, 1 },
    { 9, "G722", 8000, 1 },  // samples at 16 kHz; the RTP clock is 8000 for
                             // history's sake (RFC 3551, 4.5.2)
    { 10, "L16", 44100, 2 },
    { 11, "L16", 44100, 1 },
    { 12, "QCELP", 8000, 1 },
    { 13, "CN", 8000, 1 },
    { 14, "MPA", 90000, 1 },
    { 15, "G728", 8000, 1 },
    { 16, "DVI4", 11025, 1 },
    { 17, "DVI4", 22050, 1 },
    { 18, "G729", 8000, 1 },
    { 25, "CelB", 90000, 1 },
    { 26, "JPEG", 90000, 1 },
    { 28, "nv", 90000, 1 },
    { 31, "H261", 90000, 1 },
    { 32, "MPV", 90000, 1 },
    { 33, "MP2T", 90000, 1 },
    { 34, "H263", 90000, 1 },
} };

struct UsualClockrate {
    std::string_view name;
    std::uint32_t clockrate;
};

constexpr std::array<UsualClockrate, 8> usual{ {
    { "opus", 48000 },
    { "telephone-event", 8000 },
    { "VP8", 90000 },
    { "VP9", 90000 },
    { "H264", 90000 },
    { "H265", 90000 },
    { "AV1", 90000 },
    { "t140", 1000 },
} };

constexpr char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

const AssignedPayloadType* find_static_payload_type(std::uint8_t id) noexcept
{
    const auto found
        = std::lower_bound(assigned.begin(), assigned.end(), id,
                           [](const AssignedPayloadType& row, std::uint8_t key) { return row.id < key; });
    return found != assigned.end() && found->id == id ? &*found : nullptr;
}

std::optional<std::uint32_t> usual_clockrate(std::string_view name) noexcept
{
    for (const auto& row : usual)
        if (equals_ignoring_case(row.name, name))
            return row.clockrate;
    return std::nullopt;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace jingle
