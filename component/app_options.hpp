#pragma once

#include "component/ad_hoc_commands.hpp"
#include "component/link.hpp"
#include "component/page_access.hpp"
#include "component/settings.hpp"
#include "component/store.hpp"
#include "component/web/server.hpp"
#include "jingle/call/settings.hpp"
#include "roster/roster.hpp"

/// What each part of the process takes of the configuration: the same at the start and at a reload.
namespace component {

[[nodiscard]] LinkOptions link_options(const Settings& settings);
/// Says so when nothing will last.
[[nodiscard]] Store::Options store_options(const StoreConfig& config);
[[nodiscard]] jingle::call::Settings call_settings(const Config& config, const std::string& instance_key);
[[nodiscard]] roster::RosterSettings roster_settings(const Config& config);
[[nodiscard]] AdHocSettings ad_hoc_settings(const Config& config);
[[nodiscard]] PageAccessSettings page_access_settings(const Settings& settings,
                                                      const std::string& instance_key);
/// [http] listen is set.
[[nodiscard]] web::WebOptions web_options(const HttpConfig& http);

}  // namespace component
