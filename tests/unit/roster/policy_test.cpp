#include <array>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "roster/policy.hpp"

using roster::Attempt;
using roster::Default;
using roster::Pattern;
using roster::Policy;
using roster::Rule;
using roster::RuleAction;
using roster::RuleMedia;
using roster::RuleSet;
using roster::Standing;
using roster::Verdict;
using xmpp::Jid;

namespace {

/// "from > to [domain] [media] action", with * for what is not said.
Rule rule(std::string_view from, std::string_view to, RuleAction action, RuleMedia media = RuleMedia::any,
          std::string_view domain = {})
{
    return { Pattern::parse(from).value(), Pattern::parse(to).value(),
             domain.empty() ? std::nullopt : Pattern::parse(domain), media, action };
}

/// refused, rings, silent; with "+relay" when only relayed candidates may pass.
std::string told(const Verdict& verdict)
{
    constexpr std::array names{ "refused", "rings", "silent" };
    return std::string{ names[static_cast<std::size_t>(verdict.outcome)] }
    + (verdict.relay_only ? "+relay" : "") + ": " + verdict.rule;
}

using enum RuleAction;

/// The configurations that the table goes through.
const std::vector<Rule> no_rules;
const std::vector<Rule> many_rules{
    rule("*", "*", require_relay, RuleMedia::any, "far.test"),  // 1
    rule("friend@spam.test", "*", allow),  // 2
    rule("*@spam.test", "*", reject),  // 3
    rule("*.spam.test", "*", ring_silently),  // 4
    rule("*", "boss@served.test", reject, RuleMedia::video),  // 5
    rule("*", "boss@served.test", allow, RuleMedia::audio),  // 6
    rule("*@far.test", "*@served.test", allow),  // 7
    rule("*", "*", allow, RuleMedia::any, "partner.test"),  // 8
};

struct Row {
    Default by_default;
    const std::vector<Rule>* rules;
    std::string caller;
    std::string callee;
    bool video;
    Standing standing;
    std::string outcome;
};

const Standing line{ .callee_is_ours = true };
const Standing guest{ .caller_is_ours = true };
const Standing welcome{ .welcome = true };

}  // namespace

TEST_CASE("policy: who calls whom under which configuration", "[roster][policy]")
{
    using enum Default;
    const auto* none = &no_rules;
    const auto* many = &many_rules;
    const auto row = GENERATE_COPY(values<Row>({
        // The defaults alone.
        { open, none, "a@x.test", "b@y.test", false, {}, "rings: default open" },
        { local, none, "a@served.test", "b@y.test", false, {}, "rings: default local" },
        { local, none, "b@y.test", "a@served.test", true, {}, "rings: default local" },
        { local, none, "a@served.test", "b@also.test", false, {}, "rings: default local" },
        { local, none, "a@x.test", "b@y.test", false, {}, "refused: foreign to foreign" },
        { local, none, "a@x.test", "b@y.test", false, welcome, "refused: foreign to foreign" },
        { local, none, "a@sub.served.test", "b@y.test", false, {}, "refused: foreign to foreign" },
        { local, none, "a@x.test", "support@call.test", false, line, "rings: default local" },
        { local, none, "link@call.test", "b@y.test", false, guest, "rings: default local" },
        { roster::Default::roster, none, "a@served.test", "b@y.test", false, {}, "refused: default roster" },
        { roster::Default::roster, none, "a@served.test", "b@y.test", false, welcome,
          "rings: default roster" },
        { roster::Default::roster, none, "a@x.test", "b@y.test", false, welcome,
          "refused: foreign to foreign" },
        { allowlist, none, "a@served.test", "b@served.test", false, welcome, "refused: default allowlist" },
        // Rules, in their order, before the default.
        { local, many, "x@spam.test", "a@served.test", false, {}, "refused: rule 3" },
        { local, many, "friend@spam.test", "a@served.test", false, {}, "rings: rule 2" },
        { local, many, "x@mail.spam.test", "a@served.test", false, {}, "silent: rule 4" },
        { local, many, "a@x.test", "boss@served.test", true, {}, "refused: rule 5" },
        { local, many, "a@x.test", "boss@served.test", false, {}, "rings: rule 6" },
        { local, many, "a@far.test", "a@served.test", false, {}, "rings+relay: rule 7, relayed by rule 1" },
        { local,
          many,
          "a@served.test",
          "a@far.test",
          false,
          {},
          "rings+relay: default local, relayed by rule 1" },
        { local, many, "x@spam.test", "b@far.test", false, {}, "refused: foreign to foreign" },
        { local, many, "a@partner.test", "a@served.test", false, {}, "rings: rule 8" },
        { allowlist, many, "a@served.test", "a@partner.test", false, {}, "rings: rule 8" },
        { allowlist, many, "a@served.test", "a@y.test", false, {}, "refused: default allowlist" },
        { roster::Default::roster, many, "a@partner.test", "a@served.test", false, {}, "rings: rule 8" },
        // A relay alone allows nothing, and no rule makes an open relay.
        { allowlist, many, "a@served.test", "a@far.test", false, {}, "refused: default allowlist" },
        { local, many, "a@partner.test", "b@y.test", false, {}, "refused: foreign to foreign" },
        { allowlist, many, "a@partner.test", "b@y.test", false, {}, "refused: foreign to foreign" },
        { open, many, "a@partner.test", "b@y.test", false, {}, "rings: rule 8" },
        { open, many, "x@spam.test", "b@y.test", false, {}, "refused: rule 3" },
    }));
    CAPTURE(static_cast<int>(row.by_default), row.caller, row.callee, row.video, row.outcome);
    const Policy policy{ row.by_default, { "served.test", "also.test" }, RuleSet{ *row.rules } };
    const auto caller = Jid::parse(row.caller).value();
    const auto callee = Jid::parse(row.callee).value();

    const auto verdict = policy.judge({ caller, callee, row.video }, row.standing);

    CHECK(told(verdict) == row.outcome);
    if (!row.standing.caller_is_ours && !row.standing.callee_is_ours && !row.standing.welcome && !row.video)
        CHECK(policy.allows(caller, callee) == (verdict.outcome == Verdict::Outcome::rings));
}

namespace {

const std::array addresses{ "a@served.test",     "b@served.test", "a@x.test",       "b@x.test", "a@y.test",
                            "a@sub.served.test", "a@sub.x.test",  "c@y.sub.x.test", "x@z.test" };
const std::array patterns{ "*",        "a@served.test", "a@x.test", "*@served.test",
                           "*@x.test", "*.served.test", "*.x.test", "*.sub.x.test",
                           "*.test",   "y.test" };

rc::Gen<Rule> any_rule()
{
    const auto pattern = rc::gen::map(rc::gen::elementOf(patterns),
                                      [](std::string_view text) { return Pattern::parse(text).value(); });
    return rc::gen::map(rc::gen::tuple(pattern, pattern,
                                       rc::gen::elementOf(std::array{ "", "x.test", "*.x.test" }),
                                       rc::gen::inRange(0, 3), rc::gen::inRange(0, 4)),
                        [](const auto& parts) {
                            const auto& [from, to, domain, media, action] = parts;
                            return Rule{ from, to, *domain == '\0' ? std::nullopt : Pattern::parse(domain),
                                         static_cast<RuleMedia>(media), static_cast<RuleAction>(action) };
                        });
}

}  // namespace

TEST_CASE("policy: whatever the rules, only `open` is an open relay", "[roster][policy]")
{
    REQUIRE(rc::check([] {
        const auto by_default = *rc::gen::element(Default::local, Default::roster, Default::allowlist);
        const Policy policy{ by_default,
                             { "served.test" },
                             RuleSet{ *rc::gen::container<std::vector<Rule>>(any_rule()) } };
        const auto caller = Jid::parse(*rc::gen::elementOf(addresses)).value();
        const auto callee = Jid::parse(*rc::gen::elementOf(addresses)).value();
        const bool is_foreign = caller.domain() != "served.test" && callee.domain() != "served.test";
        RC_PRE(is_foreign);
        const Standing standing{ .welcome = *rc::gen::arbitrary<bool>() };
        const auto verdict = policy.judge({ caller, callee, *rc::gen::arbitrary<bool>() }, standing);
        RC_ASSERT(verdict.outcome == Verdict::Outcome::refused);
    }));
}

TEST_CASE("rules: the index finds what looking at every rule in order finds", "[roster][rules]")
{
    REQUIRE(rc::check([] {
        const auto rules = *rc::gen::container<std::vector<Rule>>(any_rule());
        const auto caller = Jid::parse(*rc::gen::elementOf(addresses)).value();
        const auto callee = Jid::parse(*rc::gen::elementOf(addresses)).value();
        const Attempt attempt{ caller, callee, *rc::gen::arbitrary<bool>() };
        std::optional<std::size_t> decides;
        std::optional<std::size_t> relays;
        for (std::size_t i = 0; i < rules.size() && !decides; ++i) {
            const auto& rule = rules[i];
            const bool in_domain
                = !rule.domain || rule.domain->matches(caller) || rule.domain->matches(callee);
            const bool media
                = rule.media == RuleMedia::any || (rule.media == RuleMedia::video) == attempt.video;
            if (!rule.from.matches(caller) || !rule.to.matches(callee) || !in_domain || !media)
                continue;
            if (rule.action != RuleAction::require_relay)
                decides = i;
            else if (!relays)
                relays = i;
        }
        const auto match = RuleSet{ rules }.match(attempt);
        RC_ASSERT(match.decides == decides);
        RC_ASSERT(match.relays == relays);
    }));
}
