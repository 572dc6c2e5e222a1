#include <algorithm>

#include <catch2/catch.hpp>

#include "unit/jingle/translate/everything.hpp"
#include "unit/jingle/translate/support.hpp"

using namespace translate;
using jingle::Action;
using jingle::Role;

TEST_CASE("injection: values that are built, not read, are refused as well", "[jingle][translate]")
{
    using J = jingle::Jingle;
    struct Row {
        const char* what;
        void (*spoil)(J&);
    };
    const auto row = GENERATE(values<Row>({
        { "name", [](J& j) { j.contents[0].rtp()->payload_types[0].name = "opus/1\r\na=x"; } },
        { "codec with a slash", [](J& j) { j.contents[0].rtp()->payload_types[0].name = "opus/48000"; } },
        { "parameter name", [](J& j) { j.contents[0].rtp()->payload_types[0].parameters[0].name = "a\n"; } },
        { "';' in a value",
          [](J& j) { j.contents[0].rtp()->payload_types[0].parameters[0].value = "1;apt=96"; } },
        { "'=' in a name", [](J& j) { j.contents[0].rtp()->payload_types[0].parameters[0].name = "a=b"; } },
        { "rtcp-fb",
          [](J& j) { j.contents[0].rtp()->payload_types[0].feedback.messages[0].type = "ccm fir"; } },
        { "uri", [](J& j) { j.contents[0].rtp()->header_extensions[0].uri = "urn:a b"; } },
        { "source", [](J& j) { j.contents[0].rtp()->sources[0].parameters[0].value = "c\r\na=x"; } },
        { "source parameter with a colon",
          [](J& j) { j.contents[0].rtp()->sources[0].parameters[0].name = "a:b"; } },
        { "stream", [](J& j) { j.contents[0].rtp()->streams[0].id = "a b"; } },
        { "category", [](J& j) { j.contents[0].rtp()->categories[0] = "a,b c"; } },
        { "semantics", [](J& j) { j.groups[0].semantics = "BUNDLE 7"; } },
        { "ufrag", [](J& j) { j.contents[0].ice()->ufrag = "8hh Y"; } },
        { "pwd", [](J& j) { j.contents[0].ice()->pwd = "asd88fgpdd777uzjYhagZg1x\r\na=x"; } },
        { "hash", [](J& j) { j.contents[0].ice()->fingerprints[0].hash = "sha-1 "; } },
        { "fingerprint", [](J& j) { j.contents[0].ice()->fingerprints[0].value = "52:2B\r\na=x"; } },
        { "candidate", [](J& j) { j.contents[0].ice()->candidates[0].ip = "192.0.2.1\r\na=x"; } },
        { "crypto", [](J& j) { j.contents[0].rtp()->encryption->cryptos[0].key_params = "a b"; } },
    }));
    CAPTURE(row.what);
    base::Arena arena;
    auto value = read_jingle(everything, arena);
    jingle::Slots slots;
    const auto how = jingle::ToSdp{ .slots = slots, .trust = jingle::Trust::trusted };
    REQUIRE(jingle::to_sdp(value, how, arena));
    jingle::Slots fresh;
    row.spoil(value);
    const auto result = jingle::to_sdp(value, { .slots = fresh, .trust = jingle::Trust::trusted }, arena);
    REQUIRE_FALSE(result);
    CHECK((result.error().code == base::Errc::forbidden || result.error().code == base::Errc::malformed));
    CHECK(fresh.empty());  // nothing is half translated
}

TEST_CASE("injection: the carry holds nothing that has a place in Jingle", "[jingle][translate]")
{
    const std::string name
        = GENERATE("candidate", "ice-ufrag", "ice-pwd", "fingerprint", "setup", "crypto", "fmtp", "rtcp-fb",
                   "extmap", "ssrc", "ssrc-group", "group", "mid", "sendonly", "rtcp-mux", "sctp-port",
                   "CANDIDATE", "msid", "end-of-candidates", "remote-candidates");
    CAPTURE(name);
    Leg leg;
    std::string xml{ everything };
    xml.replace(xml.find("n='rid' v='q send'"), std::string_view{ "n='rid' v='q send'" }.size(),
                "n='" + name + "' v='carried 1'");
    const auto text = leg.to_text(xml, Role::initiator);
    CHECK(text.find("carried") == std::string::npos);
    CHECK(std::any_of(leg.notes.begin(), leg.notes.end(),
                      [](const auto& note) { return note.loss == jingle::Loss::carried_denied; }));
}

TEST_CASE("injection: of a stranger's carry only the listed names come out", "[jingle][translate]")
{
    Leg trusted;
    const auto all = trusted.to_text(everything, Role::initiator);
    CHECK(all.find("i=title\r\n") != std::string::npos);
    CHECK(all.find("m=audio 5000 ") != std::string::npos);

    Leg leg;
    const auto text = leg.to_text(everything, Role::initiator, jingle::Trust::untrusted);
    CHECK(text.find("a=rid:q send\r\n") != std::string::npos);
    CHECK(text.find("network-id 1") != std::string::npos);
    CHECK(text.find("title") == std::string::npos);
    CHECK(text.find("m=audio 9 ") != std::string::npos);
}

TEST_CASE("injection: a control character in a carry is refused wherever it stands", "[jingle][translate]")
{
    struct Row {
        const char* what;
        std::string old;
        std::string now;
    };
    const auto attack = GENERATE(as<std::string>{}, "&#13;&#10;a=injected:1", "&#10;a=injected:1", "&#13;x",
                                 "&#9;x", "&#127;x");
    const auto row = GENERATE_COPY(values<Row>({
        { "name", "n='rid'", "n='rid" + attack + "'" },
        { "value", "v='q send'", "v='q send" + attack + "'" },
        { "line", "v='title'", "v='title" + attack + "'" },
        { "port", "port='5000'", "port='5000" + attack + "'" },
        { "candidate extension", "n='network-id'", "n='network-id" + attack + "'" },
    }));
    const auto trust = GENERATE(jingle::Trust::trusted, jingle::Trust::untrusted);
    CAPTURE(row.what, attack);
    std::string xml{ everything };
    const auto at = xml.find(row.old);
    REQUIRE(at != std::string::npos);
    xml.replace(at, row.old.size(), row.now);
    base::Arena arena;
    jingle::Slots slots;
    const auto value = jingle::Jingle::from_element(*documents::parse(xml, arena), arena);
    if (value)
        CHECK_FALSE(jingle::to_sdp(*value, { .slots = slots, .trust = trust }, arena));
}
