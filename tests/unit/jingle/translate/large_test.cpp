#include <catch2/catch.hpp>

#include "jingle/limits.hpp"
#include "lines.hpp"
#include "support.hpp"

using jingle::Action;
using jingle::Role;
using translate::Leg;

namespace {

/// The m-sections of a Chromium offer again and again up to 64 KB, each with a mid of its own.
std::string large_offer(std::size_t size)
{
    const auto text
        = documents::slurp(std::filesystem::path{ TEST_DATA } / "corpus/chromium/audio-video.offer.sdp");
    const auto first = text.find("m=audio");
    const auto second = text.find("m=video");
    const std::string sections[] = { text.substr(first, second - first), text.substr(second) };
    std::string media;
    std::string mids;
    for (std::size_t i = 0;; ++i) {
        auto section = sections[i % 2];
        const auto mid = section.find("a=mid:");
        section.replace(mid, section.find("\r\n", mid) - mid, "a=mid:" + std::to_string(i));
        if (media.size() + section.size() + first > size)
            break;
        media += section;
        mids += " " + std::to_string(i);
    }
    auto session = text.substr(0, first);
    const auto group = session.find("a=group:BUNDLE");
    session.replace(group, session.find("\r\n", group) - group, "a=group:BUNDLE" + mids);
    return session + media;
}

std::string info_with(const std::string& carry)
{
    return "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='a'>" + carry + "</jingle>";
}

}  // namespace

TEST_CASE("large: an offer of 64 KB comes back whole", "[jingle][translate][limits]")
{
    const auto text = large_offer(sdp::max_bytes);
    CHECK(text.size() > sdp::max_bytes - 6000);
    Leg out;
    const auto xml = out.to_xml(text, Action::session_initiate, Role::initiator);
    Leg in;
    const auto back = in.to_text(xml, Role::initiator);
    CHECK(lines::missing(text, back) == std::vector<std::string>{});
}

TEST_CASE("large: the carry elements of a stanza have a limit of their own", "[jingle][translate][limits]")
{
    const auto carry = [](std::size_t values) {
        std::string out = "<sdp xmlns='urn:carillon:sdp-carry:0'>";
        for (std::size_t i = 0; i < values; ++i)
            out += "<a n='x-google-flag' v='" + std::string(1000, 'x') + "'/>";
        return out + "</sdp>";
    };
    base::Arena arena;
    const auto read = [&](const std::string& xml) {
        return jingle::Jingle::from_element(*documents::parse(xml, arena), arena);
    };
    constexpr auto fitting = jingle::limits::carry_bytes / 1100;
    CHECK(read(info_with(carry(fitting))).has_value());
    CHECK(read(info_with(carry(fitting / 2) + carry(fitting / 2))).has_value());
    const auto refused = read(info_with(carry(fitting) + carry(fitting)));
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == base::Error{ base::Errc::too_long, "carry elements" });
}
