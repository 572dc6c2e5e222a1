#include <catch2/catch.hpp>

#include "jingle/call/xmpp_leg.hpp"
#include "support/dialogue.hpp"
#include "xmpp/ns.hpp"

using namespace jingle::call;
using test::Dialogue;

namespace {

/// A call from alice's pc to bob's phone, dialled in full, and what its outputs are on the wire.
RingPlan plan_of(const xmpp::Jid& shown, const xmpp::Jid& peer)
{
    RingPlan plan;
    plan.legs.push_back(Leg{ .own = shown, .peer = peer, .sid = "other" });
    return plan;
}

struct Wire {
    base::Arena arena;
    Call call{
        CallId::make("key", "alice@a.test", "bob@b.test", "s1"),
        Leg{ .own = Dialogue::jid(Dialogue::bob_phone), .peer = Dialogue::jid(Dialogue::alice), .sid = "s1" },
        plan_of(Dialogue::jid(Dialogue::alice_contact), Dialogue::jid(Dialogue::bob)),
        std::make_shared<const Settings>()
    };

    const xmpp::Element& write(const Output& output)
    {
        std::string out;
        append_stanza(out, call, output, arena);
        const auto text = arena.concat("<stream xmlns='", xmpp::ns::component, "'>", std::string_view{ out },
                                       "</stream>");
        return *(*xmpp::parse_document(text, arena))->first_child();
    }
    const jingle::Jingle* value(std::string_view xml)
    {
        const auto* element = *xmpp::parse_document(arena.copy(xml), arena);
        return arena.make<jingle::Jingle>(jingle::Jingle::from_element(*element, arena).value());
    }
};

constexpr std::string_view info = "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s1' "
                                  "initiator='alice@a.test/pc' responder='bob\\40b.test@call.a.test/phone'/>";

}  // namespace

TEST_CASE("xmpp leg: a request carries the addresses and the sid of the leg it goes to", "[call][xmpp-leg]")
{
    Wire wire;
    const auto& iq = wire.write(Request{ callee_leg, wire.value(info), Answered::end_to_end, "i7" });
    CHECK(iq.attribute("from") == Dialogue::alice_contact);
    CHECK(iq.attribute("to") == Dialogue::bob);
    CHECK(iq.attribute("type") == "set");
    const auto* jingle = iq.child("jingle", xmpp::ns::jingle);
    REQUIRE(jingle != nullptr);
    CHECK(jingle->attribute("sid") == "other");
    CHECK(jingle->attribute("initiator") == Dialogue::alice_contact);
    CHECK(jingle->attribute("responder") == Dialogue::bob);
    CHECK(xmpp::to_string(iq).find("alice@a.test") == std::string::npos);

    const auto path = ReturnPath::parse(*iq.attribute("id"));
    REQUIRE(path);
    CHECK(path->call == wire.call.id());
    CHECK(path->leg == callee_leg);
    CHECK(path->answered == Answered::end_to_end);
    CHECK(path->original == "i7");
}

TEST_CASE("xmpp leg: towards the caller the parties are the caller's", "[call][xmpp-leg]")
{
    Wire wire;
    const auto& iq = wire.write(Request{ caller_leg, wire.value(info), Answered::here, {} });
    const auto* jingle = iq.child("jingle", xmpp::ns::jingle);
    CHECK(jingle->attribute("initiator") == Dialogue::alice);
    CHECK(jingle->attribute("responder") == Dialogue::bob_phone);
    CHECK(jingle->attribute("sid") == "s1");
}

TEST_CASE("xmpp leg: answers, refusals and messages are whole stanzas", "[call][xmpp-leg]")
{
    Wire wire;
    const auto& result = wire.write(Answer{ caller_leg, "i1", {} });
    CHECK(result.attribute("type") == "result");
    CHECK(result.attribute("id") == "i1");
    CHECK(result.attribute("from") == Dialogue::bob_phone);
    CHECK(result.first_child() == nullptr);

    const auto& error = wire.write(Answer{ callee_leg, "i2", xmpp::errors::tie_break });
    CHECK(error.attribute("to") == Dialogue::bob);
    CHECK(xmpp::StanzaError::from_element(*error.first_child()) == xmpp::errors::tie_break);

    const auto& refused = wire.write(Refuse{ caller_leg, "m1", xmpp::errors::service_unavailable });
    CHECK(refused.name == "message");
    CHECK(refused.attribute("type") == "error");
    CHECK(refused.attribute("id") == "m1");

    jingle::Message propose;
    propose.descriptions.push_back(wire.arena, { xmpp::ns::rtp, "audio", {} });
    const auto& message = wire.write(Say{ callee_leg, propose });
    CHECK(message.attribute("type") == "chat");
    CHECK(message.attribute("id") == "p.other");
    CHECK(message.child("propose", xmpp::ns::jmi)->attribute("id") == "other");
    CHECK(message.child("store", xmpp::ns::hints) != nullptr);
}

TEST_CASE("xmpp leg: one device of a leg can be told something alone", "[call][xmpp-leg]")
{
    Wire wire;
    jingle::Message retract;
    retract.kind = jingle::MessageKind::retract;
    CHECK(wire.write(Say{ callee_leg, retract, "bob@b.test/tablet" }).attribute("to") == "bob@b.test/tablet");
}

TEST_CASE("return path: goes into an id and comes back", "[call][return-path]")
{
    base::Arena arena;
    const auto original = GENERATE("", "i1", "a.b.c", "<&>\"'", "1.0.AAAA");
    for (const auto& action : jingle::action_rows)
        for (const auto answered : { Answered::here, Answered::end_to_end }) {
            const ReturnPath path{ CallId::make("k", "a", "b", "c"), callee_leg, action.value, answered,
                                   original };
            CHECK(ReturnPath::parse(path.to_id(arena)) == path);
        }
}

TEST_CASE("return path: ids of others are none", "[call][return-path]")
{
    base::Arena arena;
    const ReturnPath path{
        CallId::make("k", "a", "b", "c"), callee_leg, jingle::Action::session_info, Answered::here, {}
    };
    const std::string good{ path.to_id(arena) };
    REQUIRE(ReturnPath::parse(good));
    for (std::size_t size = 0; size < good.size(); ++size)
        CHECK_FALSE(ReturnPath::parse(std::string_view{ good }.substr(0, size)));
    for (const auto& [at, c] : { std::pair{ 0, '2' },
                                 { 2, '1' },
                                 { 5, '!' },
                                 { 27, ':' },
                                 { 29, 'x' },
                                 { 30, 'z' },
                                 { 31, '-' } }) {
        auto bad = good;
        bad[static_cast<std::size_t>(at)] = c;
        CAPTURE(at, bad);
        CHECK_FALSE(ReturnPath::parse(bad));
    }
}

TEST_CASE("call id: depends on each of its parts and reads back", "[call][call-id]")
{
    const auto id = CallId::make("key", "alice@a.test", "bob@b.test", "s1");
    CHECK(CallId::parse(id.to_string()) == id);
    CHECK(id.to_string().size() == CallId::text_size);
    CHECK_FALSE(CallId::parse(id.to_string() + "A"));
    CHECK(CallId::make("key2", "alice@a.test", "bob@b.test", "s1") != id);
    CHECK(CallId::make("key", "bob@b.test", "alice@a.test", "s1") != id);
    CHECK(CallId::make("key", "alice@a.test", "bob@b.test", "s2") != id);
}
