// The same as for jingle.cpp, for the messages of XEP-0353.
#include "jingle/message.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

#include "jingle/media_kinds.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

std::string written(const jingle::Message& value)
{
    std::string out = "<message xmlns='jabber:component:accept'>";
    xmpp::Writer writer{ out, xmpp::ns::component };
    value.write(writer);
    return out + "</message>";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    base::Arena arena;
    const auto document
        = xmpp::parse_document({ reinterpret_cast<const char*>(bytes), size }, arena, xmpp::Pretty::yes);
    if (!document)
        return 0;
    const auto value = jingle::Message::from_stanza(**document, arena);
    if (!value)
        return 0;
    (void)jingle::media_kinds(*value);

    const auto xml = written(*value);
    const auto again = xmpp::parse_document(xml, arena);
    require(again.has_value());
    const auto same = jingle::Message::from_stanza(**again, arena);
    require(same.has_value());
    require(*same == *value);
    require(written(*same) == xml);
    return 0;
}
