#pragma once

#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "component/pages.hpp"
#include "component/parking.hpp"
#include "jingle/call/xmpp_leg.hpp"
#include "roster/roster.hpp"
#include "unit/call/web_words.hpp"

namespace test {

using namespace std::chrono_literals;
using component::web::PageCallRef;

inline xmpp::Jid jid(std::string_view text)
{
    return xmpp::Jid::parse(text).value();
}

/// Pages of alice, bob and others of a.test around real calls and a real roster, with a clock to step. What a
/// page hears is a line; what goes to the server is bytes.
class PageDesk final : public component::CallDesk, public roster::DeviceSource {
public:
    PageDesk()
        : roster{ { .domain = "call.test", .policy = { roster::Default::local, { "a.test" } } },
                  { .wall_clock = [] { return roster::WallTime{ 24h }; }, .devices = { this } } }
        , calls{ settings(), roster }
        , pages{ "call.test", *this, [this] { return ++dice; } }
    {
        pages.connect(
            [this](const xmpp::Jid& page, const PageCallRef& call, const jingle::call::PageHears& what) {
                heard[page.full()].push_back(call.call_id + " " + std::visit(::web::Line{}, what));
                if (const auto* invited = std::get_if<jingle::call::PageInvite>(&what))
                    last_invite = *invited;
                return !deaf.contains(page.full());
            });
    }

    static jingle::call::Settings settings()
    {
        jingle::call::Settings settings;
        settings.domain = "call.test";
        settings.key = "key";
        settings.served_domains = { "a.test" };
        settings.limits = { 5000, 5000, 5000, 5000, 16 };
        return settings;
    }

    /// A page of `user` at a.test.
    static xmpp::Jid page(const std::string& user, const std::string& id = "1")
    {
        return jid(user + "\\40a.test@call.test/web-" + id);
    }
    xmpp::Jid open(const std::string& user, const std::string& id = "1")
    {
        open_[user + "@a.test"].push_back(page(user, id));
        return page(user, id);
    }

    [[nodiscard]] tl::expected<void, jingle::call::PageError>
    says(const xmpp::Jid& page, const std::string& call, const jingle::call::PageSays& what)
    {
        return pages.says(page, { call, {} }, what);
    }

    void with_calls(const std::function<void(jingle::call::Calls&, jingle::call::Turn&)>& what) override
    {
        base::Arena arena;
        jingle::call::Turn turn{ arena, now };
        what(calls, turn);
        for (std::size_t i = 0; i < turn.outputs.size(); ++i) {
            const auto done = turn.outputs[i];
            const auto leg = component::leg_of(done.output);
            if (done.call->leg(leg).is_page("call.test"))
                pages.hear(done, leg, calls, turn);
            else if (server == jingle::call::Server::away)
                parking.take(done, calls, turn);
            else
                jingle::call::append_stanza(sent, *done.call, done.output, arena);
        }
        pages.forget_ended();
    }

    void pass(std::chrono::milliseconds time)
    {
        now += time;
        with_calls([&](auto& all, auto& turn) {
            all.pass_time(turn, server);
            pages.pass_time(all, turn);
        });
    }

    void append_devices(const xmpp::Jid& user, std::vector<roster::Device>& all) const override
    {
        if (const auto found = open_.find(user.full()); found != open_.end())
            for (const auto& page : found->second)
                all.push_back({ page, roster::Rings::by_message, {} });
    }

    std::vector<std::string> take(const xmpp::Jid& page) { return std::exchange(heard[page.full()], {}); }

    roster::Roster roster;
    jingle::call::Calls calls;
    component::Pages pages;
    component::Parking parking;
    jingle::call::Server server = jingle::call::Server::there;
    jingle::call::Time now{ 1h };
    std::string sent;
    jingle::call::PageInvite last_invite;  ///< that any page heard
    std::map<std::string, std::vector<std::string>> heard;
    std::set<std::string> deaf;  ///< pages that are not there any more
    std::uint64_t dice = 0;

private:
    std::map<std::string, std::vector<xmpp::Jid>> open_;
};

}  // namespace test
