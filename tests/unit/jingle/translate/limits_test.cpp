#include <functional>

#include <catch2/catch.hpp>

#include "jingle/limits.hpp"
#include "unit/jingle/translate/support.hpp"

// What docs/limits.md says of one description and one request beyond the rows of the values (those are tried
// in child_rows_test.cpp and attribute_rows_test.cpp): at the limit it passes, one more is too long.

using namespace translate;
namespace limits = jingle::limits;

namespace {

std::string repeat(std::size_t count, const std::function<std::string(std::size_t)>& item)
{
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += item(i);
    return out;
}

std::string number(std::size_t i)
{
    return std::to_string(i);
}

const std::string transport = "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\na=fingerprint:sha-1 "
                              "52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8\r\n";

std::string section(const std::string& lines, const std::string& formats = "96")
{
    return "m=audio 9 UDP/TLS/RTP/SAVPF " + formats + "\r\na=rtpmap:96 opus/48000/2\r\n" + transport + lines;
}

std::string description(const std::string& sections)
{
    return "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" + sections;
}

/// The code of the refusal; absent when it is said in Jingle.
std::optional<base::Errc> refusal_of_sdp(const std::string& text)
{
    base::Arena arena;
    const auto value = sdp::Description::parse(text, arena);
    if (!value)
        return value.error().code;
    jingle::Slots slots;
    const auto request = jingle::from_sdp(*value, { .sid = "s", .slots = slots }, arena);
    return request ? std::nullopt : std::optional{ request.error().code };
}

std::optional<base::Errc> refusal_of_xml(const std::string& xml)
{
    base::Arena arena;
    const auto request = jingle::Jingle::from_element(*documents::parse(xml, arena), arena);
    if (!request)
        return request.error().code;
    jingle::Slots slots;
    const auto value = jingle::to_sdp(*request, { .slots = slots, .trust = jingle::Trust::trusted }, arena);
    return value ? std::nullopt : std::optional{ value.error().code };
}

/// A request whose content holds this beside its description and transport, and in them.
std::string request(const std::string& in_content, const std::string& in_description = "",
                    const std::string& in_transport = "")
{
    return "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s'><content creator='initiator' "
           "name='a'>"
           "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'><payload-type id='0'/>"
        + in_description
        + "</description><transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='abcd' "
          "pwd='abcdefghijklmnopqrstuv'><fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-1' "
          "setup='actpass'>"
          "52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8</fingerprint>"
        + in_transport + "</transport>" + in_content + "</content></jingle>";
}

std::string carry(const std::string& items)
{
    return "<sdp xmlns='urn:carillon:sdp-carry:0'>" + items + "</sdp>";
}

struct Row {
    std::string what;
    std::size_t limit;
    std::function<std::string(std::size_t)> text;
};

template <class Refusal>
void check(const Row& row, Refusal refusal)
{
    CAPTURE(row.what, row.limit);
    const auto at_limit = refusal(row.text(row.limit));
    CHECK_FALSE(at_limit);
    CHECK(refusal(row.text(row.limit + 1)) == base::Errc::too_long);
}

}  // namespace

TEST_CASE("limits: of what one description says", "[jingle][translate][limits]")
{
    const auto in_section = [](const std::function<std::string(std::size_t)>& lines) {
        return [lines](std::size_t n) { return description(section(lines(n))); };
    };
    const auto each = [in_section](const std::string& before, const std::string& behind) {
        return in_section([=](std::size_t n) {
            return repeat(n, [&](std::size_t i) { return before + number(i + 1) + behind + "\r\n"; });
        });
    };
    const std::vector<Row> rows{
        { "contents", limits::contents,
          [](std::size_t n) {
              return description(repeat(n, [](auto i) { return section("a=mid:" + number(i) + "\r\n"); }));
          } },
        { "payload types", limits::payload_types,
          [](std::size_t n) {
              return description(
                  section("", repeat(n, [](auto i) { return (i == 0 ? "" : " ") + number(64 + i % 64); })));
          } },
        { "parameters", limits::parameters, in_section([](std::size_t n) {
              return "a=fmtp:96 " + repeat(n, [](auto i) { return "x" + number(i) + "=1;"; }) + "\r\n";
          }) },
        { "name of a parameter", limits::parameter_name,
          in_section([](std::size_t n) { return "a=fmtp:96 " + std::string(n, 'x') + "=1\r\n"; }) },
        { "value of a parameter", limits::parameter_value,
          in_section([](std::size_t n) { return "a=fmtp:96 x=" + std::string(n, 'x') + "\r\n"; }) },
        { "feedback", limits::feedback, each("a=rtcp-fb:96 x", "") },
        { "parameters of feedback", limits::feedback_parameters, in_section([](std::size_t n) {
              return "a=rtcp-fb:96 ccm fir" + repeat(n, [](auto i) { return " x" + number(i); }) + "\r\n";
          }) },
        { "header extensions", limits::header_extensions, each("a=extmap:", " urn:x") },
        { "attributes of a header extension", limits::extension_parameters, in_section([](std::size_t n) {
              return "a=extmap:1 urn:x" + repeat(n, [](auto i) { return " x" + number(i); }) + "\r\n";
          }) },
        { "sources", limits::sources, each("a=ssrc:", " cname:c") },
        { "attributes of a source", limits::source_parameters, each("a=ssrc:1 x", ":y") },
        { "groups of sources", limits::source_groups, each("a=ssrc-group:FID ", "") },
        { "streams", limits::streams, each("a=msid:s", " t") },
        { "keys", limits::cryptos, each("a=crypto:", " AES inline:x") },
        { "fingerprints", limits::fingerprints, in_section([](std::size_t n) {
              return repeat(n - 1, [](auto) { return std::string{ "a=fingerprint:x AB\r\n" }; });
          }) },
        { "carried lines", limits::carry_items, each("a=x-", "") },
        { "a carried value", limits::carry_value,
          in_section([](std::size_t n) { return "a=x-own:" + std::string(n, 'x') + "\r\n"; }) },
    };
    for (const auto& row : rows)
        check(row, refusal_of_sdp);
}

TEST_CASE("limits: of what one request says", "[jingle][translate][limits]")
{
    const auto items = [](const std::string& item) {
        return [item](std::size_t n) { return repeat(n, [&](auto) { return item; }); };
    };
    const std::vector<Row> rows{
        { "descriptions of one content", limits::alternatives,
          [](std::size_t n) {
              return request(repeat(n - 1, [](auto) { return "<description xmlns='urn:x'/>"; }));
          } },
        { "transports of one content", limits::alternatives,
          [](std::size_t n) {
              return request(repeat(n - 1, [](auto) { return "<transport xmlns='urn:x'/>"; }));
          } },
        { "bytes of a digest", limits::fingerprint_bytes,
          [](std::size_t n) {
              return request("", "",
                             "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='x' setup='actpass'>"
                                 + repeat(n, [](auto i) { return i == 0 ? "AB" : ":AB"; })
                                 + "</fingerprint>");
          } },
        { "items of a carry element", limits::carry_items,
          [items](std::size_t n) { return request("", carry(items("<a n='x-own'/>")(n))); } },
        { "a value of a carry element", limits::carry_value,
          [](std::size_t n) {
              return request("", carry("<a n='x-own' v='" + std::string(n, 'x') + "'/>"));
          } },
        { "candidates of a carry element", limits::candidates,
          [items](std::size_t n) { return request("", "", carry(items("<cand id='c'/>")(n))); } },
    };
    for (const auto& row : rows)
        check(row, refusal_of_xml);
}
