#include <catch2/catch.hpp>

#include "roster/policy.hpp"

using roster::Default;
using xmpp::Jid;

TEST_CASE("policy: open lets everybody call, local wants a served side", "[roster][policy]")
{
    const auto [caller, callee, local] = GENERATE(table<std::string, std::string, bool>({
        { "a@served.test", "b@other.test", true },
        { "b@other.test", "a@served.test", true },
        { "a@served.test", "b@served.test", true },
        { "a@other.test", "b@other.test", false },
        { "a@sub.served.test", "b@other.test", false },
    }));
    CAPTURE(caller, callee);
    const auto from = Jid::parse(caller).value();
    const auto to = Jid::parse(callee).value();
    CHECK(roster::Policy{ Default::local, { "served.test" } }.allows(from, to) == local);
    CHECK(roster::Policy{ Default::open, {} }.allows(from, to));
}
