#include "component/turn_command.hpp"

#include <array>
#include <iostream>

#include "component/relaying.hpp"
#include "component/settings.hpp"
#include "component/wall_time.hpp"
#include "component/xml_text.hpp"

namespace component {
namespace {

constexpr std::string_view default_user = "check";

std::string to_json(const IceServers& ice)
{
    std::string out = "{\"iceServers\":[";
    for (std::size_t i = 0; i < ice.servers.size(); ++i) {
        const auto& server = ice.servers[i];
        out += i > 0 ? ",{\"urls\":[" : "{\"urls\":[";
        for (std::size_t j = 0; j < server.urls.size(); ++j) {
            if (j > 0)
                out += ',';
            append_json(out, server.urls[j]);
        }
        out += ']';
        if (!server.username.empty()) {
            out += ",\"username\":";
            append_json(out, server.username);
            out += ",\"credential\":";
            append_json(out, server.credential);
        }
        out += '}';
    }
    out += ']';
    if (ice.expires) {
        out += ",\"expires\":";
        append_json(out, to_utc_text(*ice.expires));
    }
    return out + "}\n";
}

int run(const Arguments& arguments)
{
    const auto parsed = load_config(arguments.config_file);
    for (const auto& error : parsed.errors)
        std::cerr << to_string(error, arguments.config_file) << '\n';
    if (!parsed.ok())
        return exit_config;
    const auto& turn = parsed.config.turn;
    const auto secret = load_turn_secret(turn);
    if (!secret) {
        std::cerr << secret.error().what << '\n';
        return exit_config;
    }
    if (turn.source == TurnSource::xep0215) {
        std::cerr << "[turn] source is \"xep0215\": only the running component can ask its server\n";
        return exit_unavailable;
    }
    const auto user = arguments.has("--user") ? arguments.value("--user") : default_user;
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    Relaying relaying{ turn, secret->secret,
                       [](const xmpp::Element&, const std::function<void(const xmpp::Element*)>&) {} };
    relaying.relays_for(user, now, [](const Relays& relays) { std::cout << to_json(ice_servers(relays)); });
    return exit_ok;
}

constexpr std::array parameters{
    Parameter{ "--user", "For whom; the name shows in the relay's log (check)" },
};

}  // namespace

const Command turn_command{ "turn", "Show relay credentials as a page gets them, as JSON", parameters, run,
                            "To try them: turnutils_uclient -u USERNAME -w CREDENTIAL HOST" };

}  // namespace component
