// What a page's frame costs from its text to all that comes of it, and what parsing its JSON costs: for
// callgrind.
//   frames_bench parse|carry KIND COUNT    KIND: ping, info, candidates, negotiate, call
// "carry": the sessions, pages and calls of a process, without sockets and journal. "parse": the same frames
// are only parsed. Prints how many frames there were.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include "component/pages.hpp"
#include "component/parking.hpp"
#include "component/web/json_writer.hpp"
#include "component/web/sessions.hpp"
#include "jingle/call/xmpp_leg.hpp"
#include "roster/roster.hpp"

namespace {

namespace web = component::web;
using jingle::call::Calls;
using jingle::call::Turn;

struct Sink final : web::Wire {
    void send(web::ConnectionId, std::string frame) override
    {
        bytes += frame.size();
        if (frame.find(R"("error":)") != std::string::npos) {
            std::fprintf(stderr, "refused: %s\n", frame.c_str());
            std::exit(1);
        }
    }
    void close(web::ConnectionId, web::CloseCode) override { std::exit(1); }
    std::size_t bytes = 0;
};

struct Authenticator final : web::Authenticator {
    void check(const web::Credentials& credentials, web::WallTime, Done done) override
    {
        web::Identity identity;
        identity.user = xmpp::Jid::parse(credentials.token + "@example.org");
        identity.display_name = credentials.token;
        done(identity);
    }
    bool still_good(const web::Identity&, web::WallTime) const override { return true; }
    std::string seal(std::string_view text) const override { return std::string{ text }; }
    std::optional<std::string> unseal(std::string_view) const override { return std::nullopt; }
};

struct Ice final : web::IceServers {
    std::optional<web::IceConfig> servers_for(const xmpp::Jid&, web::WallTime) override
    {
        return web::IceConfig{};
    }
};

/// Everything between a frame and the frames and stanzas that it causes.
class Process final : public component::CallDesk {
public:
    Process()
        : roster_{ { .domain = "call.example.org", .policy = { roster::Default::local, { "example.org" } } },
                   { .wall_clock = [] { return roster::WallTime{}; }, .devices = {} } }
        , calls_{ settings(), roster_ }
        , pages_{ "call.example.org", *this, [this] { return ++random_; } }
        , sessions_{ "call.example.org",
                     limits(),
                     { sink_,
                       authenticator_,
                       pages_,
                       ice_,
                       {},
                       [this] { return now_; },
                       [this] { return "s" + std::to_string(++random_); } } }
    {
        roster_.add_source(sessions_);
        pages_.connect(
            [this](const xmpp::Jid& page, const web::PageCallRef& call, const jingle::call::PageHears& what) {
                return sessions_.hears(page, call, what);
            });
    }

    void open(web::ConnectionId page, const std::string& user)
    {
        sessions_.opened(page, { user, "https://example.org" });
        say(page,
            R"({"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"auth":{"type":"jwt","token":")"
                + user + R"("}}})");
    }
    void say(web::ConnectionId page, std::string_view frame)
    {
        // So that no limit on frequency is met.
        now_.steady += std::chrono::seconds{ 10 };
        sessions_.received(page, frame);
    }
    void with_calls(const std::function<void(Calls&, Turn&)>& what) override
    {
        base::Arena arena;
        Turn turn{ arena, now_.steady };
        what(calls_, turn);
        for (std::size_t i = 0; i < turn.outputs.size(); ++i) {
            const auto done = turn.outputs[i];
            const auto leg = component::leg_of(done.output);
            if (done.call->leg(leg).is_page("call.example.org"))
                pages_.hear(done, leg, calls_, turn);
            else
                jingle::call::append_stanza(stanzas_, *done.call, done.output, arena);
        }
        stanzas_.clear();
        pages_.forget_ended();
    }

private:
    static jingle::call::Settings settings()
    {
        jingle::call::Settings settings;
        settings.domain = "call.example.org";
        settings.key = "key";
        settings.served_domains = { "example.org" };
        settings.limits = { 1'000'000, 1'000'000, 1'000'000, 1'000'000, 16 };
        return settings;
    }
    static web::SessionLimits limits()
    {
        web::SessionLimits limits;
        limits.resume_token = std::chrono::hours{ 24 * 365 };
        return limits;
    }

    Sink sink_;
    Authenticator authenticator_;
    Ice ice_;
    std::uint64_t random_ = 0;
    web::Now now_{ web::SteadyTime{ std::chrono::hours{ 1 } }, web::WallTime{ std::chrono::hours{ 1 } } };
    std::string stanzas_;
    roster::Roster roster_;
    Calls calls_;
    component::Pages pages_;
    web::Sessions sessions_;
};

std::string file(const std::string& name)
{
    std::ostringstream text;
    text << std::ifstream{ std::string{ CORPUS } + "/" + name }.rdbuf();
    return text.str();
}

std::string replaced(std::string text, std::string_view what, std::string_view with)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

std::string frame(const std::string& method, const std::string& call, const std::string& more,
                  std::size_t seq)
{
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(seq + 2) + R"(,"ack":)" + std::to_string(4 * seq)
        + R"(,"method":")" + method + "\""
        + (call.empty() ? "" : R"(,"params":{"call_id":")" + call + "\"" + more + "}") + "}";
}

std::string description(const std::string& key, const std::string& type, const std::string& sdp)
{
    std::string out = ",\"" + key + R"(":{"type":")" + type + R"(","sdp":)";
    web::append_json(out, sdp);
    return out + "}";
}

struct Said {
    web::ConnectionId page;
    std::string frame;
};

/// The frames of one round of that kind.
class Script {
public:
    explicit Script(std::string kind)
        : kind_{ std::move(kind) }
    {
    }

    std::vector<Said> begin() const { return call("c", 0); }

    std::vector<Said> round(std::size_t n) const
    {
        const auto seq = n + 100;
        if (kind_ == "ping")
            return { { 1, frame("ping", "", "", seq) } };
        if (kind_ == "info")
            return {
                { 1, frame("call.info", "c", n % 2 == 0 ? R"(,"mute":["audio"])" : R"(,"mute":[])", seq) }
            };
        if (kind_ == "candidates")
            return {
                { 1,
                  frame(
                      "call.candidates", "c",
                      R"(,"candidates":[{"candidate":"candidate:4270177878 1 udp 2122194687 192.0.2.)"
                          + std::to_string(n % 200 + 1) + " " + std::to_string(1024 + n)
                          + R"( typ host generation 0 ufrag 7/kp network-id 3 network-cost 50","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"7/kp"}])",
                      seq) }
            };
        if (kind_ == "negotiate") {
            // Held and taken up again, by turns.
            const auto version = " " + std::to_string(n + 3) + " IN";
            const auto direction = n % 2 == 0 ? "a=sendonly" : "a=sendrecv";
            const auto answering = n % 2 == 0 ? "a=recvonly" : "a=sendrecv";
            const auto offer = replaced(replaced(offer_, " 2 IN", version), "a=sendrecv", direction);
            const auto answer = replaced(replaced(answer_, " 2 IN", version), "a=sendrecv", answering);
            return { { 1, frame("call.negotiate", "c", description("description", "offer", offer), seq) },
                     { 2, frame("call.negotiate", "c", description("description", "answer", answer), seq) } };
        }
        if (kind_ == "call") {
            const auto id = "c" + std::to_string(n);
            auto all = call(id, seq);
            all.push_back({ 1, frame("call.hangup", id, "", seq) });
            return all;
        }
        std::fprintf(stderr, "no kind %s\n", kind_.c_str());
        std::exit(64);
    }

private:
    std::vector<Said> call(const std::string& id, std::size_t seq) const
    {
        return { { 1,
                   frame("call.invite", id,
                         R"(,"to":"bob@example.org","media":["audio","video"])"
                             + description("offer", "offer", offer_),
                         seq) },
                 { 2, frame("call.ringing", id, "", seq) },
                 { 2, frame("call.accept", id, "", seq) },
                 { 2, frame("call.negotiate", id, description("description", "answer", answer_), seq) } };
    }

    std::string kind_;
    std::string offer_ = file("audio-video.offer.sdp");
    std::string answer_ = file("audio-video.answer.sdp");
};

void parse(const std::string& text)
{
    std::array<unsigned char, std::size_t{ 8 } * 1024> first_block;  // NOLINT: as the gateway does it
    boost::json::monotonic_resource memory{ first_block.data(), first_block.size() };
    if (!boost::json::parse(text, &memory).is_object())
        std::abort();
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 4) {
        std::cerr << "usage: frames_bench parse|carry ping|info|candidates|negotiate|call COUNT\n";
        return 64;
    }
    const auto carry = std::string_view{ argv[1] } == "carry";
    const Script script{ argv[2] };
    Process process;
    process.open(1, "alice");
    process.open(2, "bob");
    for (const auto& [page, text] : script.begin())
        process.say(page, text);
    std::size_t frames = 0;
    for (std::size_t n = 0; n < static_cast<std::size_t>(std::atoi(argv[3])); ++n)
        for (const auto& [page, text] : script.round(n)) {
            ++frames;
            if (carry)
                process.say(page, text);
            else
                parse(text);
        }
    std::printf("%zu\n", frames);
}
