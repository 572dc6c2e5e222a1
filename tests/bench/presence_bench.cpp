// What presence costs: memory of CONTACTS users with two devices each and their subscriptions, the CPU of a
// storm in which each device changes its presence once, beside that of relaying the same stanzas (read, both
// addresses rewritten, written), and the time to choose the devices for one call. Prints JSON.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include <malloc.h>

#include "component/presence.hpp"
#include "roster/contact.hpp"
#include "xmpp/caps.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

namespace {

using component::Presence;

constexpr std::size_t storm = 50'000;
constexpr std::string_view header
    = "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:component:accept'>";

double cpu_us()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// Hands each stanza with its addresses prepared to `Step`.
template <class Step>
class Reading final : public xmpp::StreamHandler {
public:
    explicit Reading(Step step)
        : step_{ std::move(step) }
    {
        static_cast<void>(reader_.feed(header));
    }
    bool feed(std::string_view bytes) { return bool(reader_.feed(bytes)); }
    void on_stream_open(const xmpp::Element&) override { }
    void on_stream_close() override { }
    void on_skipped(const xmpp::Element&, xmpp::SkipReason) override { std::abort(); }
    void on_stanza(xmpp::Element& stanza) override
    {
        const auto own = xmpp::Jid::parse(stanza.attribute_or_empty("to"));
        const auto peer = xmpp::Jid::parse(stanza.attribute_or_empty("from"));
        if (!own || !peer)
            std::abort();
        step_(stanza, *own, *peer);
    }

private:
    Step step_;
    xmpp::Reader reader_{ *this };
};

std::string user(std::size_t number)
{
    return "user" + std::to_string(number) + "@example.test";
}

std::string contact(std::size_t number)
{
    return "friend" + std::to_string(number) + "\\40example.test@call.bench.test";
}

std::string full(std::size_t number, std::size_t device)
{
    return user(number) + (device == 0 ? "/Conversations." : "/dino.")
        + std::to_string(number * 7919 % 65'536);
}

/// The answers of some kinds of clients, none of which knows Message Initiation, and their caps.
struct Kinds {
    static constexpr std::size_t count = 50;
    std::vector<std::string> queries;
    std::vector<std::string> vers;

    Kinds()
    {
        namespace ns = xmpp::ns;
        for (std::size_t i = 0; i < count; ++i) {
            base::Arena arena;
            xmpp::DiscoInfo info;
            info.identities.push_back(arena, { "client", "phone", arena.copy("C" + std::to_string(i)), {} });
            for (const auto feature : { ns::jingle, ns::rtp, ns::rtp_audio, ns::ice_udp, ns::dtls })
                info.features.push_back(arena, feature);
            vers.push_back(xmpp::verification_hash(info).value());
            auto* iq = xmpp::Element::create(arena, "iq", ns::component);
            queries.push_back(xmpp::to_string(info.append_to(*iq, arena)));
        }
    }
};
const Kinds kinds;

std::string presence(std::size_t number, std::size_t device, std::string_view show)
{
    std::string xml = "<presence from='" + full(number, device);
    xml.append("' to='").append(contact(number));
    xml.append("'><show>")
        .append(show)
        .append(
            "</show><priority>5</priority>"
            "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://conversations.im' ver='");
    return xml.append(kinds.vers[number % Kinds::count]).append("'/></presence>");
}

std::string subscription(std::size_t number, std::string_view type)
{
    return "<presence from='" + user(number) + "' to='" + contact(number) + "' type='" + std::string{ type }
    + "'/>";
}

}  // namespace

int main(int argc, char** argv)
{
    const std::size_t contacts = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
    base::Arena arena;
    std::string out;
    const auto start = Presence::Clock::now();
    const component::Answers answers{ "bench" };
    const auto before = mallinfo2().uordblks;
    Presence desk{ { "call.bench.test", "q.", [](const auto&, const auto&) { return false; } },
                   answers,
                   nullptr };
    Reading hearing{ [&](xmpp::Element& stanza, const xmpp::Jid& own, const xmpp::Jid& peer) {
        arena.reset();
        Presence::Turn turn{ arena, start };
        if (stanza.name == "iq") {
            desk.take_reply(stanza, turn);
            return;
        }
        desk.received(stanza, own, peer, turn);
        for (const auto* const answer : turn.out)
            xmpp::Writer{ out, xmpp::ns::component }.element(*answer);
    } };
    for (std::size_t i = 0; i < contacts; ++i) {
        hearing.feed(subscription(i, "subscribe"));
        hearing.feed(subscription(i, "subscribed"));
        for (const std::size_t device : { 0U, 1U }) {
            out.clear();
            hearing.feed(presence(i, device, "chat"));
            if (const auto at = out.find("id='"); at != std::string::npos)
                hearing.feed("<iq type='result' to='call.bench.test' from='" + full(i, device) + "' "
                             + out.substr(at, out.find('\'', at + 4) + 1 - at) + ">"
                             + kinds.queries[i % Kinds::count] + "</iq>");
        }
    }
    out.shrink_to_fit();
    const auto bytes = mallinfo2().uordblks - before;

    std::string storm_bytes;
    for (std::size_t i = 0; i < storm; ++i)
        storm_bytes += presence(i / 2 * 2'654'435'761U % contacts, i % 2, "away");
    Reading relaying{ [&](xmpp::Element& stanza, const xmpp::Jid& own, const xmpp::Jid& peer) {
        arena.reset();
        const auto as = roster::contact_address(peer.to_bare(), "call.bench.test");
        const auto whom = roster::contact_of(own);
        stanza.set(arena, "from", arena.copy(as->full()));
        stanza.set(arena, "to", arena.copy(whom->user.full()));
        xmpp::Writer{ out, xmpp::ns::component }.element(stanza);
        if (out.size() > 65'536)
            out.clear();
    } };
    auto mark = cpu_us();
    relaying.feed(storm_bytes);
    const auto relayed = (cpu_us() - mark) / storm;
    out.clear();
    mark = cpu_us();
    hearing.feed(storm_bytes);
    const auto heard = (cpu_us() - mark) / storm;

    std::size_t chosen = 0;
    mark = cpu_us();
    for (std::size_t i = 0; i < storm; ++i) {
        std::vector<roster::Device> devices;
        const auto who = xmpp::Jid::parse(user(i % contacts));
        desk.devices().append_devices(*who, devices);
        chosen += devices.size();
    }
    const auto choosing = (cpu_us() - mark) / storm;

    std::printf("{\"contacts\":%zu,\"devices\":%zu,\"subscriptions\":%zu,\"megabytes\":%.1f,"
                "\"relay_us\":%.2f,\"presence_us\":%.2f,\"ratio\":%.2f,\"choose_us\":%.2f,\"chosen\":%zu}\n",
                contacts, desk.devices().size(), desk.subscriptions().size(),
                static_cast<double>(bytes) / 1e6, relayed, heard, heard / relayed, choosing, chosen);
}
