#include "component/web/http_answer.hpp"

#include <algorithm>

namespace component::web {
namespace {

constexpr std::string_view guest_page = "/c";
constexpr std::string_view client_folder = "/client/";
constexpr std::string_view html = "text/html";

std::string_view path_of(std::string_view target)
{
    return target.substr(0, target.find_first_of("?#"));
}

/// ws:// and wss:// of the same host: 'self' covers them in some browsers only. Nothing for a host that could
/// end the directive.
std::string socket_sources(std::string_view host)
{
    const auto own = Origin::parse(std::string{ "https://" }.append(host));
    if (!own)
        return {};
    return " wss://" + std::string{ host } + " ws://" + std::string{ host };
}

std::string content_security_policy(const HttpRequest& request, const HttpSite& site)
{
    std::string policy
        = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
          "media-src 'self' blob: mediastream:; manifest-src 'self'; base-uri 'none'; "
          "form-action 'none'; connect-src 'self'"
        + socket_sources(request.host) + "; frame-ancestors ";
    if (path_of(request.target) != guest_page)
        return policy + "'none'";
    policy += "'self'";
    for (const auto& embedder : site.embedders)
        policy.append(" ").append(embedder.to_string());
    return policy;
}

void add_security(HttpAnswer& answer, const HttpRequest& request, const HttpSite& site)
{
    auto& headers = answer.headers;
    headers.emplace_back("X-Content-Type-Options", "nosniff");
    headers.emplace_back("Referrer-Policy", "no-referrer");
    if (site.secure)
        headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
    const auto path = path_of(request.target);
    if (path.starts_with(client_folder)) {
        headers.emplace_back("Access-Control-Allow-Origin", "*");
        headers.emplace_back("Cross-Origin-Resource-Policy", "cross-origin");
    }
}

void add_page(HttpAnswer& answer, const HttpRequest& request, const HttpSite& site)
{
    answer.headers.emplace_back("Content-Security-Policy", content_security_policy(request, site));
    answer.headers.emplace_back(
        "Permissions-Policy",
        "camera=(self), microphone=(self), display-capture=(self), "
        "speaker-selection=(self), autoplay=(self), geolocation=(), payment=(), usb=()");
}

/// RFC 9110, 13.1.2; weak and strong are the same here.
bool has_etag(std::string_view if_none_match, std::string_view etag)
{
    return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

HttpAnswer words(unsigned status, std::string_view text)
{
    HttpAnswer result{ .status = status, .headers = {}, .body = text };
    result.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
    result.headers.emplace_back("Cache-Control", "no-store");
    return result;
}

HttpAnswer serve(const Asset& asset, const HttpRequest& request, const HttpSite& site)
{
    HttpAnswer result{ .status = 200, .headers = {}, .body = asset.bytes };
    result.headers.emplace_back("ETag", asset.etag);
    // The pages and their scripts have to be of one version: each is asked for again, and rarely sent.
    result.headers.emplace_back("Cache-Control", "no-cache");
    if (has_etag(request.if_none_match, asset.etag)) {
        result.status = 304;
        result.body = {};
    } else {
        result.headers.emplace_back("Content-Type", asset.content_type);
    }
    if (asset.content_type.starts_with(html))
        add_page(result, request, site);
    return result;
}

/// Schemes are of any case (RFC 3986, 3.1).
bool is_http(std::string_view scheme)
{
    const auto is = [scheme](std::string_view name) {
        return std::ranges::equal(scheme, name, [](char a, char b) {
            return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b);
        });
    };
    return is("http") || is("https");
}

HttpAnswer route(const HttpRequest& request, const HttpSite& site)
{
    const auto path = path_of(request.target);
    if (path == "/healthz")
        return words(200, "ok\n");
    const auto found = std::ranges::find(site.assets, path, &Asset::path);
    return found == site.assets.end() ? words(404, "There is nothing here.\n") : serve(*found, request, site);
}

}  // namespace

HttpTarget target_of(std::string_view target, std::string_view host_header)
{
    constexpr std::string_view separator = "://";
    const auto scheme = target.find(separator);
    if (scheme == std::string_view::npos || !is_http(target.substr(0, scheme)))
        return { target, host_header };
    const auto rest = target.substr(scheme + separator.size());
    const auto end = rest.find_first_of("/?#");
    const bool has_path = end != std::string_view::npos && rest[end] == '/';
    return { has_path ? rest.substr(end) : "/", rest.substr(0, end) };
}

HttpAnswer refuse(unsigned status, std::string_view text)
{
    auto result = words(status, text);
    result.close = true;
    return result;
}

HttpAnswer answer(const HttpRequest& request, const HttpSite& site)
{
    HttpAnswer result;
    if (request.method != "GET" && request.method != "HEAD") {
        result = refuse(405, "Only GET and HEAD.\n");
        result.headers.emplace_back("Allow", "GET, HEAD");
    } else if (request.has_body) {
        result = refuse(413, "A request here has no body.\n");
    } else if (!request.target.starts_with('/')) {
        result = refuse(400, "This is no path.\n");
    } else {
        result = route(request, site);
    }
    add_security(result, request, site);
    return result;
}

}  // namespace component::web
