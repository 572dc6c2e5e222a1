#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "jingle/adaptation.hpp"
#include "jingle/address.hpp"
#include "jingle/ascii.hpp"

namespace jingle {
namespace {

/// FNV-1a, so that a repeated candidate gets the same id on every machine.
class Hash {
public:
    Hash& add(std::string_view text)
    {
        for (const auto c : text)
            mix(static_cast<unsigned char>(c));
        mix(0xff);  // not in UTF-8: keeps "a" "bc" and "ab" "c" apart
        return *this;
    }
    Hash& add(std::uint32_t number)
    {
        for (unsigned shift = 0; shift < 32; shift += 8)
            mix(static_cast<unsigned char>(number >> shift));
        return *this;
    }
    [[nodiscard]] std::uint64_t value() const { return value_; }

private:
    void mix(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3U; }

    std::uint64_t value_ = 0xcbf29ce484222325U;
};

std::string_view decimal(std::uint64_t number, base::Arena& arena)
{
    std::array<char, 20> digits{};
    const auto* end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    return arena.copy({ digits.data(), static_cast<std::size_t>(end - digits.data()) });
}

/// "c" and twelve hex digits: an NCName, as XEP-0176 wants it.
std::string_view make_id(const Content& content, const Candidate& candidate, base::Arena& arena)
{
    auto rest = Hash{}
                    .add(content.name)
                    .add(candidate.component)
                    .add(candidate.protocol.value_or(""))
                    .add(candidate.ip)
                    .add(candidate.port)
                    .add(candidate.type.value_or(""))
                    .add(candidate.tcptype.value_or(""))
                    .add(candidate.generation.value_or(0))
                    .value();
    std::array<char, 13> id{ 'c' };
    for (auto digit = id.begin() + 1; digit != id.end(); ++digit, rest >>= 4)
        *digit = "0123456789abcdef"[rest & 0xf];
    return arena.copy({ id.data(), id.size() });
}

/// RFC 8445, 5.1.1.3: one for each type, base and protocol.
std::string_view make_foundation(const Candidate& candidate, base::Arena& arena)
{
    const auto hash = Hash{}
                          .add(candidate.type.value_or(""))
                          .add(candidate.rel_addr.value_or(candidate.ip))
                          .add(candidate.protocol.value_or("udp"));
    return decimal(hash.value() % 1'000'000'000, arena);
}

bool is_number(std::string_view text)
{
    return !text.empty() && text.size() <= 9
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

template <class Function>
void for_each_transport(Adaptation& work, Function function)
{
    for (auto& content : work.jingle.contents)
        if (auto* transport = content.ice())
            function(content, *transport);
}

template <class Predicate>
void drop_candidates(Adaptation& work, Trait trait, Predicate predicate)
{
    std::size_t gone = 0;
    auto silent = work.jingle.action == Action::transport_info;
    for_each_transport(work, [&](Content& content, Transport& transport) {
        transport.candidates.erase_if([&](const Candidate& candidate) {
            if (!predicate(candidate))
                return false;
            work.note(trait, &content, candidate.ip);
            ++gone;
            return true;
        });
        silent = silent && transport.candidates.empty() && !transport.gathering_complete;
    });
    // Credentials alone would look like an ICE restart.
    if (gone > 0 && silent && work.leg.restart == Restart::none)
        work.absorb("no candidate is left that the client can use");
}

int strength(const Fingerprint& fingerprint)
{
    constexpr std::array<std::string_view, 5> hashes{ "sha-1", "sha-224", "sha-256", "sha-384", "sha-512" };
    const auto* at = std::find_if(hashes.begin(), hashes.end(), [&](std::string_view hash) {
        return is_same_word(hash, fingerprint.hash);
    });
    return at == hashes.end() ? -1 : static_cast<int>(at - hashes.begin());
}

template <class Before>
void sort_fingerprints(Adaptation& work, Trait trait, Before before)
{
    for_each_transport(work, [&](Content& content, Transport& transport) {
        auto& fingerprints = transport.fingerprints;
        if (std::is_sorted(fingerprints.begin(), fingerprints.end(), before))
            return;
        std::stable_sort(fingerprints.begin(), fingerprints.end(), before);
        work.note(trait, &content, "order of the fingerprints");
    });
}

bool is_secured(const Content& content)
{
    if (content.senders == Senders::none || content.ice() == nullptr)
        return content.senders == Senders::none;
    return !content.ice()->fingerprints.empty();
}

}  // namespace

/// Towards all but who asks for it: Conversations skips such a candidate, Dino, Monal and QXmpp lose the
/// type.
void drop_tcp(Adaptation& work)
{
    drop_candidates(work, Trait::no_tcp_candidates,
                    [](const Candidate& c) { return is_same_word(c.protocol.value_or("udp"), "tcp"); });
}

// COMPAT(QXmpp: QHostAddress is null; Movim: its pattern has no hyphen; Dino): what is no literal is of no
// use there.
void drop_mdns(Adaptation& work)
{
    drop_candidates(work, Trait::no_mdns_candidates,
                    [](const Candidate& c) { return !is_literal(classify(c.ip)); });
}

/// XEP-0176, 9: id, generation, foundation and protocol are required. stanza.js leaves two out, which ends
/// the call at Monal and chan_motif.
void complete_candidates(Adaptation& work)
{
    for_each_transport(work, [&](Content& content, Transport& transport) {
        const auto is_ice = transport.kind != TransportKind::raw_udp;
        for (auto& candidate : transport.candidates) {
            const auto before = candidate;
            if (is_ice && !candidate.protocol)
                candidate.protocol = "udp";
            if (is_ice && !candidate.foundation)
                candidate.foundation = make_foundation(candidate, work.arena);
            if (!candidate.generation)
                candidate.generation = 0;
            if (!candidate.id)
                candidate.id = make_id(content, candidate, work.arena);
            if (candidate != before)
                work.note(Trait::complete_candidates, &content, candidate.ip);
        }
    });
}

// COMPAT(Siskin): the foundation is read as an unsigned number.
void number_foundations(Adaptation& work)
{
    for_each_transport(work, [&](Content& content, Transport& transport) {
        for (auto& candidate : transport.candidates) {
            if (is_number(candidate.foundation.value_or("")))
                continue;
            work.note(Trait::numeric_foundation, &content, candidate.foundation.value_or(""));
            candidate.foundation
                = decimal(Hash{}.add(candidate.foundation.value_or("")).value() % 1'000'000'000, work.arena);
        }
    });
}

// COMPAT(Conversations, Monal, Siskin): any content without ufrag, pwd and fingerprint ends the call, bundled
// or not.
void spread_credentials(Adaptation& work)
{
    if (!is_offer(work.jingle.action) && !is_answer(work.jingle.action))
        return;
    const auto is_complete = [](const Content& content) {
        return content.ice() != nullptr && content.ice()->ufrag && content.ice()->pwd;
    };
    for (const auto& group : work.jingle.groups) {
        if (group.semantics != "BUNDLE")
            continue;
        const auto is_member = [&](const Content& content) {
            return std::find(group.contents.begin(), group.contents.end(), content.name)
                != group.contents.end();
        };
        auto& contents = work.jingle.contents;
        const auto* source = std::find_if(contents.begin(), contents.end(), [&](const Content& content) {
            return is_member(content) && is_complete(content);
        });
        if (source == contents.end())
            continue;
        for (auto& content : contents) {
            if (!is_member(content) || is_complete(content)
                || std::holds_alternative<Opaque>(content.transport))
                continue;
            auto transport = content.ice() != nullptr ? *content.ice() : Transport{};
            transport.kind = source->ice()->kind;
            transport.ufrag = source->ice()->ufrag;
            transport.pwd = source->ice()->pwd;
            if (transport.fingerprints.empty())
                transport.fingerprints = source->ice()->fingerprints;
            if (transport.options.empty())
                transport.options = source->ice()->options;
            content.transport = transport;
            work.note(Trait::credentials_everywhere, &content, "credentials of the bundle");
        }
    }
}

// COMPAT(Conversations, Monal): candidates without pwd are refused; stanza.js trickles without it.
void repeat_credentials(Adaptation& work)
{
    for_each_transport(work, [&](Content& content, Transport& transport) {
        auto* known = work.contents.find(content.creator, content.name);
        if (transport.ufrag && transport.pwd) {
            if (known == nullptr)
                known = work.remember(content);
            if (known != nullptr) {
                known->ufrag = *transport.ufrag;
                known->pwd = *transport.pwd;
            }
            return;
        }
        const auto fits = known != nullptr && !known->pwd.empty() && !transport.candidates.empty()
            && transport.ufrag.value_or(known->ufrag) == known->ufrag;
        if (!fits)
            return;
        transport.ufrag = work.arena.copy(known->ufrag);
        transport.pwd = work.arena.copy(known->pwd);
        work.note(Trait::credentials_with_candidates, &content, "credentials beside candidates");
    });
}

// COMPAT(Conversations, Movim, Monal, Siskin, stanza.js, Jitsi): they are browsers or the same library;
// without DTLS the call ends there, or stays silent.
void require_dtls(Adaptation& work)
{
    if (!is_offer(work.jingle.action) && !is_answer(work.jingle.action))
        return;
    const auto& contents = work.jingle.contents;
    if (!std::all_of(contents.begin(), contents.end(), is_secured))
        work.refuse(xmpp::errors::security_required, Condition::security_error,
                    "the client wants DTLS, and a content has no fingerprint");
}

/// XEP-0320, 2: setup is required. Monal and Siskin end the call without it.
void write_setup(Adaptation& work)
{
    if (!is_offer(work.jingle.action) && !is_answer(work.jingle.action))
        return;
    const auto setup = is_offer(work.jingle.action) ? Setup::actpass : Setup::active;
    for_each_transport(work, [&](Content& content, Transport& transport) {
        for (auto& fingerprint : transport.fingerprints) {
            if (fingerprint.setup)
                continue;
            fingerprint.setup = setup;
            work.note(Trait::setup_always, &content, "setup");
        }
    });
}

// COMPAT(Dino): knows SHA-256 only and reads the first fingerprint.
void put_sha256_first(Adaptation& work)
{
    const auto is_sha256 = [](const Fingerprint& f) { return is_same_word(f.hash, "sha-256"); };
    sort_fingerprints(work, Trait::sha256_first, [&](const Fingerprint& a, const Fingerprint& b) {
        return is_sha256(a) && !is_sha256(b);
    });
}

// COMPAT(Conversations, Movim, QXmpp): the first fingerprint is the only one that is read.
void put_strongest_first(Adaptation& work)
{
    sort_fingerprints(work, Trait::strongest_fingerprint_first,
                      [](const Fingerprint& a, const Fingerprint& b) { return strength(a) > strength(b); });
}

// COMPAT(Conversations): checkForIceRestart takes new credentials without candidates for an offer, with
// candidates for an answer. Runs last: the requests of a split are whole.
void shape_restart(Adaptation& work)
{
    if (work.jingle.action != Action::transport_info || work.leg.restart == Restart::none)
        return;
    std::size_t candidates = 0;
    for_each_transport(work,
                       [&](Content&, Transport& transport) { candidates += transport.candidates.size(); });
    if (work.leg.restart == Restart::answer) {
        if (candidates == 0) {
            work.note(Trait::restart_by_shape, nullptr, "answer to an ICE restart");
            work.absorb(
                "the answer to the restart waits for its first candidate, which repeats the credentials");
        }
        return;
    }
    if (candidates == 0)
        return;
    auto* offer = work.arena.make<Jingle>(work.jingle);
    offer->contents = {};
    for (auto content : work.jingle.contents) {
        if (auto* transport = content.ice())
            transport->candidates.clear();
        offer->contents.push_back(work.arena, content);
    }
    work.result.requests = base::List<const Jingle*>{ work.arena, { offer, &work.jingle } };
    work.note(Trait::restart_by_shape, nullptr, "candidates beside new credentials");
    work.result.verdict = Verdict::split;
}

}  // namespace jingle
