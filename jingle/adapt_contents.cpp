#include <algorithm>

#include "jingle/adaptation.hpp"
#include "jingle/ascii.hpp"
#include "jingle/mirroring.hpp"

namespace jingle {
namespace {

constexpr std::size_t max_name = 16;  ///< as long as Slots make a mid of it

bool is_data_channel(const Content& content)
{
    if (content.ice() != nullptr && content.ice()->sctpmap)
        return true;
    return content.rtp() != nullptr && is_same_word(content.rtp()->media.value_or(""), "application");
}

bool is_audio(const Content& content)
{
    return content.rtp() != nullptr && is_same_word(content.rtp()->media.value_or(""), "audio");
}

/// Not offered to the client: from now on nothing about it is sent.
void leave_out(Adaptation& work, Content& content, Trait trait, std::string_view what)
{
    if (auto* known = work.remember(content))
        known->left_out = true;
    work.note(trait, &content, what);
    work.drop(content);
}

bool is_short(std::string_view name)
{
    return name.size() <= max_name && !has_blank(name);
}

void rename(Jingle& jingle, Content& content, std::string_view name)
{
    for (auto& group : jingle.groups)
        std::replace(group.contents.begin(), group.contents.end(), content.name, name);
    content.name = name;
}

}  // namespace

/// For every profile: contents that were not offered are not mentioned later.
void drop_left_out(Adaptation& work)
{
    const auto before = work.jingle.contents.size();
    for (std::size_t i = before; i-- > 0;) {
        auto& content = work.jingle.contents[i];
        const auto* known = work.contents.find(content.creator, content.name);
        if (known == nullptr || !known->left_out || work.jingle.action == Action::content_add)
            continue;
        work.drop(content);
        work.result.verdict = Verdict::changed;
    }
    if (before > 0 && work.jingle.contents.empty())
        work.absorb("it is about contents that were not offered to the client");
}

// COMPAT(Conversations, Dino, Monal, QXmpp, Siskin): a content that is no RTP session ends the call or is
// refused.
void drop_data_channels(Adaptation& work)
{
    if (!is_offer(work.jingle.action))
        return;
    for (std::size_t i = work.jingle.contents.size(); i-- > 0;)
        if (auto& content = work.jingle.contents[i]; is_data_channel(content))
            leave_out(work, content, Trait::no_data_channels, "data channel");
    if (work.jingle.contents.empty())
        work.refuse(xmpp::errors::feature_not_implemented, Condition::unsupported_applications,
                    "the client has no data channels");
}

// COMPAT(Dino, QXmpp, Gajim): each content wants a transport of its own there.
void keep_one_transport(Adaptation& work)
{
    if (!is_offer(work.jingle.action) || work.leg.far_transports != FarTransports::one)
        return;
    if (work.jingle.action == Action::content_add)
        return work.refuse(xmpp::errors::feature_not_implemented, Condition::incompatible_parameters,
                           "the client does not bundle, and the other side has one transport");
    auto& contents = work.jingle.contents;
    const auto* audio = std::find_if(contents.begin(), contents.end(), is_audio);
    const auto kept = audio == contents.end() ? 0 : static_cast<std::size_t>(audio - contents.begin());
    for (std::size_t i = contents.size(); i-- > 0;)
        if (i != kept)
            leave_out(work, contents[i], Trait::one_transport, "content in the same transport");
}

// COMPAT(QXmpp, Movim): the first content is the only one that is read, or the one candidates are for.
void put_audio_first(Adaptation& work)
{
    auto& contents = work.jingle.contents;
    if (work.jingle.action != Action::session_initiate || contents.empty() || is_audio(contents.front()))
        return;
    const auto* first = std::find_if(contents.begin(), contents.end(), is_audio);
    if (first == contents.end())
        return;
    work.note(Trait::audio_first, first, "order of the contents");
    std::stable_partition(contents.begin(), contents.end(), is_audio);
}

// COMPAT(Conversations): a name that does not fit a mid (RFC 9143, 15) makes libwebrtc throw.
void shorten_names(Adaptation& work)
{
    const auto alias_of = [&](Content& content) -> std::string_view {
        auto* known = work.contents.find(content.creator, content.name);
        if (known == nullptr && is_short(content.name))
            return {};
        if (known == nullptr && (known = work.remember(content)) == nullptr)
            return {};
        if (known->alias.empty() && !is_short(content.name))
            known->alias = work.contents.free_alias();
        return known->alias.empty() ? std::string_view{} : work.arena.copy(known->alias);
    };
    for (auto& content : work.jingle.contents) {
        const auto alias = alias_of(content);
        if (alias.empty() || alias == content.name)
            continue;
        work.note(Trait::short_names, &content, content.name);
        rename(work.jingle, content, alias);
    }
}

// COMPAT(Dino, Monal): their parsers know three values only and refuse the whole request.
void replace_senders_none(Adaptation& work)
{
    for (auto& content : work.jingle.contents) {
        if (content.senders != Senders::none)
            continue;
        content.senders = work.leg.own_role == Role::initiator ? Senders::initiator : Senders::responder;
        work.note(Trait::no_senders_none, &content, "senders='none'");
    }
}

void write_senders_by_initiator(Adaptation& work)
{
    if (work.leg.own_role == Role::responder)
        mirror_content_senders(work);
}

void write_extension_senders_by_initiator(Adaptation& work)
{
    if (work.leg.own_role == Role::responder)
        mirror_extension_senders(work);
}

// COMPAT(Siskin): any group is taken for BUNDLE.
void keep_bundle_groups(Adaptation& work)
{
    for (const auto& group : work.jingle.groups)
        if (group.semantics != "BUNDLE")
            work.note(Trait::bundle_groups_only, nullptr, group.semantics);
    work.jingle.groups.erase_if([](const Group& group) { return group.semantics != "BUNDLE"; });
}

// COMPAT(Dino: bad-request for more, QXmpp: reads the first): offer and answer must stay whole.
void split_contents(Adaptation& work)
{
    const auto action = work.jingle.action;
    if (action == Action::session_initiate || action == Action::session_accept
        || work.jingle.contents.size() < 2)
        return;
    for (const auto& content : work.jingle.contents) {
        auto* request = work.arena.make<Jingle>(work.jingle);
        request->contents = base::List<Content>{ work.arena, { content } };
        work.result.requests.push_back(work.arena, request);
        work.note(Trait::one_content_per_request, &content, "several contents in one request");
    }
    work.result.verdict = Verdict::split;
}

}  // namespace jingle
