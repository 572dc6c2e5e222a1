#include "component/link_command.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iostream>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "component/auth/link_secret.hpp"
#include "component/config_values.hpp"
#include "component/control_socket.hpp"
#include "component/file_lock.hpp"
#include "component/store_command.hpp"
#include "component/wall_time.hpp"
#include "component/xml_text.hpp"

namespace component {
namespace {

constexpr unsigned max_uses = 1'000'000;
constexpr std::size_t max_title = 200;

WallTime wall_now()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

template <std::size_t N>
std::array<std::uint8_t, N> random_bytes()
{
    std::array<std::uint8_t, N> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error{ "no random bytes from the system" };
    return bytes;
}

using Failed = tl::unexpected<ExitCode>;

tl::expected<std::optional<unsigned>, ExitCode> uses_of(const Arguments& arguments)
{
    if (!arguments.has("--uses"))
        return 1U;
    const auto text = arguments.value("--uses");
    if (text == "unlimited")
        return std::nullopt;
    unsigned uses{};
    const auto* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, uses);
    if (error != std::errc{} || end != last || uses == 0 || uses > max_uses)
        return Failed{ refuse_argument("--uses", "wants a number from 1 to 1000000, or unlimited") };
    return uses;
}

/// As --ttl says; without it, not yet known.
tl::expected<std::optional<WallTime>, ExitCode> expiry_of(const Arguments& arguments, WallTime now)
{
    const auto text = arguments.value("--ttl");
    if (text.empty() || text == "unlimited")
        return std::nullopt;
    const auto ttl = read_link_ttl({ std::string{ text }, 0, 0 });
    if (!ttl)
        return Failed{ refuse_argument("--ttl", ttl.error().what + ", or unlimited") };
    return now + *ttl;
}

/// A browser's Origin header, to be compared byte by byte.
bool is_origin(std::string_view text)
{
    const auto scheme = text.find("://");
    if (scheme == std::string_view::npos
        || (text.substr(0, scheme) != "https" && text.substr(0, scheme) != "http"))
        return false;
    const auto host = text.substr(scheme + 3);
    return !host.empty() && host.find_first_of("/?# \t\r\n\"") == std::string_view::npos
        && std::ranges::none_of(host, [](char c) { return c >= 'A' && c <= 'Z'; });
}

tl::expected<roster::CallLink, ExitCode> link_of(const Arguments& arguments, WallTime now)
{
    roster::CallLink link;
    link.made = now;
    link.title = arguments.value("--title");
    const auto owner = xmpp::Jid::parse(arguments.value("--to"));
    if (!owner || owner->local().empty() || owner->is_full())
        return Failed{ refuse_argument("--to", "wants who is called, like bob@example.org") };
    link.owner = *owner;
    if (link.title.size() > max_title || printable(link.title) != link.title)
        return Failed{ refuse_argument("--title", "wants a line of at most 200 bytes") };
    const auto uses = uses_of(arguments);
    if (!uses)
        return Failed{ uses.error() };
    link.uses_left = *uses;
    const auto expires = expiry_of(arguments, now);
    if (!expires)
        return Failed{ expires.error() };
    link.expires = *expires;
    if (const auto origin = arguments.value("--origin"); !origin.empty()) {
        if (!is_origin(origin))
            return Failed{ refuse_argument("--origin", "wants a site like https://www.example.org") };
        link.origins.emplace_back(origin);
    }
    return link;
}

/// The running service, if there is one. Without it the link is seen when it is opened.
void tell_service(const Arguments& arguments)
{
    const auto file = store_file(arguments);
    if (!file || !FileLock::holder(*file))
        return;
    if (const auto told = ControlSocket::ask(*file, "links"); !told)
        std::cerr << "the running service cannot be told: " << told.error().what << '\n';
}

int make_link(const Arguments& arguments)
{
    const auto made = new_link(arguments);
    if (!made)
        return made.error();
    std::cout << made->url << '\n';
    std::cerr << made->link.name << ": calls " << made->link.owner.full()
              << "; shown once, for only its hash is kept\n";
    return exit_ok;
}

std::string state_of(const roster::CallLink& link, WallTime now)
{
    if (link.revoked)
        return "revoked";
    if (link.expires && now >= *link.expires)
        return "expired";
    if (!link.uses_left)
        return "open";
    return *link.uses_left == 0 ? "used up" : fmt::format("{} left", *link.uses_left);
}

int list_links(const Arguments& arguments)
{
    return with_store(arguments, OpenFor::reading, [&](OpenedStore& store) {
        const auto now = wall_now();
        std::cout << fmt::format("{:<14} {:<10} {:<25} {:<24} {}\n", "NAME", "STATE", "EXPIRES", "CALLS",
                                 "TITLE");
        for (const auto& link : store.file.links())
            std::cout << fmt::format("{:<14} {:<10} {:<25} {:<24} {}\n", printable(link.name),
                                     state_of(link, now),
                                     link.expires ? to_local_text(*link.expires) : "never", link.owner.full(),
                                     printable(link.title));
        return exit_ok;
    });
}

int revoke_link(const Arguments& arguments)
{
    const auto name = arguments.value("NAME");
    if (name.empty())
        return refuse_argument("NAME", "which link? See: carillon link list");
    return with_store(arguments, OpenFor::writing, [&](OpenedStore& store) -> int {
        auto link = store.file.link_by_name(name);
        if (!link) {
            (void)refuse_argument(name, "there is no such link");
            return exit_no_input;
        }
        store.file.revoke(link->name);
        tell_service(arguments);
        std::cout << link->name << " is revoked\n";
        return exit_ok;
    });
}

int run(const Arguments& arguments)
{
    const auto action = arguments.value("ACTION");
    if (action == "new")
        return make_link(arguments);
    if (action == "list")
        return list_links(arguments);
    if (action == "revoke")
        return revoke_link(arguments);
    return refuse_argument(action, "wants new, list or revoke");
}

constexpr std::array parameters{
    Parameter{ "ACTION", "new, list or revoke", Parameter::Kind::positional, true },
    Parameter{ "NAME", "With revoke: the link's name", Parameter::Kind::positional },
    Parameter{ "--to", "With new: who is called" },
    Parameter{ "--ttl",
               "With new: how long it is good, like 2h or 7d, or unlimited; else [guests] link_ttl" },
    Parameter{ "--uses", "With new: how often, or unlimited (1)" },
    Parameter{ "--title", "With new: what the page shows" },
    Parameter{ "--origin", "With new: the one site it is good on, like https://www.example.org" },
};

}  // namespace

tl::expected<NewLink, ExitCode> new_link(const Arguments& arguments)
{
    auto link = link_of(arguments, wall_now());
    if (!link)
        return Failed{ link.error() };
    std::string url;
    const auto code = with_store(arguments, OpenFor::writing, [&](OpenedStore& store) {
        if (!store.config.http.public_url) {
            std::cerr << "[http] public_url is not set, and a link starts with it\n";
            return exit_config;
        }
        if (!store.config.guests.enabled) {
            std::cerr << "[guests] enabled is false, and a link would let nobody in\n";
            return exit_config;
        }
        if (!arguments.has("--ttl"))
            link->expires = link->made + store.config.guests.link_ttl;
        const auto secret = random_bytes<16>();
        link->name = auth::link_name(random_bytes<8>());
        link->secret_hash = auth::hash_of(secret);
        store.file.write(*link);
        tell_service(arguments);
        url = store.config.http.public_url->to_string() + "/c#" + auth::to_text(secret);
        return exit_ok;
    });
    if (code != exit_ok)
        return Failed{ static_cast<ExitCode>(code) };
    return NewLink{ *std::move(link), std::move(url) };
}

const Command link_command{ "link", "Make, list and revoke links by which guests call a user", parameters,
                            run,
                            "Works beside the running service, which sees a new or revoked link at once." };

}  // namespace component
