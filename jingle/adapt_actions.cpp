#include <algorithm>

#include "jingle/adaptation.hpp"
#include "jingle/ascii.hpp"

namespace jingle {
namespace {

std::string_view media_of(const Content& content)
{
    return content.rtp() != nullptr ? content.rtp()->media.value_or("") : std::string_view{};
}

/// A content without description and transport: its key and what is said about it.
void strip(Content& content)
{
    content.description = std::monostate{};
    content.transport = std::monostate{};
}

bool answers_content_add(Action action)
{
    return action == Action::content_reject || action == Action::content_remove
        || action == Action::content_accept;
}

/// COMPAT(Conversations): any senders but both and its own role end the call with failed-application.
bool may_be_asked_for(const Adaptation& work, Senders senders)
{
    if (!work.profile.has(Trait::modify_own_sending_only))
        return !work.profile.has(Trait::no_content_modify);
    const auto own = work.peer_role() == Role::initiator ? Senders::initiator : Senders::responder;
    return senders == Senders::both || senders == own;
}

}  // namespace

// COMPAT(Monal, stanza.js): they reject every content-add, or do not know it.
void refuse_content_add(Adaptation& work)
{
    if (work.jingle.action == Action::content_add)
        work.refuse(xmpp::errors::feature_not_implemented, Condition::unsupported_applications,
                    "the client takes no further contents");
}

// COMPAT(Conversations): JingleRtpConnection takes a content-add only to go from audio to audio and video.
void refuse_content_add_but_video(Adaptation& work)
{
    if (work.jingle.action != Action::content_add)
        return;
    const auto is_video = [](const Content& content) { return is_same_word(media_of(content), "video"); };
    if (!std::all_of(work.jingle.contents.begin(), work.jingle.contents.end(), is_video))
        work.refuse(xmpp::errors::feature_not_implemented, Condition::unsupported_applications,
                    "the client takes only video as a further content");
}

// COMPAT(QXmpp 1.4, stanza.js, Monal): no handler; stanza.js answers bad-request.
void absorb_content_modify(Adaptation& work)
{
    if (work.jingle.action != Action::content_modify)
        return;
    work.note(Trait::no_content_modify, nullptr, "content-modify");
    work.absorb("the client knows no content-modify; what it sends too much is not listened to");
}

void keep_own_sending(Adaptation& work)
{
    if (work.jingle.action != Action::content_modify)
        return;
    for (std::size_t i = work.jingle.contents.size(); i-- > 0;) {
        auto& content = work.jingle.contents[i];
        if (may_be_asked_for(work, content.senders.value_or(Senders::both)))
            continue;
        work.note(Trait::modify_own_sending_only, &content, "content-modify that stops the client's sending");
        work.drop(content);
    }
    if (work.jingle.contents.empty())
        work.absorb("the client ends the call when asked to stop sending");
}

// COMPAT(Conversations): it ends the call, unless what is removed is a content-add it has not answered.
void absorb_content_remove(Adaptation& work)
{
    if (work.jingle.action != Action::content_remove || work.leg.own_content_add == OwnContentAdd::open)
        return;
    work.note(Trait::no_content_remove, nullptr, "content-remove");
    work.absorb("the client takes no content-remove; nothing more is sent in that content");
}

// COMPAT(Dino): content-remove is answered with feature-not-implemented.
void write_remove_as_modify(Adaptation& work)
{
    if (work.jingle.action != Action::content_remove)
        return;
    work.jingle.action = Action::content_modify;
    work.jingle.reason.reset();
    for (auto& content : work.jingle.contents) {
        strip(content);
        content.senders = Senders::none;
        work.note(Trait::content_remove_as_modify, &content, "content-remove");
    }
}

// COMPAT(QXmpp 1.4): every session-info is taken for ringing.
void absorb_info_but_ringing(Adaptation& work)
{
    if (work.jingle.action != Action::session_info || !work.jingle.info)
        return;
    const auto* info = std::get_if<RtpInfo>(&*work.jingle.info);
    const auto is_ping = std::holds_alternative<std::monostate>(*work.jingle.info);
    if (is_ping || (info != nullptr && info->kind == InfoKind::ringing))
        return;
    work.note(Trait::info_ringing_only, nullptr, "session-info");
    work.absorb("the client would take it for ringing");
}

// COMPAT(Conversations): without a description it cannot compare the media with those of its offer, without
// an ICE transport it answers unsupported-transports.
void fill_stubs(Adaptation& work)
{
    if (!answers_content_add(work.jingle.action))
        return;
    for (auto& content : work.jingle.contents) {
        const auto* known = work.contents.find(content.creator, content.name);
        if (std::holds_alternative<std::monostate>(content.description)) {
            RtpDescription stub;
            if (known != nullptr && !known->media.empty())
                stub.media = work.arena.copy(known->media);
            content.description = stub;
            work.note(Trait::stubs_in_answers, &content, "description without anything in it");
        }
        if (std::holds_alternative<std::monostate>(content.transport)) {
            content.transport = Transport{};
            work.note(Trait::stubs_in_answers, &content, "transport without anything in it");
        }
    }
}

// COMPAT(Conversations): it compares the answer to its content-add with what it offered, and ends the call as
// out-of-order when senders differ. So a narrower answer accepts as offered and narrows afterwards, where
// that can be asked for at all. Runs when the names are the client's.
void answer_as_offered(Adaptation& work)
{
    if (!answers_content_add(work.jingle.action))
        return;
    base::List<Content> narrowed;
    for (auto& content : work.jingle.contents) {
        const auto* known = work.contents.find_alias(content.creator, content.name);
        const auto answered = content.senders.value_or(Senders::both);
        if (known == nullptr || !known->senders || answered == *known->senders)
            continue;
        content.senders = known->senders;
        work.note(Trait::stubs_in_answers, &content, "senders other than offered");
        if (work.jingle.action != Action::content_accept || !may_be_asked_for(work, answered))
            continue;
        Content modified;
        modified.creator = content.creator;
        modified.name = content.name;
        modified.senders = answered;
        narrowed.push_back(work.arena, modified);
    }
    if (narrowed.empty())
        return;
    auto* modify = work.arena.make<Jingle>();
    modify->action = Action::content_modify;
    modify->sid = work.jingle.sid;
    modify->contents = narrowed;
    work.result.requests = base::List<const Jingle*>{ work.arena, { &work.jingle, modify } };
    work.result.verdict = Verdict::split;
}

}  // namespace jingle
