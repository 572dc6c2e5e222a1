// Bytes are read as a document and as a request. What comes out of the values must be XML that reads as the
// same values, and write the same bytes again: so nothing is lost, invented or unescaped.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "jingle/media_kinds.hpp"
#include "jingle/session.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

std::string written(const jingle::Jingle& value)
{
    std::string out;
    xmpp::Writer writer{ out, xmpp::ns::component };
    value.write(writer);
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    base::Arena arena;
    const auto document
        = xmpp::parse_document({ reinterpret_cast<const char*>(bytes), size }, arena, xmpp::Pretty::yes);
    if (!document)
        return 0;
    auto value = jingle::Jingle::from_element(**document, arena);
    if (!value)
        return 0;
    // What could not be read is counted for a note, and is no part of what is said.
    for (auto& content : value->contents)
        if (auto* transport = content.ice())
            transport->unreadable_candidates = 0;
    (void)jingle::media_kinds(*value);

    const auto xml = written(*value);
    const auto again = xmpp::parse_document(xml, arena);
    require(again.has_value());
    const auto same = jingle::Jingle::from_element(**again, arena);
    require(same.has_value());
    require(*same == *value);
    require(written(*same) == xml);
    return 0;
}
