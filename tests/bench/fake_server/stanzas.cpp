#include "fake_server/stanzas.hpp"

#include <span>
#include <utility>

namespace bench {
namespace {

constexpr std::string_view rtcp_fb = "<rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type=";

struct PayloadType {
    std::string_view id, name, clockrate, rest, parameters;  ///< parameters: "name=value;name=value"
};

constexpr std::array audio_types{
    PayloadType{ "111", "opus", "48000", " channels='2'", "minptime=10;useinbandfec=1" },
    PayloadType{ "63", "red", "48000", " channels='2'", "fmtp=111/111" },
    PayloadType{ "9", "G722", "8000", "", "" },
    PayloadType{ "0", "PCMU", "8000", "", "" },
    PayloadType{ "8", "PCMA", "8000", "", "" },
    PayloadType{ "13", "CN", "8000", "", "" },
    PayloadType{ "110", "telephone-event", "48000", "", "" },
    PayloadType{ "126", "telephone-event", "8000", "", "" },
};
constexpr std::array video_types{
    PayloadType{ "96", "VP8", "90000", "", "" },
    PayloadType{ "97", "rtx", "90000", "", "apt=96" },
    PayloadType{ "98", "VP9", "90000", "", "profile-id=0" },
    PayloadType{ "99", "rtx", "90000", "", "apt=98" },
    PayloadType{ "102", "H264", "90000", "",
                 "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f" },
    PayloadType{ "103", "rtx", "90000", "", "apt=102" },
    PayloadType{ "106", "H264", "90000", "",
                 "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f" },
    PayloadType{ "107", "rtx", "90000", "", "apt=106" },
    PayloadType{ "45", "AV1", "90000", "", "level-idx=5;profile=0;tier=0" },
    PayloadType{ "46", "rtx", "90000", "", "apt=45" },
    PayloadType{ "114", "red", "90000", "", "" },
    PayloadType{ "115", "ulpfec", "90000", "", "" },
};
constexpr std::array audio_extensions{
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "urn:ietf:params:rtp-hdrext:sdes:mid",
};
constexpr std::array video_extensions{
    "urn:ietf:params:rtp-hdrext:toffset",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "urn:3gpp:video-orientation",
    "urn:ietf:params:rtp-hdrext:sdes:mid",
};

std::string payload_type(const PayloadType& type)
{
    std::string out = "<payload-type id='" + std::string{ type.id } + "' name='" + std::string{ type.name }
        + "' clockrate='" + std::string{ type.clockrate } + "'" + std::string{ type.rest } + ">";
    for (auto rest = type.parameters; !rest.empty();) {
        const auto one = rest.substr(0, rest.find(';'));
        rest.remove_prefix(one.size() == rest.size() ? one.size() : one.size() + 1);
        const auto equals = one.find('=');
        out.append("<parameter name='").append(one.substr(0, equals)).append("' value='");
        out.append(one.substr(equals + 1)).append("'/>");
    }
    if (type.name.starts_with('V') || type.name == "H264" || type.name == "AV1")
        for (const auto* feedback :
             { "'goog-remb'", "'transport-cc'", "'nack'", "'nack' subtype='pli'", "'ccm' subtype='fir'" })
            out.append(rtcp_fb).append(feedback).append("/>");
    return out.append("</payload-type>");
}

std::string description(std::string_view media, std::span<const PayloadType> types,
                        std::span<const char* const> extensions, std::string_view ssrc)
{
    std::string out = "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='" + std::string{ media } + "'>";
    for (const auto& type : types)
        out += payload_type(type);
    int id = 0;
    for (const auto* uri : extensions)
        out.append("<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='")
            .append(std::to_string(++id))
            .append("' uri='")
            .append(uri)
            .append("'/>");
    out.append("<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='").append(ssrc);
    out.append("'><parameter name='cname' value='4TOk42mSjXCkVIa6'/><parameter name='msid' "
               "value='f0b9a6f4-93a0-4a76-9c0e 5d1c7a2e'/></source><rtcp-mux/>");
    return out.append("</description>");
}

/// Host and server-reflexive candidates in turn; UDP only, as phones send them.
std::string candidate(int number)
{
    const auto n = std::to_string(number);
    const bool host = number % 2 == 0;
    std::string out = "<candidate component='1' foundation='" + std::to_string(1467250027 + number)
        + "' generation='0' id='c1e47a63562" + n + "' ip='" + (host ? "192.0.2.1" : "198.51.100.") + n
        + "' network='0' port='546" + (number < 10 ? "0" : "") + n + "' priority='"
        + std::to_string(2122260223 - number) + "' protocol='udp' type='"
        + (host ? "host'" : "srflx' rel-addr='192.0.2.1' rel-port='54600'");
    return out + "/>";
}

std::string transport(std::string_view setup, int candidates)
{
    std::string out = "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' "
                      "pwd='asd88fgpdd777uzjYhagZg1x' ufrag='8hhY'>"
                      "<fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' setup='"
        + std::string{ setup }
        + "'>2B:D8:06:C9:7F:0E:00:AF:1A:1F:C3:32:8F:A7:63:A9:26:97:23:C8:DB:8F:AC:4F:93:AF:71:DB:18:6D:6E:90<"
          "/fingerprint>";
    for (int i = 0; i < candidates; ++i)
        out += candidate(i);
    return out + "</transport>";
}

std::string content(std::string_view name, const std::string& inside)
{
    return "<content creator='initiator' name='" + std::string{ name } + "' senders='both'>" + inside
        + "</content>";
}

std::string iq(std::string_view jingle_attributes, const std::string& inside)
{
    return "<iq from='{from}' id='{id}' to='{to}' type='set'><jingle xmlns='urn:xmpp:jingle:1' action='"
        + std::string{ jingle_attributes } + " sid='{sid}'>" + inside + "</jingle></iq>";
}

std::string jmi(const std::string& payload)
{
    return "<message from='{from}' id='{id}' to='{to}' type='chat'>" + payload
        + "<store xmlns='urn:xmpp:hints'/></message>";
}

const std::string group = "<group xmlns='urn:xmpp:jingle:apps:grouping:0' semantics='BUNDLE'>"
                          "<content name='0'/><content name='1'/></group>";

std::string initiate()
{
    return iq("session-initiate' initiator='{self}'",
              group
                  + content("0",
                            description("audio", audio_types, audio_extensions, "3570614608")
                                + transport("actpass", 6))
                  + content("1",
                            description("video", video_types, video_extensions, "3570614609")
                                + transport("actpass", 4)));
}

std::string accept()
{
    const std::span audio{ audio_types };
    const std::span video{ video_types };
    return iq("session-accept' responder='{self}'",
              group
                  + content("0",
                            description("audio", audio.first(2), audio_extensions, "1670614608")
                                + transport("active", 3))
                  + content("1",
                            description("video", video.first(8), video_extensions, "1670614609")
                                + transport("active", 1)));
}

std::string transport_info()
{
    return iq(
        "transport-info'",
        content("0",
                "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' pwd='asd88fgpdd777uzjYhagZg1x' "
                "ufrag='8hhY'>"
                "<candidate component='1' foundation='14672500{step}' generation='0' id='a7e2c9d1{step}' "
                "ip='203.0.113.{step}'"
                " port='500{step}' priority='16777{step}5' protocol='udp' rel-addr='192.0.2.1'"
                " rel-port='500{step}' type='relay'/></transport>"));
}

constexpr std::array<std::pair<std::string_view, std::string_view Blanks::*>, 6> blank_names{ {
    { "{from}", &Blanks::from },
    { "{to}", &Blanks::to },
    { "{self}", &Blanks::self },
    { "{id}", &Blanks::id },
    { "{sid}", &Blanks::sid },
    { "{step}", &Blanks::step },
} };

}  // namespace

Template::Template(std::string_view text)
{
    while (!text.empty()) {
        const auto open = text.find('{');
        Piece piece{ std::string{ text.substr(0, open) }, nullptr };
        text.remove_prefix(open == std::string_view::npos ? text.size() : open);
        for (const auto& [name, member] : blank_names) {
            if (!text.starts_with(name))
                continue;
            piece.blank = member;
            text.remove_prefix(name.size());
            break;
        }
        pieces_.push_back(std::move(piece));
    }
}

void Template::append(std::string& out, const Blanks& blanks) const
{
    for (const auto& piece : pieces_) {
        out.append(piece.text);
        if (piece.blank != nullptr)
            out.append(blanks.*piece.blank);
    }
}

std::array<Template, kinds> make_templates()
{
    return {
        Template{
            jmi("<propose xmlns='urn:xmpp:jingle-message:0' id='{sid}'><description "
                "xmlns='urn:xmpp:jingle:apps:rtp:1' "
                "media='audio'/><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'/></propose>") },
        Template{ jmi("<ringing xmlns='urn:xmpp:jingle-message:0' id='{sid}'/>") },
        Template{ jmi("<proceed xmlns='urn:xmpp:jingle-message:0' id='{sid}'/>") },
        Template{ initiate() },
        Template{ iq("session-info'", "<ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/>") },
        Template{ transport_info() },
        Template{ accept() },
        Template{ iq("session-terminate'", "<reason><success/></reason>") },
        Template{ jmi("<finish xmlns='urn:xmpp:jingle-message:0' id='{sid}'><reason "
                      "xmlns='urn:xmpp:jingle:1'><success/>"
                      "</reason></finish>") },
        Template{ "<iq from='{from}' id='{id}' to='{to}' type='result'/>" },
        Template{
            "<iq from='{from}' id='{id}' to='{to}' type='result'><query "
            "xmlns='http://jabber.org/protocol/disco#info'>"
            "<identity category='client' type='phone' name='bench'/><feature var='urn:xmpp:jingle:1'/>"
            "<feature var='urn:xmpp:jingle:apps:rtp:1'/><feature var='urn:xmpp:jingle:apps:rtp:audio'/>"
            "<feature var='urn:xmpp:jingle:apps:rtp:video'/><feature var='urn:xmpp:jingle:apps:dtls:0'/>"
            "<feature var='urn:xmpp:jingle:transports:ice-udp:1'/><feature "
            "var='urn:xmpp:jingle-message:0'/></query></iq>" },
    };
}

}  // namespace bench
