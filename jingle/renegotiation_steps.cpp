#include "jingle/renegotiation_steps.hpp"

namespace jingle {

namespace {

Jingle request(Action action, std::string_view sid)
{
    Jingle out;
    out.action = action;
    out.sid = sid;
    return out;
}

Content content_of(const Slot& slot, base::Arena& arena)
{
    Content content;
    content.creator = slot.creator;
    content.name = arena.copy(slot.name);
    return content;
}

}  // namespace

Step modify_step(const Slot& slot, std::size_t index, Senders senders, std::string_view sid,
                 base::Arena& arena)
{
    auto out = request(Action::content_modify, sid);
    auto content = content_of(slot, arena);
    content.senders = senders;
    out.contents.push_back(arena, content);
    return { out, Expects::result, index };
}

/// With a stub and an empty transport: Conversations refuses a content without either.
Step remove_step(const Slot& slot, std::size_t index, TransportKind transport, std::string_view sid,
                 base::Arena& arena)
{
    auto out = request(Action::content_remove, sid);
    auto content = content_of(slot, arena);
    RtpDescription stub;
    stub.media = arena.copy(slot.media);
    content.description = stub;
    Transport empty;
    empty.kind = transport;
    content.transport = empty;
    out.contents.push_back(arena, content);
    return { out, Expects::result, index };
}

Step hold_step(Hold hold, std::string_view sid)
{
    auto out = request(Action::session_info, sid);
    RtpInfo info;
    info.kind = hold == Hold::yes ? InfoKind::hold : InfoKind::unhold;
    out.info = info;
    return { out, Expects::result, 0 };
}

}  // namespace jingle
