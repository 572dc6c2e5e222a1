#include <map>
#include <regex>

#include <catch2/catch.hpp>

#include "jingle/explain.hpp"
#include "jingle/from_sdp.hpp"
#include "jingle/to_sdp.hpp"
#include "unit/jingle/documents.hpp"
#include "unit/sdp/files.hpp"

// What explain says is compared with what the translation does: without the line, or with another value in
// it, the XML differs in the elements of the XEPs, in the carry element, or not at all.

using namespace jingle;

namespace {

struct Xml {
    std::string said;
    std::string carried;

    friend bool operator==(const Xml&, const Xml&) = default;
};

/// Absent when the description is refused.
std::optional<Xml> translate(const std::string& text)
{
    base::Arena arena;
    const auto description = sdp::Description::parse(text, arena);
    if (!description)
        return std::nullopt;
    Slots slots;
    const FromSdp how{ .sid = "s", .initiator = {}, .responder = {}, .slots = slots, .only = {} };
    const auto request = from_sdp(*description, how, arena);
    if (!request)
        return std::nullopt;
    Xml xml{ documents::written(*request), {} };
    static const std::regex carry{ "<sdp xmlns='urn:carillon:sdp-carry:0'>.*?</sdp>" };
    for (std::sregex_iterator at{ xml.said.begin(), xml.said.end(), carry }, end; at != end; ++at)
        xml.carried += at->str();
    xml.said = std::regex_replace(xml.said, carry, "");
    return xml;
}

std::string join(const std::vector<std::string>& lines)
{
    std::string text;
    for (const auto& line : lines)
        text += line + "\r\n";
    return text;
}

/// Another value of the same shape: its last letter or digit is another one.
std::string altered(std::string line)
{
    const auto start = line.find(line.starts_with("a=") ? ':' : '=');
    const auto at = line.find_last_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (start == std::string::npos || at == std::string::npos || at <= start)
        return {};
    line[at] = line[at] == '1' ? '2' : line[at] >= 'a' ? (line[at] == 'a' ? 'b' : 'a') : '1';
    return line;
}

void check_line(const std::vector<std::string>& lines, std::size_t index, Fate fate, const Xml& whole)
{
    auto fewer = lines;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(index));
    const auto without = translate(join(fewer));
    auto changed = lines;
    changed[index] = altered(lines[index]);
    const auto other = changed[index].empty() ? without : translate(join(changed));
    switch (fate) {
    case Fate::translated:
        CHECK((!without || without->said != whole.said || !other || other->said != whole.said));
        break;
    case Fate::carried:
        CHECK((!without || without->carried != whole.carried || !other || other->carried != whole.carried));
        break;
    case Fate::implied:
    case Fate::remembered:
    case Fate::left_out:
        if (!lines[index].starts_with("v=") && !lines[index].starts_with("o=")
            && !lines[index].starts_with("m="))
            CHECK((without ? *without == whole : other && *other == whole));
        break;
    }
}

std::string shape(const std::string& line, Fate fate, const std::string& section)
{
    return line.substr(0, line.find(':')).substr(0, line.starts_with("a=") ? std::string::npos : 2)
        + std::to_string(static_cast<int>(fate)) + section.substr(0, section.find(' '));
}

/// Each kind of line, in each kind of section, with each fate, is tried some times.
void check_file(const std::filesystem::path& path, std::map<std::string, int>& tried)
{
    constexpr int times = 3;
    const auto lines = sdp_test::lines_of(sdp_test::read_file(path));
    const auto text = join(lines);
    const auto whole = translate(text);
    base::Arena arena;
    const auto rows = explain_sdp(text, nullptr, arena);
    INFO(path);
    REQUIRE(whole.has_value() == rows.has_value());
    if (!whole)
        return;
    REQUIRE(rows->size() == lines.size());
    std::string section;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto& row = (*rows)[i];
        INFO(i + 1 << ": " << lines[i] << " " << base::find_token(fate_rows, row.fate));
        CHECK(row.input == lines[i]);
        if (lines[i].starts_with("m="))
            section = lines[i];
        if (tried[shape(lines[i], row.fate, section)]++ < times)
            check_line(lines, i, row.fate, *whole);
    }
}

/// Sections of every kind, with what no browser writes.
constexpr std::string_view unusual = R"(v=0
o=- 1 1 IN IP4 127.0.0.1
s=A name
i=session
c=IN IP4 192.0.2.1
b=AS:100
t=1 2
a=group:BUNDLE a gone
a=ice-ufrag:abcd
a=ice-pwd:abcdefghijklmnopqrstuv
a=setup:actpass
a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF
a=tls-id:1234567890abcdefghij
a=ice-options:trickle foo
a=recvonly
a=extmap:7 urn:example:seven
a=ptime:20
a=x-session:1
m=audio 5004 UDP/TLS/RTP/SAVPF 0 98 99 100
b=AS:64
b=TIAS:64000
i=an m-section
a=mid:a
a=sendrecv
a=rtpmap:98 opus/48000/2
a=rtpmap:100 rtx/8000
a=fmtp:100 apt=99
a=fmtp:98 useinbandfec=1
a=fmtp:77 x=y
a=rtcp-fb:99 nack
a=rtcp-fb:* ccm fir
a=ptime:20
a=maxptime:60.5
a=rtcp:5005 IN IP4 192.0.2.1
a=candidate:1 1 udp 1 192.0.2.1 5004 typ host network-cost 10 generation 0
a=candidate:1 1 udp 1 192.0.2.1 5004 typ host network-cost 10 generation 0
a=candidate:2 1 sctp 1 192.0.2.1 5004 typ host
a=candidate:nonsense
a=remote-candidates:1 192.0.2.9 9
a=end-of-candidates
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0
a=zrtp-hash:1.10 abc
a=content:main
a=msid:s t
a=ssrc:1 cname:x
a=ssrc:2 cname:x
a=ssrc-group:FID 1 2
a=rtcp-mux
a=rtcp-rsize
a=rid:h send
a=x-unknown
m=video 0 UDP/TLS/RTP/SAVPF 96
a=mid:v
a=rtpmap:96 VP8/90000
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
a=mid:d
a=sctp-port:5001
a=max-message-size:262144
a=sendrecv
a=extmap:1 urn:example:one
a=rtpmap:96 VP8/90000
m=image 9 udptl t38
a=mid:i
a=x-unknown
)";

}  // namespace

TEST_CASE("explain: what it says of each line of the corpus is what happens", "[jingle][explain]")
{
    std::map<std::string, int> tried;
    for (const auto* folder : { "corpus", "vectors" })
        for (const auto& path : sdp_test::find_files(folder, ".sdp"))
            check_file(path, tried);
    CHECK(tried.size() > 80);
}

TEST_CASE("explain: what it says of unusual lines is what happens", "[jingle][explain]")
{
    auto lines = sdp_test::lines_of(unusual);
    const auto whole = translate(join(lines));
    base::Arena arena;
    const auto text = join(lines);
    const auto rows = explain_sdp(text, nullptr, arena);

    REQUIRE(whole);
    REQUIRE(rows);
    REQUIRE(rows->size() == lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        INFO(i + 1 << ": " << lines[i] << " " << base::find_token(fate_rows, (*rows)[i].fate) << " "
                   << (*rows)[i].remark);
        check_line(lines, i, (*rows)[i].fate, *whole);
    }
}

namespace {

const std::vector<std::string> other_values{ "1",      "2",         "7",       "none",       "initiator",
                                             "tcp",    "responder", "relay",   "sha-1",      "passive",
                                             "LS",     "0",         "srflx",   "video",      "192.0.2.77",
                                             "active", "AES_X",     "rtcp-fb", "20000000000" };

std::optional<std::string> to_text(const xmpp::Element& element)
{
    base::Arena arena;
    const auto request = Jingle::from_element(element, arena);
    if (!request)
        return std::nullopt;
    Slots slots;
    const ToSdp how{ .slots = slots, .trust = Trust::trusted, .origin = {} };
    const auto description = to_sdp(*request, how, arena);
    if (!description)
        return std::nullopt;
    const auto text = description->to_string();
    return text ? std::optional{ *text } : std::nullopt;
}

struct Attempts {
    bool any = false;
    bool changed = false;
};

/// What becomes of the SDP when `value` is something else.
Attempts try_values(const xmpp::Element& jingle, std::string_view& value, const std::string& whole)
{
    const auto original = value;
    Attempts attempts;
    auto values = other_values;
    values.push_back(std::string{ original } + "x");
    values.push_back(std::string{ original.substr(0, original.size() / 2) } + "1");
    for (const auto& other : values) {
        if (attempts.changed || other == original)
            continue;
        value = other;
        const auto text = to_text(jingle);
        attempts.any = attempts.any || text.has_value();
        attempts.changed = text && *text != whole;
        value = original;
    }
    return attempts;
}

/// Walks over a request as explain_xml does, and tries each attribute against what it says.
class AttributeWalk {
public:
    AttributeWalk(xmpp::Element& jingle, const Explanations& rows, const std::string& whole,
                  std::map<std::pair<const ElementRow*, Fate>, int>& tried)
        : jingle_{ jingle }
        , rows_{ rows }
        , whole_{ whole }
        , tried_{ tried }
    {
        walk(jingle);
        CHECK(at_ == rows_.size());
    }

private:
    const Explanation& next()
    {
        REQUIRE(at_ < rows_.size());
        return rows_[at_++];
    }

    void walk(xmpp::Element& element)
    {
        CHECK(next().input == "<" + std::string{ element.name } + ">");
        const auto* own = find_element_row(element.ns, element.name, {});
        if (own == nullptr)
            return;
        for (auto& attribute : element.attributes)
            check(element, attribute, next());
        if (find_element_row(element.ns, element.name, "text()") != nullptr && !element.text.empty())
            next();
        if (own->fate != Fate::remembered)
            for (const auto& child : element.children())
                walk(const_cast<xmpp::Element&>(child));  // NOLINT: the test's own tree
    }

    void check(const xmpp::Element& element, xmpp::Attribute& attribute, const Explanation& said)
    {
        constexpr int times = 3;
        const auto* row = find_element_row(element.ns, element.name, attribute.name);
        INFO(element.name << "/@" << said.input << " " << base::find_token(fate_rows, said.fate));
        CHECK(said.input.starts_with(attribute.name));
        // The action decides what the request is.
        if (attribute.name == "action" || tried_[{ row, said.fate }]++ >= times)
            return;
        const auto attempts = try_values(jingle_, attribute.value, whole_);
        if (said.fate == Fate::translated)
            CHECK((attempts.changed || !attempts.any));
        else
            CHECK_FALSE(attempts.changed);
    }

    xmpp::Element& jingle_;
    const Explanations& rows_;
    const std::string& whole_;
    std::map<std::pair<const ElementRow*, Fate>, int>& tried_;
    std::size_t at_ = 0;
};

}  // namespace

TEST_CASE("explain: what it says of each attribute is what happens", "[jingle][explain]")
{
    std::map<std::pair<const ElementRow*, Fate>, int> tried;
    for (const auto* folder : { "jingle", "vectors" })
        for (const auto& path : documents::files(folder, ".xml")) {
            base::Arena arena;
            std::vector<const xmpp::Element*> requests;
            documents::find_all(*documents::parse(documents::slurp(path), arena), "jingle", xmpp::ns::jingle,
                                requests);
            for (const auto* request : requests) {
                INFO(path);
                const auto xml = xmpp::to_string(*request);
                const auto whole = to_text(*request);
                if (!whole)
                    continue;
                const auto rows = explain_xml(xml, nullptr, arena);
                REQUIRE(rows);
                AttributeWalk{ *documents::parse(xml, arena), *rows, *whole, tried };
            }
        }
    CHECK(tried.size() > 60);
}

TEST_CASE("explain: every element of the captures has its place in the file", "[jingle][explain]")
{
    for (const auto& path : documents::files("jingle", ".xml")) {
        const auto xml = documents::slurp(path);
        if (xml.find("<jingle ") == std::string::npos)
            continue;
        base::Arena arena;
        const auto rows = explain_xml(xml, nullptr, arena);
        INFO(path);
        REQUIRE(rows);
        const auto lines = sdp_test::lines_of(xml);
        for (const auto& row : *rows) {
            if (!row.input.starts_with('<'))
                continue;
            const auto tag = row.input.substr(0, row.input.size() - 1);
            CHECK(lines[row.place.line - 1].substr(row.place.column - 1, tag.size()) == tag);
        }
    }
}
