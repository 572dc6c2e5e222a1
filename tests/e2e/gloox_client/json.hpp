#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace e2e {

/// {"a":"x","b":"y"} on one line; the values are text.
std::string json_object(std::initializer_list<std::pair<std::string_view, std::string_view>> members);

}  // namespace e2e
