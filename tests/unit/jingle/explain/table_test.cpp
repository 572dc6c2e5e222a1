#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

#include "jingle/carry.hpp"
#include "jingle/explain.hpp"
#include "sdp/rules.hpp"
#include "unit/jingle/all_values.hpp"

using namespace jingle;

namespace {

namespace ns = xmpp::ns;

/// The rows that the table of a value asks for: one for its element, one for each attribute.
template <class T>
void check_rows(std::string_view element, std::string_view element_ns)
{
    const auto* own = find_element_row(element_ns, element, {});
    INFO(element);
    CHECK(own != nullptr);
    const auto check = [&](const auto& row) {
        const auto name
            = is_body<std::remove_cvref_t<decltype(row)>> ? std::string_view{ "text()" } : name_of(row);
        INFO(element << "/@" << name);
        CHECK(find_element_row(element_ns, element, name) != nullptr);
    };
    std::apply([&](const auto&... row) { (check(row), ...); },
               attribute_rows(static_cast<const T*>(nullptr)));
}

}  // namespace

TEST_CASE("mapping table: every attribute that the reader of SDP knows has a row", "[jingle][explain]")
{
    for (const auto& rule : sdp::rules()) {
        const auto name = "a=" + std::string{ rule.name };
        INFO(name);
        CHECK(find_line_row(name).line == name);
    }
}

TEST_CASE("mapping table: what has a place in Jingle is what the carry refuses", "[jingle][explain]")
{
    for (const auto& row : line_rows()) {
        if (!row.line.starts_with("a=") || row.line == "a=*")
            continue;
        INFO(row.line);
        // ice-options, rtcp, ptime and maxptime: in part there, in part carried.
        const auto in_part = row.fate == Fate::carried || row.otherwise == Fate::carried;
        CHECK(has_jingle_place(row.line.substr(2)) == !in_part);
    }
}

TEST_CASE("mapping table: no row stands twice, and each says what it must", "[jingle][explain]")
{
    std::set<std::string_view> lines;
    for (const auto& row : line_rows()) {
        INFO(row.line);
        CHECK(lines.insert(row.line).second);
        CHECK(row.place.empty()
              == (row.fate != Fate::translated && row.otherwise != Fate::translated && row.line != "c="
                  && row.line != "a=rtcp"));
        CHECK_FALSE(row.specification.empty());
        CHECK((row.otherwise == row.fate || !row.remark.empty()));
    }
    std::set<std::tuple<std::string_view, std::string_view, std::string_view>> elements;
    for (const auto& row : element_rows()) {
        INFO(row.element << " " << row.attribute);
        CHECK(elements.insert({ row.ns, row.element, row.attribute }).second);
        CHECK((row.fate != Fate::translated || !row.line.empty()));
        CHECK_FALSE(row.specification.empty());
    }
}

TEST_CASE("mapping table: every attribute that the reader of Jingle knows has a row", "[jingle][explain]")
{
    check_rows<Jingle>("jingle", ns::jingle);
    check_rows<Content>("content", ns::jingle);
    check_rows<RtpDescription>("description", ns::rtp);
    check_rows<PayloadType>("payload-type", ns::rtp);
    check_rows<Parameter>("parameter", ns::rtp);
    check_rows<Bandwidth>("bandwidth", ns::rtp);
    check_rows<Encryption>("encryption", ns::rtp);
    check_rows<Crypto>("crypto", ns::rtp);
    check_rows<ZrtpHash>("zrtp-hash", ns::zrtp);
    check_rows<Feedback>("rtcp-fb", ns::rtcp_fb);
    check_rows<FeedbackParameter>("parameter", ns::rtcp_fb);
    check_rows<HeaderExtension>("rtp-hdrext", ns::rtp_hdrext);
    check_rows<ExtensionParameter>("parameter", ns::rtp_hdrext);
    check_rows<MediaStream>("stream", ns::msid);
    check_rows<Source>("source", ns::ssma);
    check_rows<SourceParameter>("parameter", ns::ssma);
    check_rows<SourceGroup>("ssrc-group", ns::ssma);
    check_rows<Transport>("transport", ns::ice_udp);
    check_rows<Fingerprint>("fingerprint", ns::dtls);
    check_rows<SctpMap>("sctpmap", ns::dtls_sctp);
    check_rows<Candidate>("candidate", ns::ice_udp);
    check_rows<RemoteCandidate>("remote-candidate", ns::ice_udp);
    check_rows<Group>("group", ns::grouping);
}
