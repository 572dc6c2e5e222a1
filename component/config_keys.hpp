#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "component/config.hpp"

namespace component {

/// A value of the file with its place, freed of the TOML library.
struct ConfigValue {
    /// Stands for what no key takes: a date, a float.
    struct Other {
        std::string_view type;
    };
    struct Entry;
    using Array = std::vector<ConfigValue>;
    using Table = std::vector<Entry>;

    std::variant<std::string, std::int64_t, bool, Array, Table, Other> content;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// A key of a table that is a value itself, like those of an array of tables.
struct ConfigValue::Entry {
    std::string name;
    ConfigValue value;
};

/// What a setter works on.
struct ConfigTarget {
    Config& config;
    const std::filesystem::path& directory;  ///< where relative paths start
};

/// A key of the file. The setter checks its value and stores it; its error carries a place when that is not
/// the value's own.
struct ConfigKey {
    std::string_view section;  ///< "auth.jwt" stands in the file as [auth.jwt]
    std::string_view name;
    base::Result<void> (*set)(const ConfigTarget& target, const ConfigValue& value);
    bool required = false;
};

/// Every key there is: the parser, the "did you mean" and the test of the sample file go by it.
[[nodiscard]] std::span<const ConfigKey> config_keys() noexcept;

}  // namespace component
