#pragma once

#include <boost/json/object.hpp>

#include "component/web/fields.hpp"
#include "component/web/frame.hpp"

/// The parameters of each method of a page, read into its value.
namespace component::web::params {

[[nodiscard]] Read<Request> read_hello(const json::object& params);
[[nodiscard]] Read<Request> read_refresh(const json::object& params);
[[nodiscard]] Read<Request> read_presence(const json::object& params, AskPresence::What what);

[[nodiscard]] Read<Request> read_invite(const json::object& params);
[[nodiscard]] Read<Request> read_ringing(const json::object& params);
[[nodiscard]] Read<Request> read_accept(const json::object& params);
[[nodiscard]] Read<Request> read_negotiate(const json::object& params);
[[nodiscard]] Read<Request> read_candidates(const json::object& params);
[[nodiscard]] Read<Request> read_info(const json::object& params);
[[nodiscard]] Read<Request> read_reject(const json::object& params);
[[nodiscard]] Read<Request> read_hangup(const json::object& params);
[[nodiscard]] Read<Request> read_stats(const json::object& params);

}  // namespace component::web::params
