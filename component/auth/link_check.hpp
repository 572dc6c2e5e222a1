#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "roster/rows.hpp"

namespace component::auth {

/// Why a call link lets nobody in: for the log and the owner. The guest hears that it is not valid.
enum class LinkRefusal { revoked, expired, used_up, wrong_origin };
[[nodiscard]] std::string_view to_string(LinkRefusal refusal) noexcept;

/// Whether a guest on a page of `origin` may come in by `link`; empty: he may. A link without origins of its
/// own is good on `default_origins`, and everywhere when there are none either. `origin` is empty for a
/// program that is no browser: it may use links that are bound to no origin.
[[nodiscard]] std::optional<LinkRefusal> check_link(const roster::CallLink& link, std::string_view origin,
                                                    std::span<const std::string> default_origins,
                                                    roster::WallTime now);

}  // namespace component::auth
