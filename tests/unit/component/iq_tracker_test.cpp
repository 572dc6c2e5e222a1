#include <catch2/catch.hpp>

#include "base/arena.hpp"
#include "component/iq_tracker.hpp"
#include "xmpp/ns.hpp"

using namespace std::chrono_literals;
using component::IqTracker;

namespace {

const IqTracker::Clock::time_point start{};
const auto bob = *xmpp::Jid::parse("bob@example.org/phone");

/// What happened to the requests, in order: their name and "result", "error" or "none".
struct Outcomes {
    std::vector<std::string> all;

    IqTracker::Done note(std::string name)
    {
        return [this, name = std::move(name)](const xmpp::Element* reply) {
            all.push_back(name + " "
                          + (reply != nullptr ? std::string{ reply->attribute_or_empty("type") } : "none"));
        };
    }
};

struct Answer {
    base::Arena arena;
    xmpp::Element* element;

    Answer(std::string_view id, std::string_view from, std::string_view type, std::string_view name = "iq")
        : element{ xmpp::Element::create(arena, name, xmpp::ns::component) }
    {
        element->set(arena, "id", arena.copy(id));
        element->set(arena, "from", from);
        element->set(arena, "type", type);
    }
};

}  // namespace

TEST_CASE("iq tracker: an answer goes to its request, once", "[component][iq_tracker]")
{
    const auto type = GENERATE(as<std::string>{}, "result", "error");
    IqTracker tracker{ "own-" };
    Outcomes outcomes;
    const auto id = tracker.track(bob, start + 10s, outcomes.note("a"));
    REQUIRE(id);
    const Answer answer{ *id, "Bob@EXAMPLE.org/phone", type };  // as an unprepared server hands it over

    CHECK(tracker.take(*answer.element));
    CHECK_FALSE(tracker.take(*answer.element));

    CHECK(outcomes.all == std::vector<std::string>{ "a " + type });
    CHECK(tracker.size() == 0);
    CHECK_FALSE(tracker.deadline());
}

TEST_CASE("iq tracker: what is not the answer is left alone", "[component][iq_tracker]")
{
    IqTracker tracker{ "own-" };
    Outcomes outcomes;
    const auto id = tracker.track(bob, start + 10s, outcomes.note("a"));
    REQUIRE(id);

    CHECK_FALSE(tracker.take(*Answer{ *id, "mallory@example.org/phone", "result" }.element));
    CHECK_FALSE(tracker.take(*Answer{ *id, "bob@example.org/other", "result" }.element));
    CHECK_FALSE(tracker.take(*Answer{ *id, "", "result" }.element));
    CHECK_FALSE(tracker.take(*Answer{ *id + "0", bob.full(), "result" }.element));
    CHECK_FALSE(tracker.take(*Answer{ "0", bob.full(), "result" }.element));
    CHECK_FALSE(tracker.take(*Answer{ *id, bob.full(), "get" }.element));
    CHECK_FALSE(tracker.take(*Answer{ *id, bob.full(), "result", "message" }.element));

    CHECK(outcomes.all.empty());
    CHECK(tracker.size() == 1);
}

TEST_CASE("iq tracker: what is not answered ends at its deadline, the earliest first",
          "[component][iq_tracker]")
{
    IqTracker tracker{ "own-" };
    Outcomes outcomes;
    const auto late = tracker.track(bob, start + 20s, outcomes.note("late"));
    const auto soon = tracker.track(bob, start + 10s, outcomes.note("soon"));
    REQUIRE((late && soon && *late != *soon));
    CHECK(tracker.deadline() == start + 10s);

    tracker.expire(start + 9s);
    CHECK(outcomes.all.empty());
    tracker.expire(start + 10s);
    CHECK(outcomes.all == std::vector<std::string>{ "soon none" });
    CHECK(tracker.deadline() == start + 20s);
    tracker.expire(start + 30s);
    CHECK(outcomes.all == std::vector<std::string>{ "soon none", "late none" });
}

TEST_CASE("iq tracker: no more than the limit wait", "[component][iq_tracker]")
{
    IqTracker tracker{ "own-", 2 };
    Outcomes outcomes;
    CHECK(tracker.track(bob, start, outcomes.note("a")));
    CHECK(tracker.track(bob, start, outcomes.note("b")));
    CHECK_FALSE(tracker.track(bob, start, outcomes.note("c")));
    CHECK(outcomes.all.empty());
}

TEST_CASE("iq tracker: a continuation may ask again", "[component][iq_tracker]")
{
    IqTracker tracker{ "own-" };
    Outcomes outcomes;
    const auto again
        = [&](const xmpp::Element*) { CHECK(tracker.track(bob, start + 99s, outcomes.note("second"))); };
    CHECK(tracker.track(bob, start + 1s, again));
    CHECK(tracker.track(bob, start + 2s, outcomes.note("first")));

    SECTION("when its time is over")
    {
        tracker.expire(start + 5s);
        CHECK(outcomes.all == std::vector<std::string>{ "first none" });
    }
    SECTION("when the connection is gone")
    {
        tracker.expire_all();
        CHECK(outcomes.all == std::vector<std::string>{ "first none" });
    }
    CHECK(tracker.size() == 1);
    CHECK(tracker.deadline() == start + 99s);
}
