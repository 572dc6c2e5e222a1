#pragma once

#include <string_view>

namespace xmpp::ns {

/// The constant of ns.hpp that equals `name`, so that a namespace that is read needs no copy; empty when
/// there is none.
[[nodiscard]] std::string_view find_known(std::string_view name) noexcept;

}  // namespace xmpp::ns
