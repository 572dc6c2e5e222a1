#include <catch2/catch.hpp>

#include "roster/caps_cache.hpp"
#include "xmpp/ns.hpp"

using namespace std::chrono_literals;
using roster::CapsCache;
using xmpp::Jid;

namespace {

const roster::Clock::time_point start{ 24h };

Jid jid(std::string_view text)
{
    return Jid::parse(text).value();
}

/// A client's answer and the caps it shows.
struct Client {
    base::Arena arena;
    xmpp::DiscoInfo info;
    std::string ver;
    std::string hash;

    explicit Client(std::string_view name, std::string_view hash_name = xmpp::Caps::sha1)
        : hash{ hash_name }
    {
        namespace ns = xmpp::ns;
        info.identities.push_back(arena, { "client", "phone", arena.copy(name), {} });
        for (const auto feature : { ns::jingle, ns::rtp, ns::rtp_audio, ns::ice_udp, ns::dtls })
            info.features.push_back(arena, feature);
        ver = xmpp::verification_hash(info, hash).value();
    }
    [[nodiscard]] xmpp::Caps caps() const { return { "urn:client", ver, hash }; }
};

}  // namespace

TEST_CASE("caps cache: one device is asked, all with the same caps are known", "[roster][caps_cache]")
{
    const Client client{ "Phone", GENERATE(as<std::string>{}, "sha-1", "sha-256", "sha-512") };
    CapsCache cache;
    const auto a = cache.shown(jid("a@x.test/1"), client.caps(), start);
    const auto b = cache.shown(jid("b@x.test/1"), client.caps(), start);
    CHECK(a == b);
    CHECK_FALSE(a->abilities);

    const auto question = cache.next_question(start);
    REQUIRE(question);
    CHECK(question->whom == jid("a@x.test/1"));
    CHECK(question->node == "urn:client#" + client.ver);
    CHECK_FALSE(cache.next_question(start));

    const auto outcome = cache.answered(*question, &client.info, start);
    CHECK(outcome.learnt == std::vector{ jid("a@x.test/1"), jid("b@x.test/1") });
    CHECK_FALSE(outcome.own);
    REQUIRE(b->abilities);
    CHECK(b->abilities->takes_calls());
    CHECK(b->abilities->name == "Phone");
    CHECK(cache.shown(jid("c@x.test/1"), client.caps(), start)->abilities);
    CHECK_FALSE(cache.next_question(start));
}

TEST_CASE("caps cache: who does not answer is followed by the next", "[roster][caps_cache]")
{
    const Client client{ "Phone" };
    CapsCache cache;
    const auto known = cache.shown(jid("a@x.test/1"), client.caps(), start);
    static_cast<void>(cache.shown(jid("b@x.test/1"), client.caps(), start));

    cache.answered(*cache.next_question(start), nullptr, start);
    const auto second = cache.next_question(start);
    REQUIRE(second);
    CHECK(second->whom == jid("b@x.test/1"));
    cache.answered(*second, nullptr, start);
    CHECK(cache.pending() == 0);

    // Nobody is left: a pause for who was asked last.
    cache.shown_again(jid("b@x.test/1"), client.caps(), known, start + 4min);
    CHECK_FALSE(cache.next_question(start + 4min));
    cache.shown_again(jid("b@x.test/1"), client.caps(), known, start + 5min);
    CHECK(cache.next_question(start + 5min));
}

TEST_CASE("caps cache: one who lies or is silent does not keep others unknown, many are a pause for all",
          "[roster][caps_cache][hostile]")
{
    const Client client{ "Phone" };
    CapsCache cache;
    unsigned asked = 0;
    const auto shows = [&](const std::string& user, roster::Clock::time_point now) {
        const auto known = cache.shown(jid(user + "@x.test/1"), client.caps(), now);
        if (const auto question = cache.next_question(now)) {
            ++asked;
            cache.answered(*question, nullptr, now);
        }
    };
    for (int i = 0; i < 100; ++i)
        shows("mallory" + std::to_string(i), start);
    CHECK(asked == CapsCache::max_in_vain);
    shows("alice", start + CapsCache::pause);
    shows("bob", start + CapsCache::pause);
    CHECK(asked == CapsCache::max_in_vain + 2);
}

TEST_CASE("caps cache: a lie counts for the liar alone", "[roster][caps_cache][hostile]")
{
    const Client honest{ "Phone" };
    const Client other{ "Something else" };
    CapsCache cache;
    static_cast<void>(cache.shown(jid("mallory@x.test/1"), honest.caps(), start));
    const auto known = cache.shown(jid("alice@x.test/1"), honest.caps(), start);

    const auto lie = cache.answered(*cache.next_question(start), &other.info, start);
    REQUIRE(lie.own);
    CHECK(lie.own->abilities->name == "Something else");
    CHECK(lie.learnt == std::vector{ jid("mallory@x.test/1") });
    CHECK_FALSE(known->abilities);

    const auto next = cache.next_question(start);
    CHECK(next->whom == jid("alice@x.test/1"));
    const auto truth = cache.answered(*next, &honest.info, start);
    CHECK(known->abilities->name == "Phone");
    CHECK(truth.learnt == std::vector{ jid("alice@x.test/1") });
}

TEST_CASE("caps cache: the same ver by another hash function is another thing",
          "[roster][caps_cache][hostile]")
{
    const Client client{ "Phone" };
    CapsCache cache;
    auto caps = client.caps();
    caps.hash = "sha-256";
    const auto forged = cache.shown(jid("mallory@x.test/1"), caps, start);
    cache.answered(*cache.next_question(start), &client.info, start);
    CHECK_FALSE(forged->abilities);
    CHECK_FALSE(cache.shown(jid("alice@x.test/1"), client.caps(), start)->abilities);
}

TEST_CASE("caps cache: what proves nothing is asked of each device", "[roster][caps_cache]")
{
    const Client client{ "Phone" };
    auto caps = std::optional{ client.caps() };
    const auto kind = GENERATE(0, 1, 2, 3);
    const std::string longest(CapsCache::max_ver + 1, 'v');
    if (kind == 0)
        caps.reset();
    else if (kind == 1)
        caps->hash = "";  // before 2007
    else if (kind == 2)
        caps->hash = "md5";
    else
        caps->ver = longest;
    CapsCache cache;
    const auto a = cache.shown(jid("a@x.test/1"), caps, start);
    const auto b = cache.shown(jid("b@x.test/1"), caps, start);
    const auto question = cache.next_question(start);
    CHECK(question->node.empty());
    cache.answered(*question, &client.info, start);
    CHECK(a->abilities);
    CHECK_FALSE(b->abilities);
    CHECK(cache.next_question(start)->whom == jid("b@x.test/1"));
    CHECK(cache.known() == 0);
}

TEST_CASE("caps cache: what is kept, asked and open is bounded", "[roster][caps_cache][hostile]")
{
    CapsCache cache;
    const auto number = CapsCache::max_known + 100;
    for (std::size_t i = 0; i < number; ++i) {
        const auto ver = "v" + std::to_string(i);
        static_cast<void>(
            cache.shown(jid("u" + std::to_string(i) + "@x.test/1"), xmpp::Caps{ "n", ver, "sha-1" }, start));
    }
    CHECK(cache.known() == CapsCache::max_known);
    CHECK(cache.pending() == CapsCache::max_pending);
    std::vector<CapsCache::Question> open;
    while (auto question = cache.next_question(start))
        open.push_back(*question);
    CHECK(open.size() == CapsCache::max_open);
    cache.answered(open.front(), nullptr, start);
    CHECK(cache.next_question(start));
    CHECK_FALSE(cache.next_question(start));
}

TEST_CASE("caps cache: who changes his caps all the time is not asked all the time",
          "[roster][caps_cache][hostile]")
{
    CapsCache cache;
    unsigned asked = 0;
    for (int i = 0; i < 1'000; ++i) {
        const auto ver = "v" + std::to_string(i);
        static_cast<void>(cache.shown(jid("mallory@x.test/1"), xmpp::Caps{ "n", ver, "sha-1" }, start));
        while (const auto question = cache.next_question(start)) {
            ++asked;
            cache.answered(*question, nullptr, start);
        }
    }
    CHECK(asked == CapsCache::questions_per_minute);
    CHECK(cache.pending() == 0);
}

TEST_CASE("caps cache: thousands with the same unanswered caps are one question",
          "[roster][caps_cache][hostile]")
{
    const Client client{ "Phone" };
    CapsCache cache;
    roster::KnowledgeRef last;
    for (int i = 0; i < 5'000; ++i)
        last = cache.shown(jid("u" + std::to_string(i) + "@x.test/1"), client.caps(), start);
    const auto outcome = cache.answered(*cache.next_question(start), &client.info, start);
    CHECK(last->abilities);
    CHECK(outcome.learnt.size() == CapsCache::max_candidates);
}
