// The same as for jingle.cpp, for the messages of XEP-0353 and XEP-0482.
#include "jingle/message.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

#include "jingle/call_invite.hpp"
#include "jingle/media_kinds.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

template <class Value>
std::string written(const Value& value)
{
    std::string out = "<message xmlns='jabber:component:accept'>";
    xmpp::Writer writer{ out, xmpp::ns::component };
    value.write(writer);
    return out + "</message>";
}

/// What was read is the same when it is written and read again.
template <class Value>
void check(const xmpp::Element& stanza, base::Arena& arena)
{
    const auto value = Value::from_stanza(stanza, arena);
    if (!value)
        return;
    if constexpr (requires { value->to_message(arena); })
        (void)value->to_message(arena);
    else
        (void)jingle::media_kinds(*value);
    const auto xml = written(*value);
    const auto again = xmpp::parse_document(xml, arena);
    require(again.has_value());
    const auto same = Value::from_stanza(**again, arena);
    require(same.has_value());
    require(*same == *value);
    require(written(*same) == xml);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size)
{
    base::Arena arena;
    const auto document
        = xmpp::parse_document({ reinterpret_cast<const char*>(bytes), size }, arena, xmpp::Pretty::yes);
    if (!document)
        return 0;
    check<jingle::Message>(**document, arena);
    check<jingle::CallInvite>(**document, arena);
    return 0;
}
