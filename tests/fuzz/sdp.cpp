#include <cstdlib>

#include "sdp/description.hpp"
#include "sdp/inherit.hpp"

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

/// Whatever was read can be written, reads back as the same value, and is a fixed point.
template <class Parse, class Print>
void round_trip(std::string_view text, Parse parse, Print print)
{
    base::Arena arena;
    auto first = parse(text, arena);
    if (!first)
        return;
    first->dropped.clear();
    const auto printed = print(*first);
    require(printed.has_value());
    auto second = parse(*printed, arena);
    require(second.has_value());
    require(*second == *first);
    require(print(*second) == printed);
    sdp::inherit(*second, arena);
    require(print(*second).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size)
{
    using sdp::Description;
    const std::string_view text{ reinterpret_cast<const char*>(bytes), size };
    round_trip(text, Description::parse, [](const Description& d) { return d.to_string(); });
    round_trip(text, Description::parse_fragment,
               [](const Description& d) { return d.fragment_to_string(); });
    return 0;
}
