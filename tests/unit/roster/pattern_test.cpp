#include <catch2/catch.hpp>

#include "roster/pattern.hpp"

using roster::Pattern;
using xmpp::Jid;

TEST_CASE("pattern: each form means whom it says", "[roster][pattern]")
{
    const auto [text, user, matches] = GENERATE(table<std::string, std::string, bool>({
        { "*", "a@b.test", true },
        { "bob@b.test", "bob@b.test", true },
        { "Bob@B.test", "bob@b.test", true },
        { "bob@b.test", "bob@b.test/phone", true },
        { "bob@b.test", "eve@b.test", false },
        { "bob@b.test", "bob@x.b.test", false },
        { "*@b.test", "eve@b.test", true },
        { "*@b.test", "eve@x.b.test", false },
        { "b.test", "eve@b.test", true },
        { "b.test", "eve@c.test", false },
        { "*.b.test", "eve@x.b.test", true },
        { "*.b.test", "eve@y.x.b.test", true },
        { "*.b.test", "eve@b.test", false },
        { "*.b.test", "eve@xb.test", false },
    }));
    CAPTURE(text, user);
    CHECK(Pattern::parse(text).value().matches(Jid::parse(user).value()) == matches);
}

TEST_CASE("pattern: what is none of the four forms is refused", "[roster][pattern]")
{
    const auto text
        = GENERATE(values<std::string>({ "", "*@", "*.", "@b.test", "bob@b.test/phone", "b*@b.test",
                                         "*.*.test", "*@a@b", "**", "*@*.b.test", "a b@c d" }));
    CAPTURE(text);
    CHECK_FALSE(Pattern::parse(text).has_value());
}

TEST_CASE("pattern: printed and read again it is the same", "[roster][pattern]")
{
    const auto text = GENERATE(values<std::string>({ "*", "bob@b.test", "*@b.test", "*.b.test" }));
    const auto pattern = Pattern::parse(text).value();
    CHECK(pattern.to_string() == text);
    CHECK(Pattern::parse(pattern.to_string()) == pattern);
}
