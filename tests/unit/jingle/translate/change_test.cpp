#include <catch2/catch.hpp>

#include "unit/jingle/translate/lines.hpp"
#include "unit/jingle/translate/support.hpp"

using namespace translate;
using jingle::Action;
using jingle::Role;

namespace {

std::string file(const std::string& name)
{
    return documents::slurp(std::filesystem::path{ TEST_DATA } / "vectors" / name);
}

/// What `leg` says after the element of a file changed what was said last.
std::string changed(Leg& leg, const std::string& current_text, const std::string& xml, Role writer)
{
    const auto current = parse_sdp(current_text, leg.arena);
    REQUIRE(leg.slots.learn(current, Role::initiator));
    const auto value = read_jingle(xml, leg.arena);
    const auto description = must(
        jingle::to_sdp(value, { .writer = writer, .slots = leg.slots, .current = &current }, leg.arena));
    return must(description.to_string());
}

}  // namespace

TEST_CASE("change: a re-offer that differs in direction only is a content-modify", "[jingle][translate]")
{
    const std::string name = GENERATE("10-hold-content-modify", "12-unhold-content-modify");
    CAPTURE(name);
    Leg leg;
    leg.to_xml(file("01-audio-opus-offer.sdp"), Action::session_initiate, Role::initiator);
    const auto xml = leg.to_xml(file(name + ".sdp"), Action::content_modify, Role::initiator);
    CHECK(documents::difference(*documents::parse(file(name + ".jingle.xml"), leg.arena),
                                *documents::parse(xml, leg.arena))
          == "");

    Leg other;
    const auto text
        = changed(other, file("01-audio-opus-offer.sdp"), file(name + ".jingle.xml"), Role::initiator);
    CHECK(joined(lines::lost(file(name + ".sdp"), text)) == "");
    CHECK(joined(lines::gained(file(name + ".sdp"), text)) == "");
}

TEST_CASE("change: a content-add by the responder names the new content only", "[jingle][translate]")
{
    const std::string name = "34-content-add-by-responder";
    const auto whole = file(name + ".sdp");
    const auto before = whole.substr(0, whole.find("m=video"));
    Leg leg;
    leg.to_xml(before, Action::session_accept, Role::responder);
    const auto xml = leg.to_xml(whole, Action::content_add, Role::responder);
    CHECK(documents::difference(*documents::parse(file(name + ".jingle.xml"), leg.arena),
                                *documents::parse(xml, leg.arena))
          == "");

    Leg other;
    const auto text = changed(other, before, file(name + ".jingle.xml"), Role::responder);
    CHECK(joined(lines::lost(whole, text)) == "");
    CHECK(joined(lines::gained(whole, text)) == "");
    CHECK(other.slots[1].creator == Role::responder);
}

TEST_CASE("change: a content-remove leaves its m-line rejected and out of the bundle", "[jingle][translate]")
{
    Leg leg;
    const std::string xml = "<jingle xmlns='urn:xmpp:jingle:1' action='content-remove' sid='s'>"
                            "<content creator='initiator' name='1'/></jingle>";
    const auto text = changed(leg, file("24-video-recvonly-offer.sdp"), xml, Role::initiator);
    CHECK(text.find("m=video 0 UDP/TLS/RTP/SAVPF") != std::string::npos);
    CHECK(leg.slots[1].state == jingle::SlotState::rejected);
}

TEST_CASE("change: an answer has the order, protocols and rejected m-lines of its offer",
          "[jingle][translate]")
{
    Leg leg;
    auto offer = file("24-video-recvonly-offer.sdp");
    for (auto at = offer.find("UDP/TLS/RTP/SAVPF"); at != std::string::npos;
         at = offer.find("UDP/TLS/RTP/SAVPF"))
        offer.replace(at, std::string_view{ "UDP/TLS/RTP/SAVPF" }.size(), "UDP/TLS/RTP/SAVP");
    leg.offered(offer);
    // The accept of an audio-only client: the video is left out.
    const auto text = leg.to_text(file("02-audio-opus-answer.jingle.xml"), Role::responder);
    CHECK(text.find("m=audio 9 UDP/TLS/RTP/SAVP 111\r\n") != std::string::npos);
    CHECK(text.find("m=video 0 UDP/TLS/RTP/SAVP 96\r\n") != std::string::npos);
    CHECK(text.find("m=audio") < text.find("m=video"));
    CHECK(text.find("a=group:BUNDLE 0\r\n") != std::string::npos);
}

TEST_CASE("change: both sides in one DTLS role is refused", "[jingle][translate]")
{
    Leg leg;
    auto offer = file("01-audio-opus-offer.sdp");
    offer.replace(offer.find("actpass"), std::string_view{ "actpass" }.size(), "active");
    leg.offered(offer);
    const auto value = read_jingle(file("02-audio-opus-answer.jingle.xml"), leg.arena);
    const auto answer = jingle::to_sdp(
        value, { .writer = Role::responder, .slots = leg.slots, .offer = &*leg.offer }, leg.arena);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == base::Errc::forbidden);
}
