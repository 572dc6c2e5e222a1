#include <catch2/catch.hpp>

#include "component/web/outbox.hpp"
#include "component/web/resume_token.hpp"

namespace {

using component::web::Outbox;
using namespace std::chrono_literals;
constexpr Outbox::Time start{ 1000s };
constexpr std::string_view frame = R"(,"method":"x","params":{}})";

}  // namespace

TEST_CASE("outbox: what is not acknowledged is replayed, in order", "[web][outbox]")
{
    Outbox outbox;
    CHECK(outbox.push(frame, start) == R"({"jsonrpc":"2.0","seq":1,"method":"x","params":{}})");
    outbox.push(frame, start);
    outbox.push(frame, start);
    outbox.acknowledge(1);

    CHECK(outbox.size() == 2);
    const auto missed = outbox.since(2);
    REQUIRE(missed);
    CHECK(missed->size() == 1);
    CHECK(missed->front().find(R"("seq":3)") != std::string::npos);
    CHECK(outbox.since(3)->empty());
    CHECK(outbox.since(1)->size() == 2);
    CHECK_FALSE(outbox.since(0));
    CHECK_FALSE(outbox.since(4));
}

TEST_CASE("outbox: it is bounded in frames, bytes and age", "[web][outbox]")
{
    Outbox outbox;
    for (std::size_t i = 0; i < Outbox::max_frames + 5; ++i)
        outbox.push(frame, start);
    CHECK(outbox.size() == Outbox::max_frames);
    CHECK_FALSE(outbox.since(4));
    CHECK(outbox.since(5)->size() == Outbox::max_frames);

    outbox.push(frame, start + Outbox::max_age + 1s);
    CHECK(outbox.size() == 1);

    const std::string large(Outbox::max_bytes / 2, 'x');
    for (int i = 0; i < 5; ++i)
        outbox.push(large, start + 100s);
    CHECK(outbox.size() == 1);
    outbox.push(std::string(Outbox::max_bytes + 1, 'x'), start + 100s);
    CHECK(outbox.size() == 0);
    CHECK_FALSE(outbox.since(outbox.seq() - 1));
    CHECK(outbox.since(outbox.seq())->empty());
}

TEST_CASE("resume token: it comes back as it was", "[web][resume_token]")
{
    using namespace component::web;
    ResumeToken token{ "id", 7, WallTime{ 5ms }, "https://www.test", {} };
    token.identity = { Identity::Kind::guest,
                       xmpp::Jid::parse("a@b.test"),
                       "shop",
                       "N \"x\"",
                       "bob@x.test",
                       "Bob",
                       std::vector<std::string>{ "*@x.test", "*" },
                       { .audio = false, .video = true },
                       2,
                       WallTime{ 9ms } };
    CHECK(ResumeToken::parse(token.to_text()) == token);
    token.identity.may_call.emplace();  // nobody, and not: whoever the policy allows
    CHECK(ResumeToken::parse(token.to_text()) == token);
    token.identity.may_call.reset();
    CHECK(ResumeToken::parse(token.to_text()) == token);
    const ResumeToken plain{ "id", 0, WallTime{}, {}, {} };
    CHECK(ResumeToken::parse(plain.to_text()) == plain);
    CHECK_FALSE(ResumeToken::parse(""));
    CHECK_FALSE(ResumeToken::parse("[]"));
    CHECK_FALSE(ResumeToken::parse("{}"));
    CHECK_FALSE(ResumeToken::parse(R"({"v":2,"session":"x","generation":0,"issued":0,"max_calls":1})"));
}
