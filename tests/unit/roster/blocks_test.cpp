#include <catch2/catch.hpp>

#include "roster/blocks.hpp"

using roster::Block;
using roster::Blocks;
using xmpp::Jid;

namespace {

Jid jid(std::string_view text)
{
    return Jid::parse(text).value();
}

}  // namespace

TEST_CASE("blocks: a user's patterns hold for him, the operator's stand apart", "[roster][blocks]")
{
    Blocks blocks;
    const auto bob = jid("bob@b.test");
    REQUIRE(blocks.add({ bob, "Eve@X.test" }));
    REQUIRE(blocks.add({ bob, "spam.test" }));
    REQUIRE(blocks.add({ bob, "*.spam.test" }));
    REQUIRE(blocks.add({ std::nullopt, "mallory@x.test" }));

    CHECK(blocks.blocks("bob@b.test", jid("eve@x.test/pc")));
    CHECK(blocks.blocks("bob@b.test", jid("any@spam.test")));
    CHECK(blocks.blocks("bob@b.test", jid("any@a.b.spam.test")));
    CHECK_FALSE(blocks.blocks("bob@b.test", jid("adam@x.test")));
    CHECK_FALSE(blocks.blocks("bob@b.test", jid("mallory@x.test")));
    CHECK_FALSE(blocks.blocks("carol@b.test", jid("eve@x.test")));
    CHECK(blocks.blocks("", jid("mallory@x.test")));
    CHECK(blocks.of("bob@b.test") == std::vector<std::string>{ "*.spam.test", "*@spam.test", "eve@x.test" });
}

TEST_CASE("blocks: each can be taken back, once", "[roster][blocks]")
{
    Blocks blocks;
    const Block block{ jid("bob@b.test"), "*" };
    REQUIRE(blocks.add(block));
    REQUIRE(blocks.add(block));
    CHECK(blocks.blocks("bob@b.test", jid("a@b.test")));
    CHECK(blocks.remove(block));
    CHECK_FALSE(blocks.remove(block));
    CHECK_FALSE(blocks.blocks("bob@b.test", jid("a@b.test")));
}

TEST_CASE("blocks: what is no pattern, and one too many, are refused", "[roster][blocks]")
{
    Blocks blocks;
    const auto bob = jid("bob@b.test");
    CHECK_FALSE(blocks.add({ bob, "a@b@c" }));
    CHECK_FALSE(blocks.remove({ bob, "a@b@c" }));
    for (std::size_t i = 0; i < Blocks::max_of_user; ++i)
        REQUIRE(blocks.add({ bob, "u" + std::to_string(i) + "@x.test" }));
    CHECK_FALSE(blocks.add({ bob, "more@x.test" }));
    CHECK(blocks.add({ bob, "u0@x.test" }));
}
