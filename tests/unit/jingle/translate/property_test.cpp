#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "unit/jingle/translate/lines.hpp"
#include "unit/jingle/translate/support.hpp"

using namespace translate;
using jingle::Action;
using jingle::Role;

namespace {

int number(int from, int to)
{
    return *rc::gen::inRange(from, to + 1);
}

bool coin()
{
    return number(0, 1) == 1;
}

std::string pick(const std::vector<std::string>& words)
{
    return *rc::gen::elementOf(words);
}

std::string word()
{
    return *rc::gen::nonEmpty(rc::gen::container<std::string>(
        rc::gen::elementOf(std::string{ "abcdefgxyzABCXYZ0123456789-_.+!" })));
}

std::string payload_type(int id)
{
    const auto text = std::to_string(id);
    std::string out = "a=rtpmap:" + text + " " + pick({ "opus", "VP8", "H264", "x-own.codec", "OPUS" }) + "/"
        + pick({ "8000", "48000", "90000" }) + pick({ "", "/2", "/1" }) + "\r\n";
    if (coin())
        out += "a=fmtp:" + text + " "
            + pick({ "0-15", "a=1", "a=1;b=2", "a=Zz==,b=;c=", "111/111", "a=;b", "x=\"q\" ; y=2" }) + "\r\n";
    for (auto i = number(0, 3); i > 0; --i)
        out += "a=rtcp-fb:" + pick({ text, "*" }) + " "
            + pick({ "nack", "nack pli", "ccm fir", "ccm tmmbr smaxpr=120", "trr-int 100", "goog-remb" })
            + "\r\n";
    return out;
}

std::string candidates()
{
    std::string out;
    for (auto i = number(0, 3); i > 0; --i)
        out += "a=candidate:" + std::to_string(i) + pick({ " 1 udp ", " 1 UDP " })
            + std::to_string(number(1, 2000000000))
            + pick({ " 192.0.2.1 ", " 2001:db8::1 ", " 5a1e4b86-9c5b-4f55-8a3a-0c6f1d2b7e10.local " })
            + std::to_string(number(1, 65535))
            + pick({ " typ host", " typ srflx raddr 0.0.0.0 rport 0",
                     " typ relay raddr 2001:db8::2 rport 7" })
            + pick({ "", " generation 0", " generation 2 network-id 1 network-cost 10", " network 3" })
            + "\r\n";
    return out;
}

std::string m_section(int index, bool session_fingerprint)
{
    const auto mid = std::to_string(index);
    const auto count = number(1, 4);
    std::string formats;
    std::string types;
    for (auto i = 0; i < count; ++i) {
        formats += " " + std::to_string(96 + i);
        types += payload_type(96 + i);
    }
    std::string out = "m=" + pick({ "audio", "video" }) + " " + pick({ "9", "5000" }) + " "
        + pick({ "UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP" }) + formats + "\r\nc=IN IP4 "
        + pick({ "0.0.0.0", "192.0.2.7" }) + "\r\n"
        + pick({ "", "b=AS:64\r\n", "b=AS:64\r\nb=TIAS:64000\r\n" }) + "a=mid:" + mid + "\r\n";
    out += "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\na=ice-options:"
        + pick({ "trickle", "trickle renomination", "ice2" })
        + "\r\na=setup:" + pick({ "actpass", "active", "passive" }) + "\r\n";
    if (!session_fingerprint || coin())
        out += "a=fingerprint:sha-1 52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:e8\r\n";
    out += candidates() + pick({ "", "a=sendrecv\r\n", "a=sendonly\r\n", "a=recvonly\r\n", "a=inactive\r\n" })
        + pick({ "", "a=end-of-candidates\r\n" }) + "a=rtcp-mux\r\n" + pick({ "", "a=rtcp-rsize\r\n" });
    for (auto i = 1; i <= number(0, 3); ++i)
        out += "a=extmap:" + std::to_string(i) + pick({ "", "/sendonly", "/recvonly", "/inactive" })
            + " urn:" + word() + pick({ "", " k=v flag" }) + "\r\n";
    out += types + pick({ "", "a=ptime:20\r\na=maxptime:60\r\n" });
    for (auto i = 1; i <= number(0, 2); ++i)
        out += "a=ssrc:" + std::to_string(i) + " cname:" + word() + "\r\na=ssrc:" + std::to_string(i)
            + " msid:" + word() + " " + word() + "\r\n";
    out += pick({ "", "a=ssrc-group:FID 1 2\r\n" }) + pick({ "", "a=msid:- t\r\n", "a=msid:s t\r\n" })
        + pick({ "", "a=content:slides,alt\r\n" }) + pick({ "", "a=rid:q send\r\na=simulcast:send q\r\n" });
    for (auto i = number(0, 2); i > 0; --i)
        out += "a=x-own-" + std::to_string(i) + pick({ "", ":" + word() }) + "\r\n";
    return out;
}

std::string description()
{
    const auto count = number(1, 4);
    std::string out
        = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=" + pick({ "-", "a title" }) + "\r\nt=0 0\r\na=group:BUNDLE";
    for (auto i = 0; i < count; ++i)
        out += " " + std::to_string(i);
    out += "\r\n" + pick({ "", "a=ice-lite\r\n" }) + pick({ "", "a=msid-semantic: WMS *\r\n" })
        + pick({ "", "a=extmap-allow-mixed\r\n" }) + pick({ "", "a=recvonly\r\n" });
    const auto session_fingerprint = coin();
    if (session_fingerprint)
        out += "a=fingerprint:sha-1 52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E9\r\n";
    for (auto i = 0; i < count; ++i)
        out += m_section(i, session_fingerprint);
    return out;
}

}  // namespace

TEST_CASE("property: a description loses and gains no line, and the second round changes nothing",
          "[jingle][translate]")
{
    CHECK(rc::check([] {
        const auto text = description();
        const auto writer = coin() ? Role::initiator : Role::responder;
        Leg leg;
        const auto once = leg.to_text(leg.to_xml(text, Action::session_initiate, writer), writer);
        const auto lost = joined(lines::lost(text, once));
        const auto gained = joined(lines::gained(text, once));
        if (!lost.empty() || !gained.empty())
            RC_FAIL(text + "\nlost:\n" + lost + "gained:\n" + gained);
        Leg again;
        RC_ASSERT(again.to_text(again.to_xml(once, Action::session_initiate, writer), writer) == once);
    }));
}
