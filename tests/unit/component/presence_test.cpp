#include <deque>

#include <catch2/catch.hpp>

#include "component/presence.hpp"
#include "xmpp/caps.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

using namespace std::chrono_literals;
using component::Presence;
using Lines = std::vector<std::string>;

namespace ns = xmpp::ns;

namespace {

constexpr auto bob_at = "bob\\40b.test@call.test";
constexpr auto alice_at = "alice\\40a.test@call.test";

/// The disco#info of a client that takes calls, by session-initiate alone or by message too.
std::string features(std::string_view more = {})
{
    std::string text = "<identity category='client' type='pc' name='Client'/>";
    for (const auto feature : { ns::jingle, ns::rtp, ns::rtp_audio, ns::ice_udp, ns::dtls })
        text.append("<feature var='").append(feature).append("'/>");
    return text.append(more);
}

/// Everything but the socket: stanzas in as text, stanzas out as short lines.
struct Desk {
    explicit Desk(std::string own = "call.test")
        : domain{ std::move(own) }
    {
    }

    std::string domain;
    component::Answers answers{ "1" };
    bool may_ask = true;
    Presence presence{ { domain, "q.", [this](const xmpp::Jid&, const xmpp::Jid&) { return may_ask; } },
                       answers,
                       nullptr };
    Presence::Clock::time_point now{ 24h };
    base::Arena arena;
    std::vector<std::string> sent;  ///< as XML

    static std::string line(const xmpp::Element& stanza)
    {
        const auto attribute
            = [&](std::string_view key) { return std::string{ stanza.attribute_or_empty(key) }; };
        auto text = attribute("from") + " -> " + attribute("to") + " ";
        if (stanza.name == "iq")
            text += attribute("type") + " " + std::string{ stanza.first_child()->name };
        else
            text += attribute("type").empty() ? "available" : attribute("type");
        return text;
    }

    template <class Step>
    Lines turn(Step step)
    {
        sent.clear();
        Lines lines;
        Presence::Turn t{ arena, now };
        step(t);
        for (const auto* stanza : t.out) {
            sent.push_back(xmpp::to_string(*stanza));
            lines.push_back(line(*stanza));
        }
        return lines;
    }
    const xmpp::Element& parse(const std::string& xml)
    {
        return **xmpp::parse_document(arena.copy(xml), arena);
    }
    static xmpp::Jid address(const xmpp::Element& stanza, std::string_view key)
    {
        return xmpp::Jid::parse(stanza.attribute_or_empty(key)).value();
    }

    Lines hears(std::string_view type, std::string_view from, std::string_view to,
                const std::string& children = {})
    {
        std::string xml = "<presence xmlns='jabber:component:accept' from='";
        xml.append(from).append("' to='").append(to).append("'");
        if (!type.empty())
            xml.append(" type='").append(type).append("'");
        const auto& stanza = parse(xml + ">" + children + "</presence>");
        return turn([&](Presence::Turn& t) {
            presence.received(stanza, address(stanza, "to"), address(stanza, "from"), t);
        });
    }
    /// The id of the request sent last.
    [[nodiscard]] std::string last_id() const
    {
        const auto at = sent.back().find("id='") + 4;
        return sent.back().substr(at, sent.back().find('\'', at) - at);
    }
    Lines reply(std::string_view from, const std::string& id, const std::string& payload,
                std::string_view type = "result")
    {
        std::string xml = "<iq xmlns='jabber:component:accept' to='call.test' from='";
        xml.append(from).append("' id='").append(id).append("' type='").append(type).append("'>");
        const auto& stanza = parse(xml + payload + "</iq>");
        return turn([&](Presence::Turn& t) { CHECK(presence.take_reply(stanza, t)); });
    }
    Lines discloses(std::string_view device, const std::string& children)
    {
        return reply(device, last_id(),
                     "<query xmlns='http://jabber.org/protocol/disco#info'>" + children + "</query>");
    }
    Lines asks_card(std::string_view from, std::string_view to)
    {
        std::string xml = "<iq xmlns='jabber:component:accept' type='get' id='v1' from='";
        xml.append(from).append("' to='").append(to).append("'><vCard xmlns='vcard-temp'/></iq>");
        const auto& stanza = parse(xml);
        return turn([&](Presence::Turn& t) {
            CHECK(presence.take_request(stanza, address(stanza, "to"), address(stanza, "from"), t));
        });
    }
    Lines passes(std::chrono::seconds time)
    {
        now += time;
        return turn([&](Presence::Turn& t) { presence.pass_time(t); });
    }
    /// Any stanza, to whatever takes it here.
    Lines takes(const std::string& xml)
    {
        const auto& stanza = parse(xml);
        const auto own = address(stanza, "to");
        const auto peer = address(stanza, "from");
        const auto type = stanza.attribute_or_empty("type");
        return turn([&](Presence::Turn& t) {
            if (stanza.name == "presence")
                return presence.received(stanza, own, peer, t);
            if (type == "result" || type == "error")
                return static_cast<void>(presence.take_reply(stanza, t));
            if (!presence.take_request(stanza, own, peer, t))
                t.out.push_back(answers.to_request(stanza, own, {}, t.arena));
        });
    }
    [[nodiscard]] std::size_t devices(std::string_view user) const
    {
        std::vector<roster::Device> all;
        presence.devices().append_devices(xmpp::Jid::parse(user).value(), all);
        return all.size();
    }
    /// `user` has added `contact`, and lets it see him.
    void are_friends(std::string_view user, std::string_view contact)
    {
        hears("subscribe", user, contact);
        hears("subscribed", user, contact);
    }
};

std::string own(std::string_view address)
{
    return std::string{ address };
}

}  // namespace

TEST_CASE("presence: a link asks its owner once, and takes it back when it is no more",
          "[component][presence]")
{
    Desk desk;
    bool revoked = false;
    desk.answers.know([&](const xmpp::Jid& own) {
        return own.local() == "shop" && !revoked ? std::optional<std::string>{ "Shop" } : std::nullopt;
    });
    const auto link = xmpp::Jid::parse("shop@call.test").value();
    const auto owner = xmpp::Jid::parse("alice@a.test").value();
    const auto asks
        = [&] { return desk.turn([&](Presence::Turn& t) { desk.presence.ask(link, owner, t); }); };

    CHECK(asks() == Lines{ "shop@call.test -> alice@a.test subscribe" });
    CHECK(desk.sent.front().find(">Shop</nick>") != std::string::npos);
    CHECK(asks().empty());
    CHECK(desk.hears("subscribed", "alice@a.test", "shop@call.test").empty());
    CHECK(desk.presence.subscriptions().find(link, owner).contact_sees_user);
    CHECK(asks().empty());
    CHECK(desk.hears("probe", "alice@a.test/pc", "shop@call.test")
          == Lines{ "shop@call.test/call -> alice@a.test/pc available" });

    revoked = true;
    CHECK(desk.turn([&](Presence::Turn& t) { desk.presence.withdraw(link, owner, t); })
          == Lines{ "shop@call.test -> alice@a.test unsubscribe",
                    "shop@call.test -> alice@a.test unsubscribed" });
    CHECK(desk.presence.subscriptions().size() == 0);
    CHECK(desk.hears("unsubscribed", "alice@a.test", "shop@call.test").empty());
    CHECK(desk.hears("probe", "alice@a.test/pc", "shop@call.test").empty());
}

TEST_CASE("presence: who adds a contact address sees it, and is asked back", "[component][presence]")
{
    Desk desk;
    CHECK(desk.hears("subscribe", "alice@a.test", bob_at)
          == Lines{ own(bob_at) + " -> alice@a.test subscribed",
                    own(bob_at) + "/call -> alice@a.test available",
                    own(bob_at) + " -> alice@a.test subscribe", "call.test -> bob@b.test get vCard" });
    CHECK(desk.sent[1].find(">bob@b.test</nick>") != std::string::npos);
    CHECK(desk.sent[2].find(">bob@b.test</nick>") != std::string::npos);
    CHECK(desk.hears("subscribed", "alice@a.test", bob_at).empty());
    CHECK(desk.hears("probe", "alice@a.test/x", bob_at)
          == Lines{ own(bob_at) + "/call -> alice@a.test/x available" });
    CHECK(desk.hears("unsubscribe", "alice@a.test", bob_at)
          == Lines{ own(bob_at) + " -> alice@a.test unsubscribed",
                    own(bob_at) + " -> alice@a.test unavailable" });
    CHECK(desk.hears("unsubscribed", "alice@a.test", bob_at).empty());
    CHECK(desk.presence.subscriptions().size() == 0);
}

TEST_CASE("presence: the domain has presence, an address of nobody has none", "[component][presence]")
{
    Desk desk;
    CHECK(desk.hears("probe", "alice@a.test/x", "call.test")
          == Lines{ "call.test -> alice@a.test/x available" });
    CHECK(desk.hears("probe", "alice@a.test/x", "nobody@call.test").empty());
    CHECK(desk.hears("subscribe", "alice@a.test", "nobody@call.test").empty());
}

TEST_CASE("presence: shown devices are asked what they can, and forgotten when they go",
          "[component][presence]")
{
    Desk desk;
    CHECK(desk.hears("", "alice@a.test/pc", bob_at, "<show>dnd</show><priority>-5</priority>")
          == Lines{ own(bob_at) + "/call -> alice@a.test/pc available",
                    "call.test -> alice@a.test/pc get query" });
    CHECK(desk.devices("alice@a.test") == 0);
    const auto seen = desk.presence.devices().seen(*xmpp::Jid::parse("alice@a.test"));
    REQUIRE(seen.size() == 1);
    CHECK(seen.front().show == roster::Show::do_not_disturb);
    CHECK(seen.front().priority == -5);
    desk.discloses("alice@a.test/pc", features());
    CHECK(desk.devices("alice@a.test") == 1);
    // Directed presence is answered once.
    CHECK(desk.hears("", "alice@a.test/pc", bob_at).empty());

    const auto type = GENERATE(as<std::string>{}, "unavailable", "error");
    CHECK(desk.hears(type, "alice@a.test/pc", bob_at).empty());
    CHECK(desk.devices("alice@a.test") == 0);
}

TEST_CASE("presence: who has been asked for his presence is asked by that address", "[component][presence]")
{
    Desk desk;
    desk.are_friends("alice@a.test", bob_at);
    CHECK(desk.hears("", "alice@a.test/pc", bob_at)
          == Lines{ own(bob_at) + " -> alice@a.test/pc get query" });
    // No answer in time: nothing is known, and nobody waits.
    desk.passes(component::IqTracker::answer_timeout);
    CHECK(desk.devices("alice@a.test") == 0);
}

TEST_CASE("presence: caps are asked once, and proven", "[component][presence]")
{
    Desk desk;
    base::Arena arena;
    const auto xml = "<query xmlns='http://jabber.org/protocol/disco#info'>" + features() + "</query>";
    const auto info = *xmpp::DiscoInfo::from_element(**xmpp::parse_document(arena.copy(xml), arena), arena);
    const auto caps = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:x' ver='"
        + xmpp::verification_hash(info).value() + "'/>";
    CHECK(desk.hears("", "alice@a.test/pc", bob_at, caps).size() == 2);
    CHECK(desk.hears("", "carol@c.test/pc", bob_at, caps).size() == 1);
    // Not even well-formed as an answer: the next is asked.
    const auto id = desk.presence.deadline();
    CHECK(id);
    CHECK(desk.passes(component::IqTracker::answer_timeout)
          == Lines{ "call.test -> carol@c.test/pc get query" });
    CHECK(desk.sent.back().find("node='urn:x#") != std::string::npos);
    desk.discloses("carol@c.test/pc", features());
    CHECK(desk.devices("alice@a.test") == 1);
    CHECK(desk.devices("carol@c.test") == 1);
}

TEST_CASE("presence: whether somebody can be called is shown to whom he lets see him",
          "[component][presence]")
{
    Desk desk;
    desk.are_friends("alice@a.test", bob_at);
    desk.are_friends("bob@b.test", alice_at);
    desk.hears("subscribe", "carol@c.test", bob_at);
    desk.hears("", "bob@b.test/pc", alice_at);
    CHECK(desk.discloses("bob@b.test/pc", features()).empty());

    // Gone for a moment only: nobody hears of it.
    desk.hears("unavailable", "bob@b.test/pc", alice_at);
    desk.hears("", "bob@b.test/pc", alice_at);
    desk.discloses("bob@b.test/pc", features());
    CHECK(desk.passes(roster::Reachability::away_delay).empty());

    CHECK(desk.hears("unavailable", "bob@b.test/pc", alice_at).empty());
    CHECK(desk.passes(roster::Reachability::away_delay)
          == Lines{ own(bob_at) + "/call -> alice@a.test unavailable" });
    CHECK(desk.hears("probe", "alice@a.test/x", bob_at)
          == Lines{ own(bob_at) + "/call -> alice@a.test/x unavailable" });
    CHECK(desk.hears("probe", "carol@c.test/x", bob_at)
          == Lines{ own(bob_at) + "/call -> carol@c.test/x available" });

    CHECK(desk.hears("", "bob@b.test/pc", alice_at)
          == Lines{ own(bob_at) + "/call -> alice@a.test available",
                    own(alice_at) + " -> bob@b.test/pc get query" });
    CHECK(desk.discloses("bob@b.test/pc", features()).empty());

    // He does not let alice see him any more: plain available from now on.
    desk.hears("unavailable", "bob@b.test/pc", alice_at);
    desk.passes(roster::Reachability::away_delay);
    desk.hears("unsubscribed", "bob@b.test", alice_at);
    CHECK(desk.hears("probe", "alice@a.test/x", bob_at)
          == Lines{ own(bob_at) + "/call -> alice@a.test/x available" });
}

TEST_CASE("presence: who is back is shown as that although nobody knows what his device can",
          "[component][presence]")
{
    Desk desk;
    desk.are_friends("alice@a.test", bob_at);
    desk.are_friends("bob@b.test", alice_at);
    desk.hears("", "bob@b.test/pc", alice_at);
    desk.discloses("bob@b.test/pc", features());
    desk.hears("unavailable", "bob@b.test/pc", alice_at);
    REQUIRE(desk.passes(roster::Reachability::away_delay).size() == 1);

    CHECK(desk.hears("", "bob@b.test/pc", alice_at)
          == Lines{ own(bob_at) + "/call -> alice@a.test available",
                    own(alice_at) + " -> bob@b.test/pc get query" });
    CHECK(desk.passes(component::IqTracker::answer_timeout).empty());  // he says nothing, and is still there
    CHECK(desk.hears("probe", "alice@a.test/x", bob_at)
          == Lines{ own(bob_at) + "/call -> alice@a.test/x available" });
}

TEST_CASE("presence: who went while he was asked what he can is asked when he is back",
          "[component][presence]")
{
    Desk desk;
    const std::string caps = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:x' "
                             "ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>";
    const Lines question{ "call.test -> bob@b.test/pc get query" };
    desk.hears("subscribe", "bob@b.test", alice_at);
    CHECK(desk.hears("", "bob@b.test/pc", alice_at, caps) == question);
    const auto id = desk.last_id();
    desk.hears("unavailable", "bob@b.test/pc", alice_at);
    desk.reply("bob@b.test/pc", id, "", "error");
    CHECK(desk.hears("", "bob@b.test/pc", alice_at, caps) == question);
    // Who is there and does not answer has his pause.
    desk.reply("bob@b.test/pc", desk.last_id(), "", "error");
    desk.hears("unavailable", "bob@b.test/pc", alice_at);
    CHECK(desk.hears("", "bob@b.test/pc", alice_at, caps).empty());
}

TEST_CASE("presence: a vCard is asked for once, for all who ask", "[component][presence][vcard]")
{
    Desk desk;
    CHECK(desk.asks_card("alice@a.test/x", bob_at) == Lines{ "call.test -> bob@b.test get vCard" });
    const auto id = desk.last_id();
    CHECK(desk.asks_card("carol@c.test/x", bob_at).empty());
    CHECK(desk.reply("bob@b.test", id, "<vCard xmlns='vcard-temp'><NICKNAME>Bobby</NICKNAME></vCard>")
          == Lines{ own(bob_at) + " -> alice@a.test/x result vCard",
                    own(bob_at) + " -> carol@c.test/x result vCard" });
    CHECK(desk.sent[0].find("<NICKNAME>Bobby</NICKNAME>") != std::string::npos);
    CHECK(desk.asks_card("dave@d.test/x", bob_at) == Lines{ own(bob_at) + " -> dave@d.test/x result vCard" });
}

TEST_CASE("presence: without an answer, or leave to ask, the vCard is the address",
          "[component][presence][vcard]")
{
    Desk desk;
    desk.may_ask = GENERATE(true, false);
    const auto asked = desk.asks_card("alice@a.test/x", bob_at);
    if (desk.may_ask) {
        CHECK(asked == Lines{ "call.test -> bob@b.test get vCard" });
        CHECK(desk.passes(component::IqTracker::answer_timeout)
              == Lines{ own(bob_at) + " -> alice@a.test/x result vCard" });
        CHECK(desk.asks_card("alice@a.test/x", bob_at).size() == 1);  // not asked again for a while
    }
    CHECK(desk.sent.back().find("<FN>bob@b.test</FN>") != std::string::npos);
}

TEST_CASE("presence: who adds a contact gets its name and picture when they are known",
          "[component][presence][vcard]")
{
    Desk desk;
    desk.hears("subscribe", "alice@a.test", bob_at);
    const auto shown = desk.reply("bob@b.test", desk.last_id(),
                                  "<vCard xmlns='vcard-temp'><FN>Bob B.</FN><PHOTO><TYPE>image/png</TYPE>"
                                  "<BINVAL>aGVsbG8=</BINVAL></PHOTO></vCard>");
    CHECK(shown == Lines{ own(bob_at) + "/call -> alice@a.test available" });
    CHECK(desk.sent[0].find(">Bob B.</nick>") != std::string::npos);
    CHECK(desk.sent[0].find("<photo>aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d</photo>") != std::string::npos);
}

TEST_CASE("presence: after a reconnect everybody is shown presence and probed once", "[component][presence]")
{
    Desk desk;
    desk.are_friends("alice@a.test", bob_at);
    desk.are_friends("alice@a.test", "carol\\40c.test@call.test");
    desk.hears("probe", "dave@d.test/x", bob_at);
    desk.hears("", "alice@a.test/pc", bob_at);
    desk.discloses("alice@a.test/pc", features());
    desk.hears("", "eve@e.test/pc", bob_at);
    desk.discloses("eve@e.test/pc", features());

    desk.presence.link_lost(desk.now);
    desk.presence.start_over();
    Lines all;
    bool more = true;
    while (more)
        for (auto& line : desk.turn([&](Presence::Turn& t) { more = desk.presence.say_again(t); }))
            all.push_back(line);
    CHECK(all
          == Lines{ own(bob_at) + "/call -> alice@a.test available", own(bob_at) + " -> alice@a.test probe",
                    "carol\\40c.test@call.test/call -> alice@a.test available",
                    own(bob_at) + "/call -> dave@d.test available" });

    desk.hears("", "alice@a.test/pc", bob_at);
    desk.passes(Presence::unseen_delay);
    CHECK(desk.devices("alice@a.test") == 1);
    CHECK(desk.devices("eve@e.test") == 0);
}

TEST_CASE("presence: requests that change nothing are answered so often and not more",
          "[component][presence][hostile]")
{
    Desk desk;
    std::size_t answered = 0;
    const auto type = GENERATE(as<std::string>{}, "subscribe", "unsubscribe");
    for (int i = 0; i < 1'000; ++i)
        answered += desk.hears(type, "alice@a.test", bob_at).empty() ? 0 : 1;
    CHECK(answered >= Presence::repeats_per_minute);
    CHECK(answered <= Presence::repeats_per_minute + 1);
    CHECK(desk.presence.over_limit() == 1'000 - answered);
    // Nobody else pays for it.
    CHECK_FALSE(desk.hears(type, "carol@c.test", bob_at).empty());
}

TEST_CASE("presence: a flood of devices and of comings and goings stays bounded",
          "[component][presence][hostile]")
{
    Desk desk;
    desk.are_friends("alice@a.test", bob_at);
    for (int i = 0; i < 3'000; ++i) {
        desk.hears("", "alice@a.test/" + std::to_string(i), bob_at);
        desk.arena.reset();
    }
    CHECK(desk.presence.devices().size() == roster::Devices::max_per_user);
    CHECK(desk.presence.over_limit() == 3'000 - roster::Devices::max_per_user);
    for (int i = 0; i < 3'000; ++i) {
        desk.hears("unavailable", "alice@a.test", bob_at);
        desk.hears("", "alice@a.test/1", bob_at);
        desk.arena.reset();
    }
    CHECK(desk.presence.devices().size() == 1);
}

TEST_CASE("presence: whose features are not those of the caps he shows is counted, and known alone",
          "[component][presence][hostile]")
{
    Desk desk;
    const std::string caps = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:x' ver='"
                             "QgayPKawpkPSDYmwT/WM94uAlu0='/>";
    desk.hears("", "eve@e.test/pc", bob_at, caps);
    desk.discloses("eve@e.test/pc", features());
    CHECK(desk.presence.false_caps() == 1);
    CHECK(desk.devices("eve@e.test") == 1);
    // Who shows the same is asked himself.
    CHECK(desk.hears("", "alice@a.test/pc", bob_at, caps).size() == 2);
    CHECK(desk.devices("alice@a.test") == 0);
}

TEST_CASE("presence: two gateways that hand each other whatever they say fall silent",
          "[component][presence][hostile]")
{
    // Each takes the other's address for a user's.
    Desk here{ "call.here" };
    Desk there{ "call.there" };
    const auto [opening, payload] = GENERATE(table<std::string, std::string>({
        { "presence type='subscribe'", "" },
        { "presence type='subscribed'", "" },
        { "presence type='unsubscribe'", "" },
        { "presence type='unsubscribed'", "" },
        { "presence type='probe'", "" },
        { "presence", "" },
        { "presence type='unavailable'", "" },
        { "presence type='error'", "" },
        { "iq type='get' id='1'", "<vCard xmlns='vcard-temp'/>" },
        { "iq type='get' id='1'", "<query xmlns='http://jabber.org/protocol/disco#info'/>" },
        { "iq type='result' id='1'", "" },
        { "iq type='error' id='1'", "" },
    }));
    CAPTURE(opening, payload);
    const auto seed = "<" + opening + " xmlns='jabber:component:accept' from='eve\\40e.test@call.there' "
        + "to='bob\\40b.test@call.here'>" + payload + "</" + opening.substr(0, opening.find(' ')) + ">";

    std::deque<std::string> waiting{ seed };
    std::size_t said = 0;
    for (; !waiting.empty() && said < 1'000; ++said) {
        const auto xml = std::move(waiting.front());
        waiting.pop_front();
        const auto to = Desk::address(here.parse(xml), "to");
        if (to.domain() != here.domain && to.domain() != there.domain)
            continue;  // a question to somebody else
        auto& desk = to.domain() == here.domain ? here : there;
        desk.takes(xml);
        waiting.insert(waiting.end(), desk.sent.begin(), desk.sent.end());
    }
    CHECK(said < 40);
}

TEST_CASE("presence: nonsense in presence is passed over", "[component][presence][hostile]")
{
    Desk desk;
    desk.hears("", "alice@a.test/pc", bob_at,
               GENERATE(as<std::string>{}, "<priority>999</priority>", "<priority>1x</priority>",
                        "<show>nowhere</show>", "<c xmlns='http://jabber.org/protocol/caps'/>",
                        "<c xmlns='http://jabber.org/protocol/caps' node='n' ver='v' hash='rot13'/>"));
    CHECK(desk.presence.devices().size() == 1);
    CHECK(desk.hears("nonsense", "alice@a.test/pc", bob_at).empty());
    CHECK(desk.hears("", "b.test", bob_at).empty());
}
