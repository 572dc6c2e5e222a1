#include <catch2/catch.hpp>

#include "jingle/candidate_policy.hpp"
#include "unit/jingle/profiles/requests.hpp"

using namespace jingle;
using namespace requests;

namespace {

const std::string mdns = "4c5f7f3e-1f2a-4b6c-9d8e-0123456789ab.local";

std::string trickle(const std::string& candidates)
{
    return request("transport-info", content("name='a'", ice(std::string{ credentials }, candidates)));
}

}  // namespace

TEST_CASE("policy: each reason to drop a candidate", "[jingle][policy]")
{
    struct Row {
        const char* candidate;
        CandidateDrop drop;
    };
    const auto row = GENERATE(values<Row>({
        { "ip='192.0.2.1' port='9' protocol='tcp' type='host' tcptype='active'", CandidateDrop::tcp },
        { "ip='printer.local' port='5' protocol='udp' type='host'", CandidateDrop::host_name },
        { "ip='evil.example.org' port='5' protocol='udp' type='srflx'", CandidateDrop::host_name },
        { "ip='127.0.0.1' port='5' protocol='udp' type='host'", CandidateDrop::loopback },
        { "ip='0.0.0.0' port='5' protocol='udp' type='host'", CandidateDrop::unusable_address },
        { "ip='224.0.0.1' port='5' protocol='udp' type='host'", CandidateDrop::unusable_address },
        { "ip='255.255.255.255' port='5' protocol='udp' type='host'", CandidateDrop::unusable_address },
        { "ip='192.0.2.1' port='0' protocol='udp' type='host'", CandidateDrop::port },
        { "ip='192.0.2.1' port='53' protocol='udp' type='host'", CandidateDrop::port },
        { "ip='192.0.2.1' port='5' protocol='ssltcp' type='host'", CandidateDrop::protocol },
        { "ip='192.0.2.1' port='5' protocol='udp' type='prflx'", CandidateDrop::peer_reflexive },
        { "ip='192.0.2.1' port='5' protocol='udp' type='ufrag'", CandidateDrop::type },
        { "ip='192.0.2.1' port='5' protocol='udp'", CandidateDrop::type },
    }));
    constexpr std::array<std::uint16_t, 1> denied{ 53 };
    base::Arena arena;
    CAPTURE(row.candidate);
    auto jingle = read(trickle(candidate(row.candidate)), arena);

    const auto outcome = apply({ .denied_ports = denied }, jingle, arena);

    CHECK(outcome.count(row.drop) == 1);
    CHECK(outcome.total_dropped() == 1);
    CHECK_FALSE(outcome.anything_to_send(NewCredentials::no));
    CHECK(outcome.anything_to_send(NewCredentials::yes));
    CHECK(jingle.contents[0].ice()->candidates.empty());
}

TEST_CASE("policy: each filter lets pass what it says and hides related addresses", "[jingle][policy]")
{
    struct Row {
        CandidateFilter filter;
        std::vector<std::string> left;
    };
    const auto row = GENERATE(values<Row>({
        { CandidateFilter::all,
          { "192.0.2.1", "10.0.0.1", "fe80::1", "100.64.0.1", mdns, "192.0.2.7", "192.0.2.8" } },
        { CandidateFilter::no_host_private, { "192.0.2.1", mdns, "192.0.2.7", "192.0.2.8" } },
        { CandidateFilter::no_host, { "192.0.2.7", "192.0.2.8" } },
        { CandidateFilter::relay, { "192.0.2.8" } },
    }));
    std::string candidates;
    for (const auto& ip : { std::string{ "192.0.2.1" }, std::string{ "10.0.0.1" }, std::string{ "fe80::1" },
                            std::string{ "100.64.0.1" }, mdns })
        candidates += candidate("ip='" + ip + "' port='5000' protocol='udp' type='host'");
    candidates
        += candidate("ip='192.0.2.7' port='5' protocol='udp' type='srflx' rel-addr='10.0.0.1' rel-port='5'");
    candidates
        += candidate("ip='192.0.2.8' port='5' protocol='udp' type='relay' rel-addr='192.0.2.7' rel-port='5'");
    base::Arena arena;
    auto jingle = read(trickle(candidates), arena);

    const auto outcome = apply({ .filter = row.filter }, jingle, arena);

    std::vector<std::string> left;
    for (const auto& c : jingle.contents[0].ice()->candidates) {
        left.emplace_back(c.ip);
        if (c.rel_addr && row.filter != CandidateFilter::all) {
            CHECK(*c.rel_addr == "0.0.0.0");
            CHECK(c.rel_port == 0);
        }
    }
    CHECK(left == row.left);
    CHECK(outcome.count(CandidateDrop::filtered) == 7 - row.left.size());
    CHECK(apply({ .filter = row.filter }, jingle, arena).total_dropped() == 0);
}

TEST_CASE("policy: repetitions, components and remote candidates go, order stays", "[jingle][policy]")
{
    base::Arena arena;
    const std::string one = "ip='192.0.2.1' port='5' protocol='udp' type='host'";
    auto jingle
        = read(trickle(candidate(one) + candidate("ip='192.0.2.2' port='6' protocol='UDP' type='host'")
                       + "<candidate component='1' id='x' priority='77' foundation='9' " + one + "/>"
                       + "<candidate component='3' id='y' priority='77' foundation='9' " + one + "/>"
                       + "<remote-candidate component='1' ip='10.0.0.9' port='7'/>"),
               arena);

    const auto outcome = apply({}, jingle, arena);

    CHECK(outcome.count(CandidateDrop::repeated) == 1);
    CHECK(outcome.count(CandidateDrop::component) == 1);
    CHECK(outcome.remote_candidates == 1);
    CHECK(outcome.kept == 2);
    CHECK(outcome.low_ports == 2);
    CHECK(jingle.contents[0].ice()->candidates[1].ip == "192.0.2.2");
    CHECK(outcome.anything_to_send(NewCredentials::no));
}

TEST_CASE("policy: TCP passes where it is allowed, never through relay", "[jingle][policy]")
{
    const auto xml
        = trickle(candidate("ip='192.0.2.1' port='0' protocol='tcp' type='host' tcptype='active'")
                  + candidate("ip='192.0.2.1' port='0' protocol='tcp' type='host' tcptype='passive'")
                  + candidate("ip='192.0.2.1' port='7' protocol='tcp' type='host'"));
    base::Arena arena;
    auto jingle = read(xml, arena);
    const auto outcome = apply({ .tcp = true }, jingle, arena);
    CHECK(outcome.kept == 1);
    CHECK(outcome.count(CandidateDrop::port) == 1);
    CHECK(outcome.count(CandidateDrop::protocol) == 1);
}

TEST_CASE("policy: the end of candidates is sent even when none is left", "[jingle][policy]")
{
    base::Arena arena;
    auto jingle = read(trickle(candidate("ip='10.0.0.1' port='5' protocol='udp' type='host'")
                               + "<gathering-complete xmlns='urn:xmpp:jingle:transports:ice:0'/>"),
                       arena);
    const auto outcome = apply({ .filter = CandidateFilter::relay }, jingle, arena);
    CHECK(outcome.is_emptied());
    CHECK(outcome.anything_to_send(NewCredentials::no));
}

TEST_CASE("policy: the carry and unknown items tell no address either", "[jingle][policy]")
{
    const std::string carry
        = "<sdp xmlns='urn:carillon:sdp-carry:0'><a n='rtcp' v='9 IN IP4 0.0.0.0'/><a n='rtcp' v='5 IN IP4 "
          "10.0.0.1'/>"
          "<line t='c' v='IN IP4 10.0.0.1'/><m proto='RTP/SAVPF' port='5000'/><m port='0'/><a n='tls-id' "
          "v='x'/>"
          "<a n='candidate' v='1 1 udp 1 10.0.0.1 5 typ host'/><cand id='c1'><x n='network-id' v='1'/></cand>"
          "<cand id='gone'><x n='network-id' v='1'/></cand></sdp>";
    const auto xml = request(
        "session-initiate",
        content("name='a'",
                rtp("audio")
                    + ice(std::string{ credentials },
                          carry + "<x xmlns='urn:x' host='10.0.0.1'/><y xmlns='urn:x' n='1'/>"
                              + candidate("ip='192.0.2.8' port='5000' protocol='udp' type='relay'"))));
    const auto text_after = [&](CandidateFilter filter) {
        base::Arena arena;
        auto jingle = read(xml, arena);
        apply({ .filter = filter }, jingle, arena);
        apply({ .filter = filter }, jingle, arena);
        return documents::written(jingle);
    };
    const auto relay = text_after(CandidateFilter::relay);
    CHECK(relay.find("10.0.0.1") == std::string::npos);
    CHECK(relay.find("port='5000'/><m") == std::string::npos);
    for (const auto* kept : { "0.0.0.0", "tls-id", "network-id", "port='0'", "RTP/SAVPF", "<y " })
        CHECK(relay.find(kept) != std::string::npos);
    CHECK(relay.find("gone") == std::string::npos);
    const auto all = text_after(CandidateFilter::all);
    CHECK(all.find("typ host") == std::string::npos);
    CHECK(all.find("IN IP4 10.0.0.1") != std::string::npos);
}
