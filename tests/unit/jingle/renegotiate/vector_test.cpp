#include <algorithm>
#include <array>
#include <initializer_list>

#include <catch2/catch.hpp>

#include "unit/jingle/renegotiate/peers.hpp"
#include "unit/jingle/renegotiate/sample.hpp"

using namespace peers;
using sample::replaced;

namespace {

std::string file(const std::string& name)
{
    return documents::slurp(std::filesystem::path{ TEST_DATA } / "vectors" / name);
}

/// The answer that stands for the other side in all of these.
std::string answer_of(const std::string& offer)
{
    auto text = replaced(offer, "actpass", "active");
    text = replaced(text, "8hhY", "pppp");
    text = replaced(text, "asd88fgpdd777uzjYhagZg1x", "pppppppppppppppppppppppp");
    text = replaced(text, "a=sendonly", "a=recvonly");
    return replaced(text, "2B:D8", "00:01");
}

std::string different(const std::string& vector, const std::string& xml)
{
    base::Arena arena;
    auto& wanted = *documents::parse(file(vector + ".jingle.xml"), arena);
    auto& got = *documents::parse(xml, arena);
    translate::number_candidates(wanted, arena);
    translate::number_candidates(got, arena);
    return documents::difference(wanted, got);
}

const std::string& audio_offer()
{
    static const std::string text = file("01-audio-opus-offer.sdp");
    return text;
}

}  // namespace

TEST_CASE("vectors 10 to 12: hold and unhold are a session-info and a content-modify",
          "[jingle][renegotiate][vectors]")
{
    Pair pair{ audio_offer(), answer_of(audio_offer()) };
    pair.offer(Role::initiator, file("10-hold-content-modify.sdp"));
    pair.settle();
    REQUIRE(pair.initiator.sent.size() == 2);
    CHECK(different("11-hold-session-info", pair.initiator.sent[0]) == "");
    CHECK(different("10-hold-content-modify", pair.initiator.sent[1]) == "");
    CHECK(translate::joined(lines::missing(file("10-hold-content-modify.sdp"), pair.responder.shown_offer))
          == "");
    pair.answer(Role::responder, answer_of(file("10-hold-content-modify.sdp")));
    pair.settle();

    pair.offer(Role::initiator, file("12-unhold-content-modify.sdp"));
    pair.settle();
    REQUIRE(pair.initiator.sent.size() == 2);
    CHECK(pair.initiator.sent[0].find("<unhold") != std::string::npos);
    CHECK(different("12-unhold-content-modify", pair.initiator.sent[1]) == "");
    CHECK(translate::joined(lines::missing(file("12-unhold-content-modify.sdp"), pair.responder.shown_offer))
          == "");
}

namespace {

constexpr std::array directions{ "sendrecv", "sendonly", "recvonly", "inactive" };

std::string with_direction(const std::string& text, const std::string& direction)
{
    for (const auto* old : directions)
        if (text.find(std::string{ "a=" } + old) != std::string::npos)
            return replaced(text, std::string{ "a=" } + old, "a=" + direction);
    return text + "a=" + direction + "\r\n";
}

bool has(const std::string& text, std::initializer_list<const char*> any)
{
    return std::any_of(any.begin(), any.end(), [&](const char* direction) {
        return text.find(std::string{ "a=" } + direction) != std::string::npos;
    });
}

/// Two pages as browsers are: who holds does not want to receive, whatever is offered.
struct Holders {
    Pair pair{ audio_offer(), answer_of(audio_offer()) };
    bool holds[2]{};

    void hold(Role by, bool yes)
    {
        holds[static_cast<int>(by)] = yes;
        const auto text = by == Role::initiator ? audio_offer() : answer_of(audio_offer());
        pair.offer(by,
                   replaced(with_direction(text, yes ? "sendonly" : "sendrecv"), "a=setup:active",
                            "a=setup:actpass"));
        pair.settle();
        const auto other = jingle::other(by);
        const auto& shown = pair.of(other).shown_offer;
        if (shown.empty())
            return;
        const auto sends = has(shown, { "sendrecv", "recvonly" });
        const auto receives = has(shown, { "sendrecv", "sendonly" }) && !holds[static_cast<int>(other)];
        const auto* direction
            = sends ? (receives ? "sendrecv" : "sendonly") : (receives ? "recvonly" : "inactive");
        const auto own = other == Role::initiator ? audio_offer() : answer_of(audio_offer());
        pair.answer(other, replaced(with_direction(own, direction), "a=setup:actpass", "a=setup:active"));
        pair.settle();
    }
};

}  // namespace

TEST_CASE("renegotiation: both sides hold and both go on, in whatever order", "[jingle][renegotiate][hold]")
{
    const auto first = GENERATE(Role::initiator, Role::responder);
    const auto first_back = GENERATE(Role::initiator, Role::responder);
    Holders pages;
    pages.hold(first, true);
    pages.hold(jingle::other(first), true);
    pages.hold(first_back, false);

    pages.hold(jingle::other(first_back), false);

    CHECK(has(pages.pair.of(first_back).shown_offer, { "sendrecv" }));
    CHECK(has(pages.pair.other_of(first_back).shown_answer, { "sendrecv" }));
}

TEST_CASE("vector 11: a hold alone is an offer that only sends, and is not doubled by its direction",
          "[jingle][renegotiate][vectors]")
{
    Pair pair{ audio_offer(), answer_of(audio_offer()) };
    pair.initiator.outbox.push_back(file("11-hold-session-info.jingle.xml"));
    pair.settle();
    const auto wanted = file("11-hold-session-info.sdp");
    CHECK(translate::joined(lines::missing(wanted, pair.responder.shown_offer)) == "");
    CHECK(translate::joined(lines::missing(pair.responder.shown_offer, wanted)) == "");
    pair.answer(Role::responder, answer_of(wanted));
    pair.settle();

    pair.responder.shown_offer.clear();
    pair.initiator.outbox.push_back(file("10-hold-content-modify.jingle.xml"));
    pair.settle();
    CHECK(pair.responder.shown_offer.empty());
}

TEST_CASE("vectors 33 and 50: a restart is asked for without candidates and answered with one",
          "[jingle][renegotiate][vectors]")
{
    Pair pair{ audio_offer(), answer_of(audio_offer()) };
    auto next = replaced(audio_offer(), "8hhY", "g7qs");
    next = replaced(next, "asd88fgpdd777uzjYhagZg1x", "bv71hdn38hgb39hf6xlk33aa");
    pair.offer(Role::initiator, next);
    pair.settle();
    REQUIRE(pair.initiator.sent.size() == 1);
    CHECK(different("33-ice-restart-offer", pair.initiator.sent[0]) == "");

    base::Arena arena;
    auto answer = answer_of(audio_offer());
    answer = replaced(answer, "pppppppppppppppppppppppp", "Qx7PpL2mVd9sRt4uYw1zAc5e");
    answer = replaced(answer, "pppp", "n3wB");
    auto& responder = pair.responder;
    responder.take(responder.state->own_answer(translate::parse_sdp(answer, arena), pair.now));
    CHECK(responder.sent.empty());  // no candidate yet
    const auto fragment_text = file("50-ice-restart-answer.sdp");
    const auto fragment = must(sdp::Description::parse_fragment(fragment_text, arena));
    responder.take(responder.state->own_candidates(fragment, pair.now));
    REQUIRE(responder.sent.size() == 1);
    CHECK(different("50-ice-restart-answer", responder.sent[0]) == "");
    pair.settle();
    CHECK(pair.initiator.shown_answer.find("a=ice-ufrag:n3wB") != std::string::npos);
    CHECK(pair.initiator.shown_answer.find("a=setup:active") != std::string::npos);
}

TEST_CASE("vector 34: a new m-line of the responder", "[jingle][renegotiate][vectors]")
{
    const auto whole = file("34-content-add-by-responder.sdp");
    const auto before = replaced(whole.substr(0, whole.find("m=video")), "BUNDLE 0 2", "BUNDLE 0");
    Pair pair{ audio_offer(), before };
    pair.offer(Role::responder, whole);
    pair.settle();
    REQUIRE(pair.responder.sent.size() == 1);
    CHECK(different("34-content-add-by-responder", pair.responder.sent[0]) == "");
}

TEST_CASE("vectors 30 to 32: candidates are no renegotiation", "[jingle][renegotiate][vectors]")
{
    const std::string name = GENERATE("30-transport-info-candidate", "32-transport-info-end-of-candidates");
    Pair pair{ audio_offer(), answer_of(audio_offer()) };
    base::Arena arena;
    CHECK(pair.responder.state->received(translate::read_jingle(file(name + ".jingle.xml"), arena), pair.now)
              .empty());
    CHECK_FALSE(pair.responder.state->deadline());
}
