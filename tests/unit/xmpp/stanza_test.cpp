#include <catch2/catch.hpp>

#include "parse.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reply.hpp"
#include "xmpp/stanza.hpp"
#include "xmpp/writer.hpp"

using xmpp::Condition;
using xmpp::Envelope;
using xmpp::ErrorType;
using xmpp::JingleCondition;
using xmpp::StanzaError;
using xmpp::StanzaKind;

namespace {

/// `name` and what follows as a stanza.
xmpp::Element& stanza(std::string_view name, std::string_view rest, base::Arena& arena)
{
    return parse("<" + std::string{ name } + " xmlns='jabber:component:accept' " + std::string{ rest },
                 arena);
}

std::string text_of(const xmpp::Element* element)
{
    if (element == nullptr)
        return "";
    std::string out;
    xmpp::Writer{ out, xmpp::ns::component }.element(*element);
    return out;
}

}  // namespace

TEST_CASE("stanza: the envelope names what routes", "[xmpp][stanza]")
{
    base::Arena arena;
    const auto& iq = stanza(
        "iq", "id='1' from='a@b' xml:lang='en' to='c@d' type='set'><jingle xmlns='urn:j'/></iq>", arena);

    const auto envelope = Envelope::from_element(iq);

    REQUIRE(envelope);
    CHECK(envelope->kind == StanzaKind::iq);
    CHECK(envelope->from == "a@b");
    CHECK(envelope->to == "c@d");
    CHECK(envelope->id == "1");
    CHECK(envelope->type == "set");
    CHECK(envelope->is_request());
    CHECK_FALSE(envelope->is_response());
    CHECK(envelope->carries("jingle", "urn:j"));
    CHECK_FALSE(envelope->carries("jingle", "urn:k"));
}

TEST_CASE("stanza: only the three stanzas have an envelope", "[xmpp][stanza]")
{
    base::Arena arena;
    CHECK(Envelope::from_element(stanza("message", "/>", arena))->kind == StanzaKind::message);
    CHECK(Envelope::from_element(stanza("presence", "type='set'/>", arena))->kind == StanzaKind::presence);
    CHECK_FALSE(Envelope::from_element(stanza("presence", "type='set'/>", arena))->is_request());
    CHECK(Envelope::from_element(stanza("iq", "type='error'/>", arena))->is_response());
    CHECK_FALSE(Envelope::from_element(stanza("iq", "/>", arena))->carries("a", "b"));
    CHECK_FALSE(Envelope::from_element(stanza("handshake", "/>", arena)));
    CHECK_FALSE(Envelope::from_element(parse("<iq xmlns='jabber:server'/>", arena)));
}

TEST_CASE("reply: an error goes back without the payload", "[xmpp][reply]")
{
    const auto [name, rest, reply] = GENERATE(table<std::string, std::string, std::string>({
        { "iq", "type='get' id='1' from='a@b/c' to='d'><x/></iq>",
          "<iq type='error' to='a@b/c' from='d' id='1'><error type='cancel'><conflict "
          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><tie-break "
          "xmlns='urn:xmpp:jingle:errors:1'/></error></iq>" },
        { "message", "from='a@b'/>",
          "<message type='error' to='a@b'><error type='cancel'><conflict "
          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><tie-break "
          "xmlns='urn:xmpp:jingle:errors:1'/></error></message>" },
        { "iq", "type='result'/>", "" },
        { "iq", "type='error'/>", "" },
        { "message", "type='error'/>", "" },
        { "presence", "type='error'/>", "" },
        { "other", "type='get'/>", "" },
    }));
    CAPTURE(name, rest);
    base::Arena arena;
    CHECK(text_of(make_error(stanza(name, rest, arena), xmpp::errors::tie_break, arena)) == reply);
}

TEST_CASE("reply: a result answers a request", "[xmpp][reply]")
{
    const auto [name, rest, reply] = GENERATE(table<std::string, std::string, std::string>({
        { "iq", "type='set' id='1' from='a' to='d'><x/></iq>", "<iq type='result' to='a' from='d' id='1'/>" },
        { "iq", "type='get' id=''/>", "<iq type='result' id=''/>" },
        { "iq", "type='result'/>", "" },
        { "iq", "/>", "" },
        { "message", "type='get'/>", "" },
    }));
    CAPTURE(name, rest);
    base::Arena arena;
    CHECK(text_of(make_result(stanza(name, rest, arena), arena)) == reply);
}

TEST_CASE("stanza error: every type and condition is read as it is written", "[xmpp][stanza_error]")
{
    const auto type
        = GENERATE(ErrorType::auth, ErrorType::cancel, ErrorType::cont, ErrorType::modify, ErrorType::wait);
    for (auto c = 0; c <= static_cast<int>(Condition::unexpected_request); ++c)
        for (auto j = -1; j <= static_cast<int>(JingleCondition::unsupported_info); ++j) {
            StanzaError error{ type, static_cast<Condition>(c), {} };
            if (j >= 0)
                error.jingle = static_cast<JingleCondition>(j);
            base::Arena arena;
            auto* iq = xmpp::Element::create(arena, "iq", xmpp::ns::component);
            error.append_to(*iq, arena);
            REQUIRE(StanzaError::from_element(*iq->first_child()) == error);
            REQUIRE_FALSE(to_string(error.condition).empty());
            REQUIRE((!error.jingle || !to_string(*error.jingle).empty()));
        }
}

TEST_CASE("stanza error: what is unknown reads as undefined-condition", "[xmpp][stanza_error]")
{
    const auto [xml, error] = GENERATE(table<std::string, StanzaError>({
        { "<error/>", {} },
        { "<error type='odd'><odd xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>", {} },
        { "<error type='wait'><conflict/></error>", { ErrorType::wait, Condition::undefined_condition, {} } },
        { "<error type='continue'><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>x</text><gone "
          "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>xmpp:a</gone><odd "
          "xmlns='urn:xmpp:jingle:errors:1'/></error>",
          { ErrorType::cont, Condition::gone, {} } },
    }));
    CAPTURE(xml);
    base::Arena arena;
    CHECK(StanzaError::from_element(parse(xml, arena)) == error);
}
