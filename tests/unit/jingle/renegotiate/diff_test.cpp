#include <catch2/catch.hpp>

#include "jingle/description_diff.hpp"
#include "unit/jingle/renegotiate/sample.hpp"
#include "unit/jingle/translate/support.hpp"

using sample::replaced;

namespace {

base::Result<jingle::Changes> difference(const std::string& before, const std::string& after,
                                         base::Arena& arena, const std::string& peer_text = {},
                                         const std::vector<std::string>& old = {})
{
    const auto own = translate::parse_sdp(before, arena);
    const auto next = translate::parse_sdp(after, arena);
    const auto peer
        = peer_text.empty() ? std::nullopt : std::optional{ translate::parse_sdp(peer_text, arena) };
    return jingle::diff({ own, peer ? &*peer : nullptr, old }, next, arena);
}

/// "1: restarted" and so on.
std::string names(const jingle::Changes& changes)
{
    std::string out;
    for (const auto& change : changes) {
        out += std::to_string(change.index) + ":";
        out += change.stopped ? " stopped" : "";
        out += change.added ? " added" : "";
        out += change.remade ? " remade" : "";
        out += change.extended ? " extended" : "";
        out += change.informed ? " informed" : "";
        out += change.restarted ? " restarted" : "";
        out += change.new_association ? " association" : "";
        out += change.direction ? " direction" : "";
        out += ";";
    }
    return out;
}

}  // namespace

TEST_CASE("diff: each difference has a name, and what is none has not", "[jingle][renegotiate]")
{
    struct Row {
        const char* what;
        const char* from;
        const char* to;
        const char* changes;
    };
    const auto row = GENERATE(values<Row>({
        { "nothing", "o=- 1 1", "o=- 1 2", "" },
        { "a port", "m=audio 9 ", "m=audio 5000 ", "" },
        { "a candidate", "a=mid:0\r\n", "a=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n", "" },
        { "the role", "actpass", "active", "" },
        { "the order", "SAVPF 111 0", "SAVPF 0 111", "" },
        { "a format less", "SAVPF 111 0", "SAVPF 111", "" },
        { "feedback less", "a=rtcp-fb:111 nack\r\n", "", "" },
        { "fmtp less", "a=fmtp:111 useinbandfec=1\r\n", "", "" },
        { "an extension less", "a=extmap:1 urn:one\r\n", "", "" },
        { "codec in capitals", "opus/", "OPUS/", "" },
        { "stopped", "m=video 9", "m=video 0", "1: stopped;" },
        { "direction", "a=mid:0\r\na=extmap:1 urn:one\r\na=sendrecv",
          "a=mid:0\r\na=extmap:1 urn:one\r\na=sendonly", "0: direction;" },
        { "all on hold", "a=sendrecv", "a=inactive", "0: direction;1: direction;" },
        { "a new format", "SAVPF 111 0", "SAVPF 111 0 8", "0: extended;" },
        { "new feedback", "111 nack\r\n", "111 nack\r\na=rtcp-fb:111 ccm fir\r\n", "0: extended;" },
        { "a new extension", "urn:one\r\n", "urn:one\r\na=extmap:2 urn:two\r\n", "0: extended;" },
        { "another codec", "111 opus/48000/2", "111 speex/16000", "0: remade;" },
        { "another fmtp", "useinbandfec=1", "useinbandfec=0", "0: remade;" },
        { "another extension", "urn:one", "urn:two", "0: remade;" },
        { "extension one way", "extmap:1 ", "extmap:1/sendonly ", "0: informed;" },
        { "another source", "a=ssrc:2 ", "a=ssrc:3 ", "1: informed;" },
        { "a stream", "a=mid:1\r\n", "a=mid:1\r\na=msid:s t\r\n", "1: informed;" },
        { "another bandwidth", "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\n",
          "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\nb=AS:100\r\n", "1: informed;" },
        { "restart", "aaaa", "cccc", "0: restarted;1: restarted;" },
        { "another ptime", "a=mid:0\r\n", "a=mid:0\r\na=ptime:20\r\n", "0: informed;" },
    }));
    CAPTURE(row.what);
    base::Arena arena;
    const auto after = replaced(sample::two, row.from, row.to);
    REQUIRE((after != sample::two || std::string{ row.what } == "nothing"));
    const auto changes = difference(sample::two, after, arena);
    REQUIRE(changes);
    CHECK(names(*changes) == row.changes);
}

TEST_CASE("diff: m-lines that come, come back and take a place", "[jingle][renegotiate]")
{
    base::Arena arena;
    CHECK(names(translate::must(difference(sample::one, sample::two, arena))) == "1: added;");
    const auto gone = replaced(sample::two, "m=video 9", "m=video 0");
    CHECK(names(translate::must(difference(gone, sample::two, arena))) == "1: added;");
    CHECK(names(translate::must(difference(gone, replaced(sample::two, "a=mid:1", "a=mid:2"), arena)))
          == "1: added;");
    const auto other_certificate = replaced(replaced(sample::one, "aaaa", "cccc"), "52:2B", "00:00");
    CHECK(names(translate::must(difference(sample::one, other_certificate, arena)))
          == "0: restarted association;");
}

TEST_CASE("diff: what the other side has named is not new", "[jingle][renegotiate]")
{
    base::Arena arena;
    const auto answer = replaced(sample::one, "SAVPF 111 0", "SAVPF 111");
    CHECK(names(translate::must(difference(answer, sample::one, arena))) == "0: extended;");
    CHECK(names(translate::must(difference(answer, sample::one, arena, sample::answered(sample::one))))
          == "");
}

TEST_CASE("diff: refuses what no peer could follow, with the m-line", "[jingle][renegotiate]")
{
    struct Row {
        const char* what;
        const char* from;
        const char* to;
        base::Errc code;
    };
    const auto row = GENERATE(values<Row>({
        { "ufrag only", "ufrag:aaaa", "ufrag:cccc", base::Errc::malformed },
        { "pwd only", "pwd:aaaa", "pwd:cccc", base::Errc::malformed },
        { "another mid", "a=mid:1", "a=mid:7", base::Errc::malformed },
        { "another medium", "m=video", "m=audio", base::Errc::malformed },
        { "certificate", "52:2B", "00:00", base::Errc::forbidden },
        { "tls-id", "a=setup:actpass", "a=setup:actpass\r\na=tls-id:abcdefghijklmnopqrst",
          base::Errc::forbidden },
        { "theirs", "aaaa", "bbbb", base::Errc::forbidden },
        { "used before", "aaaa", "zzzz", base::Errc::forbidden },
    }));
    CAPTURE(row.what);
    base::Arena arena;
    const auto changes = difference(sample::two, replaced(sample::two, row.from, row.to), arena,
                                    sample::answered(sample::two), { "zzzz" });
    REQUIRE_FALSE(changes);
    CHECK(changes.error().code == row.code);
    CHECK(changes.error().what.find("m-line ") == 0);
    CHECK(difference(sample::two, sample::one, arena).error().code == base::Errc::malformed);
}

TEST_CASE("diff: on hold means that no stream is received", "[jingle][renegotiate]")
{
    base::Arena arena;
    const auto held
        = [&](const std::string& text) { return jingle::is_on_hold(translate::parse_sdp(text, arena)); };
    CHECK_FALSE(held(sample::two));
    CHECK(held(replaced(sample::two, "a=sendrecv", "a=sendonly")));
    CHECK(held(replaced(sample::two, "a=sendrecv", "a=inactive")));
    CHECK_FALSE(held(replaced(sample::two, "a=sendrecv", "a=recvonly")));
}
