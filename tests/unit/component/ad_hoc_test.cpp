#include <set>

#include <catch2/catch.hpp>

#include "component/ad_hoc.hpp"
#include "component/auth/link_secret.hpp"
#include "component/call_link.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

namespace ns = xmpp::ns;
using namespace std::chrono_literals;
using component::AdHoc;
using xmpp::Jid;

namespace {

Jid jid(std::string_view text)
{
    return Jid::parse(text).value();
}

struct Desk final : component::Operations {
    std::vector<component::CallSummary> calls{ { "c1", roster::WallTime{ 90s }, "a@x.test", "b@y.test",
                                                 "active", 61s } };
    jingle::call::NewCalls new_ones = jingle::call::NewCalls::let_in;
    std::function<void()> answer_last_calls;
    component::LogLevel level = component::LogLevel::info;

    std::vector<component::CallSummary> calls_in_progress(std::size_t) const override { return calls; }
    void last_calls(const Jid& user, std::size_t,
                    std::function<void(std::vector<component::CallSummary>)> done) override
    {
        answer_last_calls = [user, done] {
            done({ { "c0", roster::WallTime{ 0s }, user.full(), "b@y.test", "busy" } });
        };
    }
    bool end_call(std::string_view id) override
    {
        return std::erase_if(calls, [&](const auto& call) { return call.id == id; }) > 0;
    }
    void set_new_calls(jingle::call::NewCalls what) override { new_ones = what; }
    jingle::call::NewCalls new_calls() const override { return new_ones; }
    void read_links() override { }
    std::vector<std::pair<std::string, std::string>> statistics() const override
    {
        return { { "calls", "7" } };
    }
    component::LogLevel log_level() const override { return level; }
    void set_log_level(component::LogLevel wanted) override { level = wanted; }
};

constexpr std::string_view alice = "alice@served.test/pc";
constexpr std::string_view admin = "admin@served.test/pc";

/// Runs commands and shows what came back.
struct Terminal {
    base::Arena arena;
    Desk desk;
    roster::WallTime wall{ 24h * 20'000 };
    AdHoc::Time now{ 1h };
    std::uint64_t dice = 0;
    roster::Roster roster{ { .domain = "call.test", .policy = { roster::Default::local, { "served.test" } } },
                           { .wall_clock = [this] { return wall; } } };
    AdHoc ad_hoc;
    std::vector<component::CommandEffect> effects;
    std::function<void(AdHoc::Send)> later;

    explicit Terminal(bool with_desk = true, std::string url = "https://call.test/")
        : ad_hoc{ roster,
                  with_desk ? &desk : nullptr,
                  { { "admin@served.test" }, std::move(url) },
                  [this](std::span<std::uint8_t> bytes) {
                      ++dice;
                      for (std::size_t i = 0; i < bytes.size(); ++i)
                          bytes[i] = static_cast<std::uint8_t>(dice >> (8 * (i % 8)));
                  } }
    {
    }

    const xmpp::Element* ask(std::string_view from, std::string_view payload, std::string_view type = "set")
    {
        const auto xml = "<iq xmlns='jabber:component:accept' from='" + std::string{ from }
            + "' to='call.test' id='1' type='" + std::string{ type } + "'>" + std::string{ payload }
            + "</iq>";
        const auto& iq = **xmpp::parse_document(arena.copy(xml), arena);
        auto answer = ad_hoc.answer(iq, jid(from), now, wall, arena);
        if (!answer)
            return nullptr;
        effects = std::move(answer->effects);
        later = std::move(answer->later);
        return answer->reply;
    }
    std::string session;

    /// One step; keeps the session. `fields` are the <field/>s of the submitted form; empty: no form.
    const xmpp::Element* step(std::string_view from, std::string_view node, std::string_view action = {},
                              std::string_view fields = {})
    {
        std::string xml
            = "<command xmlns='http://jabber.org/protocol/commands' node='" + std::string{ node } + "'";
        if (!session.empty())
            xml += " sessionid='" + session + "'";
        if (!action.empty())
            xml += " action='" + std::string{ action } + "'";
        xml += ">";
        if (!fields.empty())
            xml += "<x xmlns='jabber:x:data' type='submit'>" + std::string{ fields } + "</x>";
        const auto* reply = ask(from, xml + "</command>");
        if (reply == nullptr)
            return nullptr;
        if (const auto* command = reply->child("command", ns::commands))
            session = command->attribute_or_empty("sessionid");
        return reply;
    }
    const xmpp::Element* start(std::string_view from, std::string_view node)
    {
        session.clear();
        return step(from, node);
    }
    /// A command of one form, from start to end.
    const xmpp::Element* run(std::string_view from, std::string_view node, std::string_view fields)
    {
        start(from, node);
        return step(from, node, {}, fields);
    }
};

std::string field(std::string_view var, std::vector<std::string_view> values)
{
    std::string xml = "<field var='" + std::string{ var } + "'>";
    for (const auto value : values)
        xml += "<value>" + std::string{ value } + "</value>";
    return xml + "</field>";
}

std::string text_of(const xmpp::Element* stanza)
{
    return xmpp::to_string(*stanza);
}

std::string_view status_of(const xmpp::Element* reply)
{
    const auto* command = reply->child("command", ns::commands);
    return command == nullptr ? std::string_view{} : command->attribute_or_empty("status");
}

std::string_view note_of(const xmpp::Element* reply)
{
    const auto* note = reply->child("command", ns::commands)->child("note", ns::commands);
    return note == nullptr ? std::string_view{} : note->text;
}

bool is_error(const xmpp::Element* reply, std::string_view condition, std::string_view of_command = {})
{
    const auto* error = reply->child("error", ns::component);
    return error != nullptr && error->child(condition, ns::stanza_errors) != nullptr
        && (of_command.empty() || error->child(of_command, ns::commands) != nullptr);
}

std::set<std::string> nodes_for(Terminal& terminal, std::string_view from)
{
    const auto* reply = terminal.ask(
        from,
        "<query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/>",
        "get");
    std::set<std::string> nodes;
    for (const auto& item : reply->first_child()->children()) {
        CHECK(item.attribute("jid") == "call.test");
        CHECK_FALSE(item.attribute_or_empty("name").empty());
        nodes.emplace(item.attribute_or_empty("node"));
    }
    return nodes;
}

}  // namespace

TEST_CASE("ad hoc: disco names the commands that one may run", "[component][ad_hoc]")
{
    Terminal terminal;
    const std::set<std::string> of_users{ "create-link", "list-links",     "revoke-link",  "block",
                                          "unblock",     "do-not-disturb", "ring-devices", "last-calls" };
    CHECK(nodes_for(terminal, alice) == of_users);
    CHECK(nodes_for(terminal, "eve@far.test/x").empty());
    CHECK(nodes_for(terminal, admin).size() == of_users.size() + 7);
    Terminal alone{ false };
    CHECK(nodes_for(alone, admin).size() == of_users.size() - 1 + 2);

    const auto info = [&](std::string_view node) {
        return terminal.ask(alice,
                            "<query xmlns='http://jabber.org/protocol/disco#info' node='"
                                + std::string{ node } + "'/>",
                            "get");
    };
    CHECK(text_of(info("http://jabber.org/protocol/commands")).find("type='command-list'")
          != std::string::npos);
    CHECK(text_of(info("block")).find("type='command-node'") != std::string::npos);
    CHECK(info("admin-drain") == nullptr);
    CHECK(info("nothing") == nullptr);
    CHECK(terminal.ask(alice, "<ping xmlns='urn:xmpp:ping'/>", "get") == nullptr);
}

TEST_CASE("ad hoc: only those may run a command whom it is for", "[component][ad_hoc]")
{
    Terminal terminal;
    CHECK(is_error(terminal.start("eve@far.test/x", "block"), "forbidden"));
    CHECK(is_error(terminal.start(alice, "admin-block"), "forbidden"));
    CHECK(is_error(terminal.start(alice, "nothing"), "item-not-found"));
    CHECK(is_error(terminal.start("served.test/x", "block"), "forbidden"));
    Terminal alone{ false };
    CHECK(is_error(alone.start(admin, "admin-drain"), "item-not-found"));
    CHECK(terminal.ad_hoc.sessions() == 0);
}

TEST_CASE("ad hoc: a link is made, listed and revoked by its owner", "[component][ad_hoc]")
{
    Terminal terminal;
    CHECK(status_of(terminal.start(alice, "create-link")) == "executing");
    const auto made = text_of(
        terminal.step(alice, "create-link", "complete",
                      field("title", { "My Shop!" }) + field("uses", { "10" }) + field("expires", { "7d" })));
    CHECK(made.find("https://call.test/c#") != std::string::npos);
    REQUIRE(terminal.roster.links().of("alice@served.test").size() == 1);
    const auto link = *terminal.roster.links().of("alice@served.test").front();
    CHECK(link.name.starts_with("my-shop-"));
    CHECK(link.uses_left == 10U);
    CHECK(link.expires == terminal.wall + 24h * 7);
    const auto token = made.substr(made.find("/c#") + 3, 22);
    CHECK(
        terminal.roster.links().with_secret(component::auth::hash_of(*component::auth::link_secret_of(token)))
        != nullptr);
    const auto address = jid(link.name + "@call.test");
    CHECK(terminal.effects
          == std::vector<component::CommandEffect>{
              component::AskSubscription{ address, jid("alice@served.test") } });

    CHECK(text_of(terminal.start(alice, "list-links")).find("10 calls left") != std::string::npos);
    CHECK(note_of(terminal.start("bob@served.test/pc", "list-links")) == "You have no call links.");

    // Another's link is not in the form, so it cannot be chosen.
    terminal.start("bob@served.test/pc", "revoke-link");
    CHECK(is_error(terminal.step("bob@served.test/pc", "revoke-link", "next", field("link", { link.name })),
                   "bad-request", "bad-payload"));

    const auto* chosen = terminal.start(alice, "revoke-link");
    CHECK(text_of(chosen).find("<next/>") != std::string::npos);
    CHECK(is_error(terminal.step(alice, "revoke-link", "complete", field("link", { link.name })),
                   "bad-request", "bad-action"));
    const auto sure = text_of(terminal.step(alice, "revoke-link", "next", field("link", { link.name })));
    CHECK(sure.find("<prev/><complete/>") != std::string::npos);
    // Back, with what was chosen, and on again.
    CHECK(text_of(terminal.step(alice, "revoke-link", "prev")).find("<value>" + link.name)
          != std::string::npos);
    CHECK(is_error(terminal.step(alice, "revoke-link", "prev"), "bad-request", "bad-action"));
    terminal.step(alice, "revoke-link", "next", field("link", { link.name }));
    CHECK(note_of(terminal.step(alice, "revoke-link", "complete", field("sure", { "1" })))
          == "The link is revoked.");
    CHECK(terminal.roster.links().of("alice@served.test").empty());
    CHECK(terminal.effects
          == std::vector<component::CommandEffect>{
              component::WithdrawSubscription{ address, jid("alice@served.test") } });
}

TEST_CASE("ad hoc: without the address of the pages the token itself is shown", "[component][ad_hoc]")
{
    Terminal terminal{ true, {} };
    const auto* made
        = terminal.run(alice, "create-link", field("uses", { "any" }) + field("expires", { "never" }));
    CHECK(text_of(made).find("label='Token'") != std::string::npos);
    const auto* link = terminal.roster.links().of("alice@served.test").front();
    CHECK_FALSE(link->uses_left.has_value());
    CHECK_FALSE(link->expires.has_value());
    CHECK(link->name.starts_with("link-"));
}

TEST_CASE("ad hoc: block and unblock, one's own and the operator's", "[component][ad_hoc]")
{
    Terminal terminal;
    const auto who = field("pattern", { "*@spam.test" });
    CHECK(note_of(terminal.run(alice, "block", who)) == "*@spam.test is blocked.");
    CHECK(terminal.roster.blocked_by("alice@served.test") == std::vector<std::string>{ "*@spam.test" });
    CHECK(note_of(terminal.run(admin, "admin-block", who)) == "*@spam.test is blocked.");
    CHECK(terminal.roster.blocked_by("") == std::vector<std::string>{ "*@spam.test" });

    const auto whom = field("patterns", { "*@spam.test" });
    CHECK(note_of(terminal.run(alice, "unblock", whom)) == "1 unblocked.");
    CHECK(terminal.roster.blocked_by("alice@served.test").empty());
    CHECK(is_error(terminal.run(alice, "unblock", whom), "bad-request", "bad-payload"));
    CHECK(note_of(terminal.run(admin, "admin-unblock", whom)) == "1 unblocked.");
}

TEST_CASE("ad hoc: what the user can mend is asked again with a word why", "[component][ad_hoc]")
{
    Terminal terminal;
    const auto* again = terminal.run(alice, "block", field("pattern", { "a@b@c" }));
    CHECK(status_of(again) == "executing");
    CHECK(note_of(again) == "\"a@b@c\" is no address and no domain.");
    CHECK(text_of(again).find("<value>a@b@c</value>") != std::string::npos);
    CHECK(note_of(terminal.step(alice, "block", "complete", field("pattern", {})))
          == "Please fill in: Who shall not call.");
    CHECK(status_of(terminal.step(alice, "block", "complete", field("pattern", { "c@d.test" })))
          == "completed");
}

TEST_CASE("ad hoc: do not disturb and quiet hours in the user's own time", "[component][ad_hoc]")
{
    Terminal terminal;
    const auto hours = [&](std::string_view from, std::string_view until, std::string_view offset) {
        return terminal.run(alice, "do-not-disturb",
                            field("dnd", { "0" }) + field("missed", { "0" }) + field("from", { from })
                                + field("until", { until }) + field("offset", { offset }));
    };
    CHECK(note_of(hours("22:00", "07:00", "+02:00")) == "Your quiet hours are set.");
    auto settings = terminal.roster.settings_of(jid(alice));
    CHECK(settings.quiet == std::array<std::uint16_t, 2>{ 1200, 300 });
    CHECK_FALSE(settings.missed_call_notice);
    CHECK(note_of(hours("00:30", "01:00", "+01:00")) == "Your quiet hours are set.");
    CHECK(terminal.roster.settings_of(jid(alice)).quiet == std::array<std::uint16_t, 2>{ 1410, 0 });
    for (const auto* bad : { "24:00", "7:00", "07-00", "xx:00", "" })
        CHECK(status_of(hours("22:00", bad, "+00:00")) == "executing");
    for (const auto* bad : { "1", "+15:00", "01:00", "+1:00" })
        CHECK(status_of(hours("22:00", "07:00", bad)) == "executing");

    CHECK(note_of(terminal.run(alice, "do-not-disturb", field("dnd", { "true" }) + field("missed", { "1" })))
          == "You will not be disturbed.");
    settings = terminal.roster.settings_of(jid(alice));
    CHECK(settings.do_not_disturb);
    CHECK_FALSE(settings.quiet.has_value());
}

TEST_CASE("ad hoc: the chosen devices ring", "[component][ad_hoc]")
{
    Terminal terminal;
    CHECK(note_of(terminal.run(alice, "ring-devices", field("devices", { "pc", "web" })))
          == "Only the chosen devices ring.");
    CHECK(terminal.roster.settings_of(jid(alice)).ring_only == std::vector<std::string>{ "pc", "web" });
    CHECK(note_of(terminal.run(alice, "ring-devices", field("devices", {}))) == "All your devices ring.");
    CHECK(is_error(terminal.run(alice, "ring-devices", field("devices", { "other" })), "bad-request",
                   "bad-payload"));
}

TEST_CASE("ad hoc: calls, statistics, drain and the log level", "[component][ad_hoc]")
{
    Terminal terminal;
    CHECK(text_of(terminal.start(admin, "admin-calls")).find("b@y.test: active, 1:01  [c1]")
          != std::string::npos);
    CHECK(note_of(terminal.run(admin, "admin-end-call", field("call", { "c1" }))) == "The call is ended.");
    CHECK(terminal.desk.calls.empty());
    CHECK(note_of(terminal.start(admin, "admin-calls")) == "There are no calls.");
    CHECK(text_of(terminal.start(admin, "admin-statistics")).find("calls: 7") != std::string::npos);
    using jingle::call::NewCalls;
    CHECK(note_of(terminal.run(admin, "admin-drain", field("drain", { "1" }))) == "No new calls are let in.");
    CHECK(terminal.desk.new_ones == NewCalls::refused);
    CHECK(text_of(terminal.start(admin, "admin-drain")).find("<value>1</value>") != std::string::npos);
    CHECK(note_of(terminal.run(admin, "admin-drain", field("drain", { "0" }))) == "New calls are let in.");
    CHECK(terminal.desk.new_ones == NewCalls::let_in);
    terminal.run(admin, "admin-log-level", field("level", { "debug" }));
    CHECK(terminal.desk.level == component::LogLevel::debug);
}

TEST_CASE("ad hoc: the last calls are told when they are known", "[component][ad_hoc]")
{
    Terminal terminal;
    CHECK(terminal.start(alice, "last-calls") == nullptr);
    REQUIRE(terminal.later);
    std::string told;
    terminal.later([&](const xmpp::Element& reply) { told = text_of(&reply); });
    CHECK(told.empty());
    CHECK(terminal.ad_hoc.sessions() == 0);

    terminal.arena.reset();
    terminal.desk.answer_last_calls();
    CHECK(told.find("1970-01-01 00:00 UTC  alice@served.test -&gt; b@y.test: busy") != std::string::npos);
    CHECK(told.find("to='alice@served.test/pc'") != std::string::npos);
    CHECK(told.find("id='1'") != std::string::npos);
    CHECK(told.find("status='completed'") != std::string::npos);
}

TEST_CASE("ad hoc: a session is its owner's, and ends", "[component][ad_hoc]")
{
    Terminal terminal;
    terminal.start(alice, "block");
    const auto form = field("pattern", { "c@d.test" });
    CHECK(is_error(terminal.step("alice@served.test/phone", "block", "complete", form), "bad-request",
                   "bad-sessionid"));
    CHECK(is_error(terminal.step(alice, "unblock", "complete", form), "bad-request", "bad-sessionid"));
    CHECK(status_of(terminal.step(alice, "block", "cancel")) == "canceled");
    CHECK(is_error(terminal.step(alice, "block", "complete", form), "bad-request", "bad-sessionid"));

    terminal.start(alice, "block");
    terminal.now += AdHoc::session_lifetime;
    CHECK(is_error(terminal.step(alice, "block", "complete", form), "not-allowed", "session-expired"));
    CHECK(terminal.ad_hoc.sessions() == 0);
    CHECK(terminal.roster.blocked_by("alice@served.test").empty());
}

TEST_CASE("ad hoc: sessions are bounded, and those left alone are forgotten", "[component][ad_hoc]")
{
    Terminal terminal;
    for (std::size_t i = 0; i < 3 * AdHoc::max_sessions_of_user; ++i)
        terminal.start(alice, "block");
    CHECK(terminal.ad_hoc.sessions() == AdHoc::max_sessions_of_user);
    for (std::size_t i = AdHoc::max_sessions_of_user; i < AdHoc::max_sessions; ++i)
        terminal.start("u" + std::to_string(i) + "@served.test/x", "block");
    CHECK(is_error(terminal.start("late@served.test/x", "block"), "resource-constraint"));
    terminal.now += AdHoc::session_lifetime;
    CHECK(status_of(terminal.start("late@served.test/x", "block")) == "executing");
    CHECK(terminal.ad_hoc.sessions() == 1);
}

TEST_CASE("ad hoc: malformed requests are refused", "[component][ad_hoc]")
{
    Terminal terminal;
    terminal.start(alice, "block");
    const std::string head = "<command xmlns='http://jabber.org/protocol/commands' ";
    const auto mine = "node='block' sessionid='" + terminal.session + "'";
    const auto [payload, condition] = GENERATE_COPY(table<std::string, std::string>({
        { head + "/>", "bad-payload" },
        { head + "node='block' action='dance'/>", "malformed-action" },
        { head + "node='block' action='complete'/>", "bad-action" },
        { head + mine + " action='next'><x xmlns='jabber:x:data' type='submit'/></command>", "bad-action" },
        { head + mine + "/>", "bad-payload" },
        { head + mine + "><x xmlns='jabber:x:data' type='form'/></command>", "bad-payload" },
        { head + mine
              + "><x xmlns='jabber:x:data' type='submit'><field "
                "var='pattern'><value>a</value><value>b</value></field></x></command>",
          "bad-payload" },
        { head + mine + "><x xmlns='jabber:x:data' type='submit'><field var='pattern'><value>"
              + std::string(5000, 'a') + "</value></field></x></command>",
          "bad-payload" },
        { head + mine
              + "><x xmlns='jabber:x:data' type='submit'><field "
                "var='pattern'><value>a&#10;b</value></field></x></command>",
          "bad-payload" },
    }));
    CAPTURE(payload.substr(0, 200));
    CHECK(is_error(terminal.ask(alice, payload), "bad-request", condition));
    CHECK(is_error(terminal.ask(alice, payload, "get"), "bad-request"));
    CHECK(terminal.roster.blocked_by("alice@served.test").empty());
}

TEST_CASE("call link: a token is 128 bits and is kept as its hash alone", "[component][call_link]")
{
    const auto zeros = [](std::span<std::uint8_t> bytes) { std::ranges::fill(bytes, 0); };
    const auto made
        = component::make_link({ jid("a@b.test"), "  Ünïcode & Co. 24/7 and very long indeed" }, {}, zeros);
    CHECK(made.token == std::string(22, 'A'));
    CHECK(made.row.secret_hash == component::auth::hash_of({}));
    CHECK(made.row.secret_hash[0] == 0x37);  // head -c 16 /dev/zero | sha256sum
    CHECK(made.row.name == "n-code-co-24-7-and-v-aaaaaa");
    CHECK(component::link_url("https://c.test/", "t") == "https://c.test/c#t");
    CHECK(component::link_url("", "t").empty());
}
