#pragma once

#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "component/web/sessions.hpp"
#include "support/json_schema.hpp"

namespace fake {

namespace web = component::web;
namespace json = boost::json;
using namespace std::chrono_literals;

/// Takes what goes out; every frame has to be as published.
struct Wire final : web::Wire {
    void send(web::ConnectionId connection, std::string frame) override
    {
        INFO(frame);
        CHECK(support::protocol().problem(frame, "ServerFrame") == "");
        sent[connection].push_back(json::parse(frame));
    }
    void close(web::ConnectionId connection, web::CloseCode code) override { closed[connection] = code; }

    std::map<web::ConnectionId, std::vector<json::value>> sent;
    std::map<web::ConnectionId, web::CloseCode> closed;
};

/// Lets in "alice", "bob" (of example.org), "nick" (a name), "guest" (a link to bob) and "short" (alice for a
/// minute); "later" waits for let_in().
struct Authenticator final : web::Authenticator {
    static web::Identity user(const std::string& name)
    {
        web::Identity identity;
        identity.user = xmpp::Jid::parse(name + "@example.org");
        identity.display_name = name;
        return identity;
    }

    Checked identify(const std::string& token, web::WallTime now) const
    {
        if (token == "alice" || token == "bob")
            return user(token);
        if (token == "short") {
            auto identity = user("alice");
            identity.expires = now + 60s;
            return identity;
        }
        if (token == "limited") {
            auto identity = user("alice");
            identity.may_call = std::vector<std::string>{ "*@example.org" };
            identity.media.video = false;
            identity.max_calls = 1;
            return identity;
        }
        if (token == "callable") {
            auto identity = user("alice");
            identity.may_call.emplace();
            return identity;
        }
        if (token == "nick") {
            web::Identity identity;
            identity.name = "nick";
            return identity;
        }
        if (token == "guest") {
            web::Identity identity;
            identity.kind = web::Identity::Kind::guest;
            identity.name = "shop-7f3k";
            identity.callee = "bob@example.org";
            identity.callee_name = "Bob";
            return identity;
        }
        if (token == "unusable") {
            web::Identity identity;
            identity.name = "a@b";
            return identity;
        }
        return tl::make_unexpected(web::AuthFailure{ .detail = "no such token" });
    }

    void check(const web::Credentials& credentials, web::WallTime now, Done done) override
    {
        checked.push_back(credentials);
        if (credentials.token == "later" || credentials.type == web::Credentials::Type::xmpp)
            waiting = std::move(done);
        else
            done(identify(credentials.token, now));
    }
    bool still_good(const web::Identity&, web::WallTime) const override { return links_good; }
    // Sealing is somebody else's; here it only has to be told from what is not sealed.
    std::string seal(std::string_view text) const override { return "sealed:" + std::string{ text }; }
    std::optional<std::string> unseal(std::string_view sealed) const override
    {
        if (!sealed.starts_with("sealed:"))
            return std::nullopt;
        return std::string{ sealed.substr(7) };
    }

    std::vector<web::Credentials> checked;
    Done waiting;
    bool links_good = true;
};

struct Calls final : web::PagePort {
    struct Said {
        xmpp::Jid page;
        web::PageCallRef call;
        jingle::call::PageSays what;
    };

    tl::expected<void, jingle::call::PageError> says(const xmpp::Jid& page, const web::PageCallRef& call,
                                                     const jingle::call::PageSays& what) override
    {
        if (refuse)
            return tl::make_unexpected(*refuse);
        said.push_back({ page, call, what });
        return {};
    }
    void reports(const xmpp::Jid&, const web::PageCallRef&, const web::PageStats& stats) override
    {
        reported.push_back(stats);
    }
    std::vector<web::LiveCall> calls_of(const xmpp::Jid&) const override { return live; }
    void reloaded(const xmpp::Jid& page) override { loaded_anew.push_back(page.full()); }
    void missed(const xmpp::Jid& page) override { missing.push_back(page.full()); }
    void left(const xmpp::Jid& page) override { gone.push_back(page.full()); }

    std::vector<Said> said;
    std::vector<web::PageStats> reported;
    std::vector<web::LiveCall> live;
    std::vector<std::string> gone;
    std::vector<std::string> loaded_anew;
    std::vector<std::string> missing;
    std::optional<jingle::call::PageError> refuse;
};

struct Ice final : web::IceServers {
    std::optional<web::IceConfig> servers_for(const xmpp::Jid&, web::WallTime) override
    {
        ++asked;
        return config;
    }
    int asked = 0;
    std::optional<web::IceConfig> config
        = web::IceConfig{ { { .urls = { "turn:turn.test:3478" }, .username = "u", .credential = "c" } },
                          600s };
};

/// Sessions with everything around them.
struct Pages {
    explicit Pages(web::SessionLimits limits = {})
        : limits_{ limits }
    {
        restart();
    }

    /// Carillon stops and another one starts: nothing is left in memory.
    void restart()
    {
        web::SessionPorts ports{ wire,
                                 authenticator,
                                 calls,
                                 ice,
                                 presence,
                                 [this] { return now; },
                                 [this] { return "id" + std::to_string(++ids_); } };
        sessions = std::make_unique<web::Sessions>("call.example.org", limits_, std::move(ports));
    }

    void open(web::ConnectionId connection, std::optional<std::string> origin = "https://www.test",
              std::string address = "192.0.2.1")
    {
        sessions->opened(connection, { std::move(address), std::move(origin) });
    }
    /// A frame that is as published.
    void say(web::ConnectionId connection, const std::string& frame)
    {
        INFO(frame);
        CHECK(support::protocol().problem(frame, "ClientFrame") == "");
        sessions->received(connection, frame);
    }
    /// Opens and says hello; the last frame that came back.
    json::value hello(web::ConnectionId connection, const std::string& type, const std::string& token,
                      const std::string& more = "")
    {
        open(connection);
        say(connection,
            R"({"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"auth":{"type":")" + type
                + R"(","token":)" + json::serialize(json::string{ token }) + "}" + more + "}}");
        return wire.sent[connection].empty() ? json::value{} : wire.sent[connection].front();
    }
    json::value resume(web::ConnectionId connection, const std::string& token, int last_seq)
    {
        return hello(connection, "resume", token, R"(,"last_seq":)" + std::to_string(last_seq));
    }
    const json::value& last(web::ConnectionId connection) { return wire.sent[connection].back(); }
    /// Time goes by, with a tick each second.
    void pass(std::chrono::seconds time)
    {
        for (; time > 0s; time -= 1s) {
            now.steady += 1s;
            now.wall += 1s;
            sessions->tick();
        }
    }

    Wire wire;
    Authenticator authenticator;
    Calls calls;
    Ice ice;
    web::PresenceLookup presence;
    web::Now now{ web::SteadyTime{ 1000s }, web::WallTime{ 1'700'000'000s } };
    std::unique_ptr<web::Sessions> sessions;

private:
    web::SessionLimits limits_;
    int ids_ = 0;
};

inline std::string text(const json::value& value)
{
    return value.as_string().c_str();
}
inline std::string token_of(const json::value& hello)
{
    return text(hello.at("result").at("resume_token"));
}
inline std::string address_of(const json::value& hello)
{
    return text(hello.at("result").at("jid"));
}
inline std::int64_t code_of(const json::value& frame)
{
    return frame.at("error").at("code").as_int64();
}
inline std::string request(const std::string& method, const std::string& params = "{}", int id = 2)
{
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method + R"(","params":)"
        + params + "}";
}

}  // namespace fake
