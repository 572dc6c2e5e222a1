#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "sdp/description.hpp"
#include "support.hpp"

using sdp::Description;

namespace {

int number(int from, int to)
{
    return *rc::gen::inRange(from, to + 1);
}

bool coin()
{
    return number(0, 1) == 1;
}

template <class T>
T pick(const std::vector<T>& values)
{
    return *rc::gen::elementOf(values);
}

using Words = std::vector<std::string_view>;

std::string_view word(base::Arena& arena)
{
    return arena.copy(*rc::gen::nonEmpty(
        rc::gen::container<std::string>(rc::gen::elementOf(std::string{ "abzABZ019-_.+!%&'*`{|}~^$#" }))));
}

std::string_view text(base::Arena& arena)
{
    return arena.concat(word(arena), pick(Words{ "", " ", ";x=", "\xC3\xA9 <&>" }), word(arena));
}

void add_payload_types(sdp::Media& media, base::Arena& arena)
{
    for (int id = 96; id < 96 + number(1, 4); ++id) {
        const auto type = static_cast<std::uint8_t>(id);
        media.formats.push_back(arena, arena.copy(std::to_string(id)));
        sdp::RtpMap map{ type, word(arena), static_cast<std::uint32_t>(number(1, 90'000)), {} };
        if (coin())
            map.channels = static_cast<std::uint8_t>(number(1, 8));
        media.rtpmaps.push_back(arena, map);
        if (coin())
            media.fmtps.push_back(arena, { type, text(arena) });
        for (auto i = number(0, 3); i > 0; --i)
            media.rtcp_fbs.push_back(arena, { type, arena.concat("x", arena.copy(std::to_string(i))) });
    }
}

void add_transport(sdp::TransportAttributes& transport, base::Arena& arena)
{
    transport.ice_ufrag = "abcd";
    transport.ice_pwd = "abcdefghijklmnopqrstuv";
    if (coin())
        transport.ice_options.push_back(arena, "trickle");
    if (coin())
        transport.setup = pick<sdp::Setup>({ sdp::Setup::actpass, sdp::Setup::active, sdp::Setup::passive });
    for (int id = 1; id <= number(0, 3); ++id) {
        sdp::ExtMap extmap{ static_cast<std::uint32_t>(id), {}, word(arena), {} };
        if (coin())
            extmap.direction = pick<sdp::Direction>({ sdp::Direction::sendonly, sdp::Direction::recvonly });
        if (coin())
            extmap.attributes = text(arena);
        transport.extmaps.push_back(arena, extmap);
    }
    transport.extmap_allow_mixed = coin();
    if (coin())
        transport.direction = pick<sdp::Direction>({ sdp::Direction::sendrecv, sdp::Direction::sendonly,
                                                     sdp::Direction::recvonly, sdp::Direction::inactive });
}

sdp::Media media(int index, base::Arena& arena)
{
    sdp::Media out;
    out.media = pick(Words{ "audio", "video" });
    out.port = static_cast<std::uint16_t>(number(0, 65'535));
    out.proto = pick(Words{ "UDP/TLS/RTP/SAVPF", "RTP/AVP" });
    add_payload_types(out, arena);
    if (coin())
        out.connection = sdp::Connection{ "IN", "IP6", "2001:db8::1" };
    if (coin())
        out.bandwidths.push_back(arena, { "TIAS", "64000" });
    add_transport(out.transport, arena);
    out.mid = arena.copy(std::to_string(index));
    out.rtcp_mux = coin();
    out.rtcp_rsize = coin();
    out.end_of_candidates = coin();
    for (int ssrc = 1; ssrc <= number(0, 3); ++ssrc)
        out.ssrcs.push_back(arena, { static_cast<std::uint32_t>(ssrc), "cname", text(arena) });
    if (coin())
        out.msids.push_back(arena, { word(arena), word(arena) });
    for (auto i = number(0, 3); i > 0; --i) {
        sdp::Attribute own{ arena.concat("x-own-", arena.copy(std::to_string(i))), {} };
        if (coin())
            own.value = text(arena);
        out.other.push_back(arena, own);
    }
    return out;
}

Description description(base::Arena& arena)
{
    Description out;
    out.session_name = pick(Words{ "-", "a title" });
    sdp::Group group{ "BUNDLE", {} };
    const auto count = number(1, 4);
    for (int i = 0; i < count; ++i) {
        out.media.push_back(arena, media(i, arena));
        group.mids.push_back(arena, *out.media.back().mid);
    }
    if (coin())
        out.groups.push_back(arena, group);
    out.ice_lite = coin();
    if (coin())
        out.bandwidths.push_back(arena, { "AS", "64" });
    return out;
}

}  // namespace

TEST_CASE("property: what is written is read as the same value", "[sdp]")
{
    CHECK(rc::check([] {
        base::Arena arena;
        const auto value = description(arena);
        const auto written = sdp_test::checked(value.to_string());
        const auto read = Description::parse(written, arena);
        if (!read)
            RC_FAIL(written + read.error().what);
        if (!(*read == value))
            RC_FAIL(written + "comes back as\n" + sdp_test::checked(read->to_string()));
    }));
}
