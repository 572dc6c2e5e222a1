// Candidates of a web leg, both ways. They wait, bounded, until the description that names their ufrag is
// known to who gets them.

#include <algorithm>

#include "jingle/call/web_leg.hpp"

namespace jingle::call {
namespace {

constexpr std::size_t max_old_ufrags = 64;

std::optional<std::string_view> ufrag_of(const Content& content)
{
    return content.ice() != nullptr ? content.ice()->ufrag : std::nullopt;
}

bool contains(const std::vector<std::string>& ufrags, std::optional<std::string_view> ufrag)
{
    return ufrag && std::find(ufrags.begin(), ufrags.end(), *ufrag) != ufrags.end();
}

}  // namespace

// --- of the page --------------------------------------------------------------------------------------

std::optional<PageError> WebLeg::trickle(const PageCandidates& said, WebTurn& turn)
{
    using Code = PageError::Code;
    if (!has_session())
        return PageError{ Code::wrong_state, "candidates before a description" };
    if (said.candidates.size() > max_page_candidates)
        return PageError{ Code::too_large, "too many candidates" };
    std::vector<PageCandidate> usable;
    std::vector<ReadCandidate> read;
    for (const auto& candidate : said.candidates) {
        auto one = read_candidate(candidate, slots(), turn.arena);
        const auto unusable = [](base::Errc code) {
            return code == base::Errc::unsupported || code == base::Errc::forbidden;
        };
        if (!one && unusable(one.error().code))
            continue;
        if (!one)
            return PageError{ one.error().code == base::Errc::too_long ? Code::too_large : Code::bad_sdp,
                              one.error().what };
        usable.push_back(candidate);
        read.push_back(*one);
    }
    const bool fits = waiting_.size() + read.size() <= max_waiting_candidates;
    if (!fits)
        return PageError{ Code::too_large, "too many candidates wait" };
    pass_candidates(usable, read, turn);
    return std::nullopt;
}

/// The credentials it belongs to, and whether they are known to the other side.
WebLeg::Fate WebLeg::fate_of(const ReadCandidate& candidate, const WebCredentials*& credentials) const
{
    if (own_.empty() && own_next_.empty())
        return Fate::keep;
    const auto find = [&](const std::vector<WebCredentials>& all) {
        return candidate.mid.empty() ? (all.empty() ? nullptr : &all.front()) : find_mid(all, candidate.mid);
    };
    const auto* now = find(own_);
    const auto* next = find(own_next_);
    const auto is_of = [&](const WebCredentials* one) {
        return one != nullptr && (candidate.ufrag.empty() || candidate.ufrag == one->ufrag);
    };
    credentials = is_of(next) ? next : now;
    if (!is_of(credentials))
        return Fate::drop;  // of before a restart, or of an m-line that is gone
    const bool known = credentials == now || (now != nullptr && now->ufrag == next->ufrag)
        || contains(announced_, credentials->ufrag);
    return known ? Fate::send : Fate::keep;
}

/// One request for each m-line, in order of its first candidate: several clients read one content only.
void WebLeg::pass_candidates(const std::vector<PageCandidate>& said, const std::vector<ReadCandidate>& read,
                             WebTurn& turn)
{
    std::vector<std::pair<WebCredentials, std::vector<const ReadCandidate*>>> ready;
    for (std::size_t i = 0; i < read.size(); ++i) {
        const WebCredentials* credentials = nullptr;
        const auto fate = fate_of(read[i], credentials);
        if (fate == Fate::keep)
            waiting_.push_back(said[i]);
        if (fate != Fate::send)
            continue;
        auto found = std::find_if(ready.begin(), ready.end(),
                                  [&](const auto& one) { return one.first == *credentials; });
        if (found == ready.end())
            found = ready.insert(found, { *credentials, {} });
        found->second.push_back(&read[i]);
    }
    for (const auto& [credentials, candidates] : ready) {
        if (is_ended())
            return;
        send_candidates(credentials, candidates, turn);
    }
}

void WebLeg::send_candidates(const WebCredentials& credentials,
                             const std::vector<const ReadCandidate*>& candidates, WebTurn& turn)
{
    const auto fragment = fragment_of(credentials, candidates, turn.arena);
    if (negotiation_) {
        const auto actions = negotiation_->own_candidates(fragment, turn.now);
        if (!actions.empty())  // they go with the answer to a restart
            return (void)carry_out(actions, turn);
    }
    auto slots = this->slots();
    if (const auto request = from_sdp(fragment, from_sdp_how(Action::transport_info, slots), turn.arena))
        tell(*request, turn);
}

void WebLeg::release_own(WebTurn& turn)
{
    const auto said = std::exchange(waiting_, {});
    std::vector<ReadCandidate> read;
    for (const auto& candidate : said)
        if (auto one = read_candidate(candidate, slots(), turn.arena))  // it did before
            read.push_back(*one);
    if (read.size() == said.size())
        pass_candidates(said, read, turn);
}

// --- of the other side --------------------------------------------------------------------------------

std::optional<xmpp::StanzaError> WebLeg::receive_candidates(const Jingle& request, WebTurn& turn)
{
    const bool early = state_ == State::initiated;
    const auto is_known = [&](const Content& content) {
        return slots().find_content(content.creator, content.name).has_value();
    };
    const bool known = std::all_of(request.contents.begin(), request.contents.end(), is_known);
    if (!early && known)
        return show_candidates(request, turn);
    if (!known && state_ != State::active)
        return xmpp::errors::item_not_found;
    using Wait = CandidateBuffer::Wait;
    std::size_t lost = 0;
    for (const auto& content : request.contents)
        if (content.ice() != nullptr)
            lost += far_waiting_.add(content, is_known(content) ? Wait::for_description : Wait::for_content,
                                     turn.now);
    return lost == 0 ? std::nullopt : std::optional{ xmpp::errors::resource_constraint };
}

std::optional<xmpp::StanzaError> WebLeg::show_candidates(const Jingle& request, WebTurn& turn)
{
    auto slots = this->slots();
    const auto fragment = to_sdp_fragment(request, to_sdp_how(slots), turn.arena);
    auto heard = fragment ? to_page(*fragment, slots) : tl::make_unexpected(fragment.error());
    if (!heard)
        return xmpp::errors::bad_request;
    if (!heard->candidates.empty())
        hear(*std::move(heard), turn);
    return std::nullopt;
}

/// True when the request holds candidates of credentials that the page is about to see, or of such as are
/// over.
bool WebLeg::keep_candidates(const Jingle& request, WebTurn& turn)
{
    const auto& contents = request.contents;
    if (contents.empty() || !has_candidates(request))
        return false;
    const auto is_old = [&](const Content& content) { return contains(far_old_, ufrag_of(content)); };
    if (std::all_of(contents.begin(), contents.end(), is_old))
        return true;
    const auto is_next = [&](const Content& content) { return contains(far_next_, ufrag_of(content)); };
    if (!std::any_of(contents.begin(), contents.end(), is_next))
        return false;
    for (const auto& content : contents)
        far_waiting_.add(content, CandidateBuffer::Wait::for_description, turn.now);
    return true;
}

void WebLeg::release_far(const sdp::Description& far, WebTurn& turn)
{
    if (far_waiting_.empty())
        return;
    for (const auto& media : far.media) {
        const auto* credentials = find_mid(far_, media.mid.value_or(""));
        const auto index = slots().find_mid(media.mid.value_or(""));
        if (credentials == nullptr || !index)
            continue;
        const auto& slot = slots()[*index];
        auto transport = far_waiting_.take(slot.name, credentials->ufrag, turn.arena);
        if (!transport)
            continue;
        transport->ufrag = turn.arena.copy(credentials->ufrag);
        transport->pwd = turn.arena.copy(credentials->pwd);
        Jingle request;
        request.action = Action::transport_info;
        Content content;
        content.creator = slot.creator;
        content.name = turn.arena.copy(slot.name);
        content.transport = *transport;
        request.contents.push_back(turn.arena, content);
        (void)show_candidates(request, turn);  // one by one: what cannot be said is left out
    }
}

void WebLeg::learn_far(const sdp::Description& far, base::Arena& arena)
{
    auto now = credentials_of(far, arena);
    for (const auto& before : far_)
        if (!has_ufrag(now, before.ufrag) && !contains(far_old_, before.ufrag))
            far_old_.push_back(before.ufrag);
    if (far_old_.size() > max_old_ufrags)
        far_old_.erase(far_old_.begin(), far_old_.end() - max_old_ufrags);
    std::erase_if(far_old_, [&](const auto& ufrag) { return has_ufrag(now, ufrag); });
    std::erase_if(far_next_, [&](const auto& ufrag) { return has_ufrag(now, ufrag); });
    far_ = std::move(now);
}

}  // namespace jingle::call
