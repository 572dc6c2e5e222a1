// What the scanner of plain XML reads, expat reads too, as the same tree: with layout and without, within
// small limits and the usual ones.
#include "xmpp/document.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/arena.hpp"

namespace {

constexpr xmpp::ReaderLimits limits{ .max_stanza_bytes = 64 * 1024,
                                     .max_kept_bytes = 64 * 1024,
                                     .max_depth = 6,
                                     .max_attributes = 8,
                                     .max_value_bytes = 256 };

void compare(std::string_view xml, xmpp::Pretty pretty, const xmpp::ReaderLimits& within)
{
    base::Arena arena;
    const auto* const plain = xmpp::read_plain(xml, arena, pretty, within);
    if (plain == nullptr)
        return;
    const auto read = xmpp::read_with_expat(xml, arena, pretty, within);
    if (!read || !equal(*plain, **read))
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view xml{ reinterpret_cast<const char*>(data), size };
    for (const auto pretty : { xmpp::Pretty::no, xmpp::Pretty::yes }) {
        compare(xml, pretty, limits);
        compare(xml, pretty, {});
    }
    return 0;
}
