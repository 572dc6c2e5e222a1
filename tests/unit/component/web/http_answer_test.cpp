#include <algorithm>
#include <array>

#include <catch2/catch.hpp>

#include "component/web/http_answer.hpp"

namespace {

using namespace component::web;

constexpr std::array files{
    Asset{ "/", "text/html; charset=utf-8", "\"a1\"", "<p>" },
    Asset{ "/c", "text/html; charset=utf-8", "\"c1\"", "<b>" },
    Asset{ "/client/v1.js", "text/javascript; charset=utf-8", "\"j1\"", "export{}" },
};
const HttpSite site{ files, { Origin::parse("https://shop.test").value() }, false };

std::string header(const HttpAnswer& answer, std::string_view name)
{
    const auto found
        = std::ranges::find(answer.headers, name, &std::pair<std::string_view, std::string>::first);
    return found == answer.headers.end() ? "" : found->second;
}

HttpAnswer get(std::string_view target, std::string_view if_none_match = "")
{
    return answer({ .method = "GET", .target = target, .host = "call.test", .if_none_match = if_none_match },
                  site);
}

}  // namespace

TEST_CASE("http: pages come with a policy that lets nothing in from elsewhere", "[web][http]")
{
    const auto page = get("/?x=1");
    CHECK(page.status == 200);
    CHECK(page.body == "<p>");
    const auto policy = header(page, "Content-Security-Policy");
    CHECK(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
    CHECK(policy.find("connect-src 'self' wss://call.test ws://call.test;") != std::string::npos);
    CHECK(policy.ends_with("frame-ancestors 'none'"));
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(header(page, "Permissions-Policy").starts_with("camera=(self), microphone=(self)"));
    CHECK(header(page, "X-Content-Type-Options") == "nosniff");
    CHECK(header(page, "Referrer-Policy") == "no-referrer");
    CHECK(header(page, "Access-Control-Allow-Origin").empty());
    CHECK(header(get("/c"), "Content-Security-Policy").ends_with("frame-ancestors 'self' https://shop.test"));
}

TEST_CASE("http: a host that would end the policy is left out of it", "[web][http][hostile]")
{
    const auto page
        = answer({ .method = "GET", .target = "/", .host = "x; script-src *", .if_none_match = "" }, site);
    CHECK(header(page, "Content-Security-Policy").find("script-src *") == std::string::npos);
}

TEST_CASE("http: the client library may be imported from anywhere", "[web][http]")
{
    const auto script = get("/client/v1.js");
    CHECK(header(script, "Content-Type") == "text/javascript; charset=utf-8");
    CHECK(header(script, "Access-Control-Allow-Origin") == "*");
    CHECK(header(script, "Cross-Origin-Resource-Policy") == "cross-origin");
    CHECK(header(script, "Cache-Control") == "no-cache");
}

TEST_CASE("http: what the browser has already is not sent again", "[web][http]")
{
    CHECK(get("/", "\"a1\"").status == 304);
    CHECK(get("/", "W/\"x\", \"a1\"").status == 304);
    CHECK(get("/", "\"a1\"").body.empty());
    CHECK(get("/", "\"a2\"").status == 200);
}

TEST_CASE("http: a target names its host itself, or leaves it to the header", "[web][http]")
{
    struct Row {
        std::string target;
        std::string path;
        std::string host;
    };
    const auto row = GENERATE(values<Row>({
        { "/", "/", "header.test" },
        { "/c?x=http://y/", "/c?x=http://y/", "header.test" },
        { "*", "*", "header.test" },
        { "http://own.test/c?x", "/c?x", "own.test" },
        { "https://own.test:8443", "/", "own.test:8443" },
        { "http://own.test?x", "/", "own.test" },
        { "HTTP://own.test/c", "/c", "own.test" },
        { "http:///c", "/c", "" },
        { "ftp://own.test/", "ftp://own.test/", "header.test" },
        { "http:/own.test/", "http:/own.test/", "header.test" },
    }));
    INFO(row.target);
    const auto target = target_of(row.target, "header.test");
    CHECK(target.path == row.path);
    CHECK(target.host == row.host);
}

TEST_CASE("http: the rest", "[web][http]")
{
    CHECK(get("/healthz").status == 200);
    CHECK(get("/nothing").status == 404);
    CHECK(get("/../etc/passwd").status == 404);
    CHECK(get("http://x/").status == 400);
    const auto post = answer({ .method = "POST", .target = "/", .host = "", .if_none_match = "" }, site);
    CHECK(post.status == 405);
    CHECK(post.close);
    CHECK(header(post, "Allow") == "GET, HEAD");
    const auto body
        = answer({ .method = "GET", .target = "/", .host = "", .if_none_match = "", .has_body = true }, site);
    CHECK(body.status == 413);
    CHECK(body.close);
    auto secure = site;
    secure.secure = true;
    CHECK(header(answer({ .method = "HEAD", .target = "/", .host = "", .if_none_match = "" }, secure),
                 "Strict-Transport-Security")
          == "max-age=31536000");
}
