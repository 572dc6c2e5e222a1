#include "jingle/renegotiation.hpp"

#include <algorithm>

#include "base/scan.hpp"
#include "jingle/direction.hpp"
#include "jingle/from_sdp.hpp"
#include "jingle/number_text.hpp"
#include "jingle/reoffer.hpp"
#include "sdp/inherit.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"

namespace jingle {

using namespace renegotiate;

namespace {

constexpr std::size_t max_old_ufrags = 64;

std::string written(const Jingle& request)
{
    std::string xml;
    xmpp::Writer writer{ xml, xmpp::ns::component };
    request.write(writer);
    return xml;
}

/// What was written by us, or was read before: it reads.
base::Result<Jingle> read_back(std::string_view xml, base::Arena& arena)
{
    TRY(const auto* element, xmpp::parse_document(arena.copy(xml), arena));
    return Jingle::from_element(*element, arena);
}

base::Error error(base::Errc code, std::string_view what)
{
    return { code, std::string{ what } };
}

bool is_live(const sdp::Description& description, std::size_t index)
{
    return index < description.media.size() && !sdp::is_rejected(description.media[index]);
}

std::optional<sdp::Setup> settled_role(const sdp::Description& own, const sdp::Description& peer)
{
    for (const auto& media : own.media)
        if (!sdp::is_rejected(media) && opposite(media.transport.setup))
            return media.transport.setup;
    for (const auto& media : peer.media)
        if (!sdp::is_rejected(media) && opposite(media.transport.setup))
            return opposite(media.transport.setup);
    return std::nullopt;
}

Senders senders_of(const sdp::Description& description, std::size_t index, Role writer)
{
    const auto& media = description.media[index];
    if (!is_live_rtp(media))
        return Senders::both;
    return to_senders(media.transport.direction.value_or(sdp::Direction::sendrecv), writer);
}

Senders complement(Senders senders)
{
    switch (senders) {
    case Senders::both: return Senders::none;
    case Senders::initiator: return Senders::responder;
    case Senders::responder: return Senders::initiator;
    case Senders::none:
    case Senders::rejected: return Senders::both;
    }
    return Senders::both;
}

/// The DTLS association lives on, whatever role a browser would like now.
sdp::Description with_role(const sdp::Description& said, std::optional<sdp::Setup> role, base::Arena& arena)
{
    auto out = said;
    out.media = {};
    for (auto media : said.media) {
        if (role && media.transport.setup)
            media.transport.setup = role;
        out.media.push_back(arena, media);
    }
    if (role && out.transport.setup)
        out.transport.setup = role;
    return out;
}

}  // namespace

base::Result<KeptDescription> KeptDescription::copy(const sdp::Description& description)
{
    TRY(const auto text, description.to_string());
    KeptDescription kept;
    kept.arena_ = std::make_unique<base::Arena>(text.size() * 4 + 1024);
    TRY(const auto parsed, sdp::Description::parse(kept.arena_->copy(text), *kept.arena_));
    kept.description_ = kept.arena_->make<sdp::Description>(parsed);
    return kept;
}

base::Result<Renegotiation> Renegotiation::start(Options options, Slots slots, const sdp::Description& own,
                                                 const sdp::Description& peer)
{
    Renegotiation out;
    out.turn_ = std::make_unique<base::Arena>();
    out.options_ = std::move(options);
    out.slots_ = std::move(slots);
    TRY(out.own_, KeptDescription::copy(own));
    TRY(out.peer_, KeptDescription::copy(peer));
    out.role_ = settled_role(own, peer);
    // A session that is taken up again goes on counting (RFC 9429, 5.2.2).
    out.version_ = base::parse_number<std::uint16_t>(peer.origin.sess_version, "version").value_or(1);
    for (std::size_t i = 0; i < peer.media.size(); ++i) {
        auto said = senders_of(peer, i, out.peer_role());
        // What was not offered to the answerer was not refused by it either.
        if (out.role_ && !own.media.empty() && own.media[0].transport.setup == sdp::Setup::actpass
            && i < own.media.size())
            said = unite(said, complement(senders_of(own, i, out.options_.role)));
        out.set_limit(i, said);
    }
    return out;
}

Role Renegotiation::peer_role() const noexcept
{
    return other(options_.role);
}

PlanFor Renegotiation::plan_for(Slots& slots) const
{
    return { .writer = options_.role,
             .sid = options_.sid,
             .slots = slots,
             .removal = options_.removal,
             .extension = options_.extension,
             .association = options_.association,
             .held = own_hold_,
             .limits = limits_,
             .transport = options_.transport };
}

ToSdp Renegotiation::to_sdp_for(Slots& slots, const sdp::Description& current) const
{
    return { .writer = peer_role(),
             .slots = slots,
             .current = &current,
             .trust = options_.trust,
             .audience = options_.audience,
             .origin = current.origin };
}

/// RFC 9429, 5.2.2: one version more for each description of a side.
sdp::Origin Renegotiation::next_origin()
{
    auto origin = peer_.value().origin;
    origin.sess_version = number_text(static_cast<std::uint32_t>(++version_), *turn_);
    return origin;
}

void Renegotiation::begin_turn()
{
    turn_->reset();
    retired_.clear();
}

/// The actions of this turn may still look into the old one.
void Renegotiation::replace(KeptDescription& old, KeptDescription&& now)
{
    retired_.push_back(std::exchange(old, std::move(now)));
}

void Renegotiation::set_limit(std::size_t index, Senders senders)
{
    if (limits_.size() <= index)
        limits_.resize(index + 1, Senders::both);
    limits_[index] = senders;
}

bool Renegotiation::count_round(Time now)
{
    while (!rounds_.empty() && now - rounds_.front() >= std::chrono::minutes{ 1 })
        rounds_.pop_front();
    if (rounds_.size() >= max_rounds)
        return false;
    rounds_.push_back(now);
    return true;
}

void Renegotiation::queue(const std::vector<Step>& steps)
{
    for (const auto& step : steps)
        out_.push_back({ written(step.request), step.request.action, step.expects, step.index });
}

/// The next request goes out when the one before has its result.
void Renegotiation::pump(Actions& actions, Time now)
{
    if (in_flight_)
        return;
    if (!out_.empty()) {
        in_flight_ = std::move(out_.front());
        out_.pop_front();
        if (const auto request = read_back(in_flight_->xml, *turn_))
            actions.emplace_back(Send{ *request });
        return;
    }
    if (state_ == State::offering && open_.empty())
        finish_own_offer(actions, now);
    if (state_ == State::stable && window_end_ && *window_end_ <= now)
        show_offer(actions, now);
}

// --- the SDP side offers -----------------------------------------------------------------------------

Actions Renegotiation::own_offer(const sdp::Description& offer, Time now)
{
    begin_turn();
    Actions actions;
    const auto refuse = [&](base::Error why) {
        actions.emplace_back(RollBack{ std::move(why) });
        return actions;
    };
    if (state_ == State::offering)
        return refuse(error(base::Errc::unsupported, "an offer is being answered"));
    if (state_ == State::offered && options_.role == Role::responder)
        return refuse(error(base::Errc::unsupported, "the other side offered first"));
    if (state_ == State::offered) {  // theirs is shown again when this is done
        slots_ = before_;
        incoming_.insert(incoming_.begin(), being_shown_.begin(), being_shown_.end());
        window_end_ = now;
        state_ = State::stable;
    }
    if (!count_round(now))
        return refuse(error(base::Errc::too_long, "too many renegotiations"));
    const auto changes = diff({ own_.value(), &peer_.value(), old_ufrags_ }, offer, *turn_);
    if (!changes)
        return refuse(changes.error());
    begin_own_offer(actions, offer, *changes, now);
    return actions;
}

void Renegotiation::begin_own_offer(Actions& actions, const sdp::Description& offer, const Changes& changes,
                                    Time now)
{
    before_ = slots_;
    auto slots = slots_;
    const auto refuse = [&](const base::Error& why) { actions.emplace_back(RollBack{ why }); };
    const auto steps = plan(own_.value(), offer, changes, plan_for(slots), *turn_);
    if (!steps && std::all_of(offer.media.begin(), offer.media.end(), sdp::is_rejected)) {
        actions.emplace_back(End{ Condition::success, Tell::yes });
        return;
    }
    if (!steps)
        return refuse(steps.error());
    const auto adds = std::count_if(steps->begin(), steps->end(), [](const Step& step) {
        return step.request.action == jingle::Action::content_add;
    });
    if (static_cast<std::size_t>(adds) > max_open_adds)
        return refuse(error(base::Errc::too_long, "too many new m-lines at once"));
    if (out_.size() + steps->size() > max_queued)
        return refuse(error(base::Errc::too_long, "too many changes at once"));
    auto next = KeptDescription::copy(offer);
    if (!next)
        return refuse(next.error());
    own_next_ = *std::move(next);
    slots_ = std::move(slots);
    undo_.clear();
    if (const auto ready = expect_answers(changes); !ready) {
        slots_ = before_;
        return refuse(ready.error());
    }
    state_ = State::offering;
    answer_deadline_.reset();
    queue(*steps);
    pump(actions, now);
}

/// What the other side will have said when nothing is refused: new m-lines stand in for their answers.
base::Result<void> Renegotiation::expect_answers(const Changes& changes)
{
    auto expected = peer_.value();
    expected.media = {};
    const auto& offer = own_next_.value();
    for (std::size_t i = 0; i < offer.media.size(); ++i) {
        const auto change
            = std::find_if(changes.begin(), changes.end(), [&](const auto& c) { return c.index == i; });
        const auto is_new = change != changes.end()
            && (change->added || change->remade
                || (change->extended && options_.extension == Extension::remake));
        const auto is_known = i < peer_.value().media.size() && !is_new && is_live(offer, i);
        expected.media.push_back(*turn_, is_known ? peer_.value().media[i] : offer.media[i]);
        if (is_new)
            set_limit(i, Senders::both);
    }
    TRY(peer_next_, KeptDescription::copy(expected));
    return {};
}

void Renegotiation::finish_own_offer(Actions& actions, Time)
{
    auto said = peer_next_.value();
    said.media = {};
    for (std::size_t i = 0; i < peer_next_.value().media.size(); ++i) {
        auto media = peer_next_.value().media[i];
        if (is_live_rtp(media) && i < limits_.size())
            media.transport.direction = to_direction(limits_[i], peer_role());
        said.media.push_back(*turn_, media);
    }
    const auto answer = as_answer(said, own_next_.value(), opposite(role_), next_origin(), *turn_);
    for (const auto& media : own_.value().media)
        if (media.transport.ice_ufrag && old_ufrags_.size() < max_old_ufrags)
            old_ufrags_.emplace_back(*media.transport.ice_ufrag);
    for (const auto& media : own_next_.value().media)
        if (media.transport.ice_ufrag)
            std::erase(old_ufrags_, *media.transport.ice_ufrag);
    own_hold_ = is_on_hold(own_next_.value()) ? Hold::yes : Hold::no;
    if (auto kept = KeptDescription::copy(answer))
        replace(peer_, *std::move(kept));
    replace(own_, std::move(own_next_));
    state_ = State::stable;
    answer_deadline_.reset();
    undo_.clear();
    actions.emplace_back(ShowAnswer{ answer });
}

/// What went out is taken back: an unanswered or accepted content-add by content-remove, a direction by the
/// contrary one. An ICE restart cannot be undone: the next one makes it good.
void Renegotiation::abandon_own_offer(Actions& actions, base::Error why, Time now)
{
    out_.clear();
    open_.clear();
    std::reverse(undo_.begin(), undo_.end());
    out_.insert(out_.end(), undo_.begin(), undo_.end());
    undo_.clear();
    slots_ = before_;
    state_ = State::stable;
    answer_deadline_.reset();
    actions.emplace_back(RollBack{ std::move(why) });
    pump(actions, now);
}

Actions Renegotiation::own_rollback(Time now)
{
    begin_turn();
    Actions actions;
    if (state_ == State::offering)
        abandon_own_offer(actions, error(base::Errc::unsupported, "taken back"), now);
    return actions;
}

Actions Renegotiation::replied(Reply reply, Time now)
{
    begin_turn();
    Actions actions;
    if (!in_flight_)
        return actions;
    const auto done = *std::exchange(in_flight_, std::nullopt);
    if (reply == Reply::unknown_session)
        return { End{ Condition::gone, Tell::no } };
    const auto ours = state_ == State::offering;
    if (ours && reply != Reply::result && done.expects != Expects::result) {
        abandon_own_offer(actions, error(base::Errc::unsupported, "refused by the other side"), now);
        return actions;
    }
    if (ours && reply == Reply::tie_break) {
        abandon_own_offer(actions, error(base::Errc::unsupported, "both sides at once"), now);
        return actions;
    }
    // Errors to anything else are no reason to stop: clients refuse what they do not know.
    if (ours) {
        const auto& slot = slots_[std::min(done.index, slots_.size() - 1)];
        if (done.action == jingle::Action::content_add) {
            const auto undo = remove_step(slot, done.index, options_.transport, options_.sid, *turn_);
            undo_.push_back({ written(undo.request), undo.request.action, Expects::result, done.index });
        } else if (done.action == jingle::Action::content_modify && done.index < before_.size()) {
            const auto senders = intersect(senders_of(own_.value(), done.index, options_.role),
                                           done.index < limits_.size() ? limits_[done.index] : Senders::both);
            const auto undo = modify_step(before_[done.index], done.index, senders, options_.sid, *turn_);
            undo_.push_back({ written(undo.request), undo.request.action, Expects::result, done.index });
        }
        if (done.expects != Expects::result) {
            open_.push_back(done);
            answer_deadline_ = now + options_.answer_limit;
        }
    }
    pump(actions, now);
    return actions;
}

// --- the Jingle side acts ----------------------------------------------------------------------------

Actions Renegotiation::received(const Jingle& request, Time now)
{
    begin_turn();
    switch (request.action) {
    case jingle::Action::content_accept:
    case jingle::Action::content_reject: return received_answer(request, now);
    case jingle::Action::transport_info: return received_transport(request, now);
    case jingle::Action::content_add:
    case jingle::Action::content_modify:
    case jingle::Action::content_remove:
    case jingle::Action::description_info: return received_change(request, now);
    case jingle::Action::session_info: return received_info(request, now);
    case jingle::Action::security_info:
    case jingle::Action::session_accept:
    case jingle::Action::session_initiate:
    case jingle::Action::session_terminate:
    case jingle::Action::transport_accept:
    case jingle::Action::transport_reject:
    case jingle::Action::transport_replace: break;
    }
    return {};
}

/// An answer may overtake the result of the IQ it answers.
Actions Renegotiation::received_answer(const Jingle& request, Time now)
{
    const auto expected = [&](const Outgoing& sent, const Content& content) {
        const auto& slot = slots_[sent.index];
        return sent.expects == Expects::content_answer && slot.name == content.name;
    };
    for (const auto& content : request.contents) {
        const auto is_open = std::any_of(open_.begin(), open_.end(),
                                         [&](const Outgoing& sent) { return expected(sent, content); });
        if (!is_open && !(in_flight_ && state_ == State::offering && expected(*in_flight_, content)))
            return { Refuse{ Refusal::out_of_order, "an answer to a content that was not offered" } };
    }
    auto slots = slots_;
    auto how = to_sdp_for(slots, peer_next_.value());
    how.offer = &own_next_.value();
    const auto next = apply(request, how, *turn_);
    if (!next)
        return { Refuse{ Refusal::bad_request, next.error().what } };
    auto kept = KeptDescription::copy(*next);
    if (!kept)
        return { Refuse{ Refusal::bad_request, kept.error().what } };
    for (const auto& content : request.contents) {
        std::erase_if(open_, [&](const Outgoing& sent) { return expected(sent, content); });
        if (in_flight_ && expected(*in_flight_, content))
            in_flight_->expects = Expects::result;
        const auto index = slots_.find_content(content.creator, content.name);
        if (!index || request.action != jingle::Action::content_accept)
            continue;
        const auto offered = senders_of(own_next_.value(), *index, options_.role);
        set_limit(*index, unite(answered_senders(offered, content.senders), complement(offered)));
    }
    slots_ = std::move(slots);
    replace(peer_next_, *std::move(kept));
    Actions actions{ Acknowledge{} };
    pump(actions, now);
    return actions;
}

Actions Renegotiation::received_transport(const Jingle& request, Time now)
{
    const auto offering = state_ == State::offering;
    const auto& current = offering ? peer_next_.value() : peer_.value();
    auto slots = slots_;
    if (!is_restart(request, slots_, current)) {
        const auto same = apply(request, to_sdp_for(slots, current), *turn_);
        if (!same && same.error().code == base::Errc::forbidden)
            return { Refuse{ Refusal::security, same.error().what } };
        return {};
    }
    const auto is_restart_of_ours
        = [](const Outgoing& sent) { return sent.expects == Expects::restart_answer; };
    const auto has_candidates = !request.contents.front().ice()->candidates.empty();
    const auto crossing = in_flight_ && is_restart_of_ours(*in_flight_) && !has_candidates;
    const auto open = std::any_of(open_.begin(), open_.end(), is_restart_of_ours)
        || (in_flight_ && is_restart_of_ours(*in_flight_));
    if (!offering || !open || crossing)
        return received_change(request, now);
    const auto next = apply(request, to_sdp_for(slots, current), *turn_);
    if (!next)
        return { Refuse{ Refusal::bad_request, next.error().what } };
    if (auto kept = KeptDescription::copy(*next))
        replace(peer_next_, *std::move(kept));
    const auto first = std::find_if(open_.begin(), open_.end(), is_restart_of_ours);
    if (first != open_.end())
        open_.erase(first);
    else
        in_flight_->expects = Expects::result;
    Actions actions{ Acknowledge{} };
    pump(actions, now);
    return actions;
}

bool Renegotiation::knows(const Content& content) const
{
    if (slots_.find_content(content.creator, content.name))
        return true;
    return std::any_of(incoming_.begin(), incoming_.end(), [&](const Incoming& waiting) {
        base::Arena arena;
        const auto request = read_back(waiting.xml, arena);
        return waiting.action == jingle::Action::content_add && request
            && std::any_of(request->contents.begin(), request->contents.end(),
                           [&](const Content& added) { return added.name == content.name; });
    });
}

/// The same action of ours, about the same content where it changes one, has no result yet.
bool Renegotiation::crosses(const Jingle& request) const
{
    if (!in_flight_ || state_ != State::offering || in_flight_->action != request.action)
        return false;
    if (request.action == jingle::Action::content_add)
        return true;
    if (request.action == jingle::Action::transport_info)
        return in_flight_->expects == Expects::restart_answer;
    const auto& slot = slots_[in_flight_->index];
    return request.action == jingle::Action::content_modify
        && std::any_of(request.contents.begin(), request.contents.end(),
                       [&](const Content& content) { return content.name == slot.name; });
}

std::optional<Refuse> Renegotiation::find_refusal(const Jingle& request, Time now)
{
    if (request.contents.empty())
        return Refuse{ Refusal::bad_request, "no content" };
    const auto is_add = request.action == jingle::Action::content_add;
    for (const auto& content : request.contents) {
        if (is_add == knows(content))
            return is_add ? Refuse{ Refusal::bad_request, "a content of that name is there" }
                          : Refuse{ Refusal::unknown_content, "content that is not known" };
        if (request.action == jingle::Action::content_modify && !content.senders)
            return Refuse{ Refusal::bad_request, "content-modify without senders" };
    }
    std::size_t adds = is_add ? request.contents.size() : 0;
    for (const auto& waiting : incoming_)
        adds += waiting.action == jingle::Action::content_add ? 1U : 0U;
    for (const auto& asked : asked_)
        adds += state_ == State::offered && asked.expects == Expects::content_answer ? 1U : 0U;
    if (incoming_.size() >= max_queued || (is_add && adds > max_open_adds))
        return Refuse{ Refusal::too_many, "too many requests wait" };
    while (!rounds_.empty() && now - rounds_.front() >= std::chrono::minutes{ 1 })
        rounds_.pop_front();
    if (rounds_.size() >= max_rounds)
        return Refuse{ Refusal::too_many, "too many renegotiations" };
    return std::nullopt;
}

Actions Renegotiation::received_change(const Jingle& request, Time now)
{
    if (const auto refusal = find_refusal(request, now))
        return { *refusal };
    if (crosses(request) && options_.role == Role::initiator)
        return { Refuse{ Refusal::tie_break, "both sides at once" } };
    auto actions = take_in(request, now);
    if (crosses(request)) {  // the initiator's stands; the error to ours means nothing more
        in_flight_->expects = Expects::result;
        abandon_own_offer(actions, error(base::Errc::unsupported, "both sides at once"), now);
    }
    return actions;
}

Actions Renegotiation::take_in(const Jingle& request, Time now)
{
    incoming_.push_back({ written(request), request.action });
    if (request.action != jingle::Action::description_info)  // a hint: it goes with the next offer
        open_window(now);
    return { Acknowledge{} };
}

void Renegotiation::open_window(Time now)
{
    if (!window_end_)
        window_end_ = now + window;
}

/// Hold of all media: the holdee stops sending.
Actions Renegotiation::received_info(const Jingle& request, Time now)
{
    const auto* info = request.info ? std::get_if<RtpInfo>(&*request.info) : nullptr;
    if (info == nullptr)
        return {};
    switch (info->kind) {
    case InfoKind::hold: peer_hold_ = Hold::yes; break;
    case InfoKind::active:
    case InfoKind::unhold: peer_hold_ = Hold::no; break;
    case InfoKind::mute:
    case InfoKind::ringing:
    case InfoKind::unmute: return {};
    }
    if (peer_hold_ != shown_hold_)
        open_window(now);
    return { Acknowledge{} };
}

// --- what it did becomes an offer --------------------------------------------------------------------

std::vector<Senders> Renegotiation::hold_limits(Hold hold, std::size_t count) const
{
    const auto limit = hold == Hold::yes ? sender(peer_role()) : Senders::both;
    return std::vector<Senders>(count, limit);
}

void Renegotiation::note_asked(const Jingle& request, std::size_t number)
{
    for (const auto& content : request.contents) {
        const auto index = slots_.find_content(content.creator, content.name);
        if (!index)
            continue;
        if (request.action == jingle::Action::content_add)
            asked_.push_back(
                { *index, number, content.senders.value_or(Senders::both), Expects::content_answer });
        else if (request.action == jingle::Action::transport_info && number == 0)
            asked_.push_back({ *index, number, Senders::both, Expects::restart_answer });
        else if (request.action == jingle::Action::content_remove)
            std::erase_if(asked_, [&](const Asked& asked) { return asked.index == *index; });
    }
}

void Renegotiation::note_senders(const Jingle& request)
{
    for (const auto& content : request.contents) {
        const auto index = slots_.find_content(content.creator, content.name);
        const auto tells = request.action == jingle::Action::content_add
            || request.action == jingle::Action::content_modify;
        if (index && tells)
            set_limit(*index, content.senders.value_or(Senders::both));
    }
}

/// All that has come, one after the other. What cannot be done is answered with content-reject, or left.
sdp::Description Renegotiation::apply_incoming(const sdp::Description& peer)
{
    auto said = peer;
    asked_.clear();
    auto restarted = false;
    std::size_t number = 0;
    for (const auto& waiting : incoming_) {
        const auto request = read_back(waiting.xml, *turn_);
        ++number;
        if (!request)
            continue;
        if (request->action == jingle::Action::content_remove)
            note_asked(*request, number);
        const auto next = apply(*request, to_sdp_for(slots_, said), *turn_);
        if (next) {
            said = *next;
            note_senders(*request);
            const auto restarts = request->action == jingle::Action::transport_info && !restarted;
            if (request->action == jingle::Action::content_add || restarts)
                note_asked(*request, restarts ? 0 : number);
            restarted = restarted || restarts;
        } else if (request->action == jingle::Action::content_remove) {
            return {};  // the last one
        } else if (request->action == jingle::Action::content_add) {
            auto reject = *request;
            reject.action = jingle::Action::content_reject;
            reject.groups = {};
            out_.push_back({ written(reject), reject.action, Expects::result, 0 });
        }
    }
    return said;
}

void Renegotiation::show_offer(Actions& actions, Time now)
{
    window_end_.reset();
    before_ = slots_;
    const auto& peer = peer_.value();
    const auto said = apply_incoming(peer);
    const auto origin = peer.origin;
    const auto count = said.media.size();
    const auto old = as_offer(peer, peer_role(), hold_limits(shown_hold_, count), origin, *turn_);
    auto offer = as_offer(said, peer_role(), hold_limits(peer_hold_, count), origin, *turn_);
    being_shown_.assign(incoming_.begin(), incoming_.end());
    incoming_.clear();
    if (std::all_of(said.media.begin(), said.media.end(), sdp::is_rejected)) {
        actions.emplace_back(End{ Condition::success, Tell::yes });
        return;
    }
    if (offer == old)  // hold and the direction that goes with it, for example
        return pump(actions, now);
    offer.origin = next_origin();
    auto kept = KeptDescription::copy(said);
    auto shown = KeptDescription::copy(offer);
    if (!kept || !shown || !count_round(now)) {
        slots_ = before_;
        return pump(actions, now);
    }
    replace(peer_next_, *std::move(kept));
    shown_ = *std::move(shown);
    shown_hold_ = peer_hold_;
    state_ = State::offered;
    actions.emplace_back(ShowOffer{ offer });
    pump(actions, now);
}

/// A direction that the answer keeps back is asked for again with the next offer; the second time the other
/// side is told.
void Renegotiation::add_narrowed(const sdp::Description& answer, std::vector<Step>& steps)
{
    narrowed_.resize(answer.media.size());
    for (std::size_t i = 0; i < answer.media.size(); ++i) {
        const auto is_asked = std::any_of(asked_.begin(), asked_.end(), [&](const Asked& asked) {
            return asked.index == i && asked.expects == Expects::content_answer;
        });
        if (is_asked || !is_live_rtp(answer.media[i]))
            continue;
        const auto offered = senders_of(shown_.value(), i, peer_role());
        const auto now = intersect(offered, senders_of(answer, i, options_.role));
        const auto before = intersect(senders_of(own_.value(), i, options_.role), offered);
        const auto is_narrower = now != offered && i < own_.value().media.size() && now != before;
        if (is_narrower && narrowed_[i])
            steps.push_back(modify_step(slots_[i], i, now, options_.sid, *turn_));
        narrowed_[i] = is_narrower;
    }
}

Actions Renegotiation::own_answer(const sdp::Description& said, Time now)
{
    begin_turn();
    Actions actions;
    if (state_ != State::offered)
        return actions;
    const auto answer = with_role(said, role_, *turn_);
    auto slots = slots_;
    auto steps = plan_answer(shown_.value(), answer, asked_, plan_for(slots), *turn_);
    auto kept = KeptDescription::copy(answer);
    if (!steps || !kept) {
        actions.emplace_back(RollBack{ !steps ? steps.error() : kept.error() });
        return actions;
    }
    slots_ = std::move(slots);
    add_narrowed(answer, *steps);
    for (const auto& step : *steps) {
        const auto is_bare = step.request.action == jingle::Action::transport_info
            && step.request.contents.front().ice()->candidates.empty()
            && !step.request.contents.front().ice()->gathering_complete;
        if (is_bare)
            restart_answer_
                = Outgoing{ written(step.request), step.request.action, Expects::result, step.index };
        else
            queue({ step });
    }
    replace(own_, *std::move(kept));
    replace(peer_, std::move(peer_next_));
    asked_.clear();
    being_shown_.clear();
    state_ = State::stable;
    pump(actions, now);
    return actions;
}

/// Conversations takes credentials without a candidate for a restart of our own (mapping 4.4): the answer
/// waits for the first.
Actions Renegotiation::own_candidates(const sdp::Description& fragment, Time now)
{
    begin_turn();
    Actions actions;
    if (!restart_answer_)
        return actions;
    auto answer = read_back(restart_answer_->xml, *turn_);
    auto slots = slots_;
    const auto trickled = from_sdp(fragment,
                                   { .action = jingle::Action::transport_info,
                                     .writer = options_.role,
                                     .sid = options_.sid,
                                     .slots = slots,
                                     .transport = options_.transport },
                                   *turn_);
    if (!answer || !trickled)
        return actions;
    auto& transport = *answer->contents.front().ice();
    for (const auto& content : trickled->contents)
        for (const auto& candidate : content.ice()->candidates)
            transport.candidates.push_back(*turn_, candidate);
    transport.gathering_complete = trickled->contents.front().ice()->gathering_complete;
    out_.push_back({ written(*answer), answer->action, Expects::result, restart_answer_->index });
    restart_answer_.reset();
    pump(actions, now);
    return actions;
}

// --- time --------------------------------------------------------------------------------------------

Actions Renegotiation::time_passed(Time now)
{
    begin_turn();
    Actions actions;
    if (answer_deadline_ && *answer_deadline_ <= now && state_ == State::offering) {
        abandon_own_offer(actions, error(base::Errc::missing, "no answer in time"), now);
        return actions;
    }
    pump(actions, now);
    return actions;
}

std::optional<Renegotiation::Time> Renegotiation::deadline() const
{
    if (state_ == State::offering)
        return answer_deadline_;
    if (state_ == State::stable && !in_flight_)
        return window_end_;
    return std::nullopt;
}

}  // namespace jingle
