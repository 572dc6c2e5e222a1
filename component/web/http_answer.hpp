#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "component/web/asset.hpp"
#include "component/web/origin.hpp"

namespace component::web {

/// What of a request decides its answer.
struct HttpRequest {
    std::string_view method;
    std::string_view target;
    std::string_view host;
    std::string_view if_none_match;
    bool has_body = false;
};

struct HttpAnswer {
    unsigned status = 200;
    std::vector<std::pair<std::string_view, std::string>> headers;
    std::string_view body;  ///< lives as long as the program
    bool close = false;
};

/// What is served to whom.
struct HttpSite {
    std::span<const Asset> assets;
    std::vector<Origin> embedders;  ///< may show the guest page in a frame
    bool secure = false;  ///< our own TLS, or a public URL with https
};

/// Where a request goes to. In its absolute form the target names the host, and the header does not count
/// (RFC 9112, 3.2.2).
struct HttpTarget {
    std::string_view path;  ///< with its query
    std::string_view host;
};
[[nodiscard]] HttpTarget target_of(std::string_view target, std::string_view host_header);

/// Answers everything but the upgrade to a WebSocket.
[[nodiscard]] HttpAnswer answer(const HttpRequest& request, const HttpSite& site);

/// An answer of a few words; the connection is closed behind it.
[[nodiscard]] HttpAnswer refuse(unsigned status, std::string_view words);

}  // namespace component::web
