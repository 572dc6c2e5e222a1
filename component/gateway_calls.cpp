#include "base/release.hpp"
#include "component/gateway.hpp"
#include "component/log.hpp"
#include "component/missed_calls.hpp"
#include "jingle/call/xmpp_leg.hpp"
#include "roster/contact.hpp"

// What a turn of the calls puts out is carried out, held for the journal and recorded; calls are taken up
// after a restart; their time passes.

namespace component {

using jingle::call::Turn;

void Gateway::with_calls(const std::function<void(jingle::call::Calls&, jingle::call::Turn&)>& what)
{
    // An arena of its own: a page may speak while a stanza is being answered.
    base::Arena arena;
    Turn now{ arena, jingle::call::Clock::now() };
    watch_backlog();
    what(calls_, now);
    perform(now);
    flush();
    arm_timer();
}

/// A server that is given more than it takes is lost with all that waits for it in the end, the words of the
/// running calls among it. So it gets no new calls before that.
void Gateway::watch_backlog()
{
    if (!backlog_.update(link_.unsent()))
        return;
    const auto refused = calls_.counts().refused_lagging;
    calls_.set_pace(backlog_.lags() ? jingle::call::Pace::lags : jingle::call::Pace::keeps_up);
    if (backlog_.lags())
        log::warning(log::no_call,
                     "the server does not keep up: {} bytes wait for it; new calls are refused, the running "
                     "ones go on",
                     link_.unsent());
    else
        log::warning(log::no_call,
                     "new calls are let in again; {} were refused while the server did not keep up",
                     refused - refused_before_);
    refused_before_ = refused;
}

void Gateway::perform(Turn& turn)
{
    const auto now = std::chrono::floor<std::chrono::milliseconds>(WallTime::clock::now());
    // By number: what a page makes of an output puts out more.
    std::size_t changed = 0;
    for (std::size_t i = 0; i < turn.outputs.size(); ++i) {
        for (; changed < turn.changed.size(); ++changed)
            journal_.changed(turn.changed[changed]->id());
        const auto done = turn.outputs[i];
        notes_.take(*done.call, done.output, now);
        if (const auto* noted = std::get_if<jingle::call::Noted>(&done.output);
            noted != nullptr && noted->step == jingle::call::Step::ended)
            tell_missed(*done.call, turn.arena);
        const auto leg = leg_of(done.output);
        if (!done.call->leg(leg).is_page(domain_) && !link_.online())
            parking_.take(done, calls_, turn);
        else if (!done.call->leg(leg).is_page(domain_))
            jingle::call::append_stanza(journal_.holds(done.call->id()) ? journal_.stanzas(done.call->id())
                                                                        : link_.out(),
                                        *done.call, done.output, turn.arena);
        else if (pages_ != nullptr)
            pages_->hear(done, leg, calls_, turn);
    }
    for (const auto& refusal : turn.refusals)
        notes_.take(refusal, now);
    for (; changed < turn.changed.size(); ++changed)
        journal_.changed(turn.changed[changed]->id());
    for (const auto& id : turn.forgotten)
        journal_.forget(id);
    if (pages_ != nullptr)
        pages_->forget_ended();
}

void Gateway::tell_missed(const jingle::call::Call& call, base::Arena& arena)
{
    const auto* record = tells_missed_calls_ ? recorder_.records().find(call.id().bytes) : nullptr;
    if (record == nullptr)
        return;
    for (auto& missed : missed_calls(call, *record)) {
        if (!tells_missed_calls_(missed.callee))
            continue;
        const auto contact = roster::contact_of(missed.contact);
        const auto name = answers_.name_of(missed.contact).value_or(std::string{});
        if (contact)
            missed.caller = contact->user.bare();
        else if (!name.empty())
            missed.caller = name;
        send(Answers::missed_call(missed, arena));
    }
}

std::optional<std::string> Gateway::row_of(const jingle::call::CallId& id) const
{
    const auto* call = calls_.find(id);
    if (call == nullptr || (call->is_ended() && !call->owes_farewell()))
        return std::nullopt;
    const jingle::call::Moment now{ jingle::call::Clock::now(),
                                    std::chrono::floor<std::chrono::milliseconds>(WallTime::clock::now()) };
    JournalRow row;
    row.call = calls_.write(*call, now);
    for (jingle::call::LegIndex i = 0; pages_ != nullptr && i < call->leg_count(); ++i)
        if (call->leg(i).is_page(domain_))
            if (auto bytes = pages_->write(call->leg(i)))
                row.pages.push_back({ i, *std::move(bytes) });
    return row.write();
}

/// The rows of this turn are put, and what does not wait for them goes.
void Gateway::flush()
{
    recorder_.commit();
    if (journal_.has_news())
        journal_.commit([this](const auto& id) { return row_of(id); },
                        [this](const std::string& stanzas) {
                            if (!link_.online())
                                return parking_.keep(stanzas);
                            link_.out() += stanzas;
                            link_.flush();
                        });
    link_.flush();
}

void Gateway::finish()
{
    flush();
    link_.out() += journal_.release_all();
    link_.flush();
}

void Gateway::restore(std::vector<JournalEntry> rows)
{
    const jingle::call::Moment now{ jingle::call::Clock::now(),
                                    std::chrono::floor<std::chrono::milliseconds>(WallTime::clock::now()) };
    std::size_t unread = 0;
    calls_.reserve(rows.size());
    for (auto& row : rows) {
        const auto restored = restore(row, now);
        base::release(row.state);  // what is made of the next may take its room
        if (restored)
            continue;
        ++unread;
        notes_.give_up(row.call, now.wall);
        if (store_ != nullptr)
            store_->set_aside(row.call);
    }
    if (rows.size() > unread)
        log::info(log::no_call, "journal: {} calls go on where they were", rows.size() - unread);
    if (unread > 0)
        log::error(
            log::no_call,
            "journal: {} calls cannot be read (damaged, or of another version) and are given up; their "
            "rows are kept in the table journal_unread",
            unread);
}

bool Gateway::restore(const JournalEntry& row, const jingle::call::Moment& now)
{
    const auto read = JournalRow::read(row.state);
    if (!read)
        return false;
    const auto call = calls_.restore(read->call, now);
    if (!call || (*call)->id().bytes != row.call)
        return false;
    notes_.take_up(**call, now.wall);
    for (const auto& page : read->pages)
        if (pages_ != nullptr)
            if (const auto restored = pages_->restore(**call, page.leg, page.bytes, now.steady + page_return);
                !restored)
                log::warning(log::Call{ (*call)->id().to_string() }, "journal: its page is lost: {}",
                             restored.error().what);
    return true;
}

void Gateway::arm_timer()
{
    auto deadline = calls_.deadline(server());
    if (pages_ != nullptr)
        if (const auto due = pages_->deadline(); due && (!deadline || *due < *deadline))
            deadline = due;
    if (const auto due = questions_.deadline(); due && (!deadline || *due < *deadline))
        deadline = due;
    if (confirmations_ != nullptr)
        if (const auto due = confirmations_->deadline(); due && (!deadline || *due < *deadline))
            deadline = due;
    // A timer that is too early costs one look at the calls; moving it each time a call goes on costs more.
    if (!deadline || *deadline >= armed_)
        return;
    armed_ = *deadline;
    call_timer_.expires_at(*deadline);
    call_timer_.async_wait([this](error_code error) {
        if (!error)
            on_timer();
    });
}

void Gateway::on_timer()
{
    armed_ = jingle::call::Time::max();
    auto now = turn();
    calls_.pass_time(now, server());
    if (pages_ != nullptr)
        pages_->pass_time(calls_, now);
    perform(now);
    questions_.expire(IqTracker::Clock::now());
    if (confirmations_ != nullptr)
        confirmations_->expire(Confirmations::Clock::now());
    arena_.reset();
    flush();
    arm_timer();
}

}  // namespace component
