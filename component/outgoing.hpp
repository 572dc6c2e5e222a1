#pragma once

#include <cassert>
#include <string_view>

#include "xmpp/writer.hpp"

namespace component {

/// The start tag of a stanza as the stricter of both servers wants it: Prosody closes the stream on a `from`
/// that is not ours and on xmlns='jabber:server', ejabberd on a missing from or to, and it bounces an iq
/// without id or type.
struct StanzaHead {
    std::string_view name;  ///< iq, message or presence
    std::string_view from;  ///< an address of ours, prepared
    std::string_view to;
    std::string_view id;
    std::string_view type = {};  ///< may be empty for presence and message only
};

/// Opens the stanza in `writer`, which stands at the top level of the stream; the caller closes it.
inline xmpp::Writer& open_stanza(xmpp::Writer& writer, const StanzaHead& head)
{
    assert(head.name == "iq" || head.name == "message" || head.name == "presence");
    assert(!head.from.empty() && !head.to.empty() && !head.id.empty());
    assert(head.name != "iq" || !head.type.empty());
    writer.open(head.name).attribute("from", head.from).attribute("to", head.to).attribute("id", head.id);
    if (!head.type.empty())
        writer.attribute("type", head.type);
    return writer;
}

}  // namespace component
