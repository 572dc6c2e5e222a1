#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/enum_table.hpp"
#include "base/result.hpp"
#include "component/config.hpp"

namespace component {

inline constexpr std::array log_level_rows{
    base::EnumRow<LogLevel>{ LogLevel::debug, "debug" },
    base::EnumRow<LogLevel>{ LogLevel::info, "info" },
    base::EnumRow<LogLevel>{ LogLevel::warning, "warning" },
    base::EnumRow<LogLevel>{ LogLevel::error, "error" },
    base::EnumRow<LogLevel>{ LogLevel::off, "off" },
};

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
/// the value's own. In a section of which there may be several, it sets the last one in `config`.
struct ConfigKey {
    std::string_view section;  ///< "auth.jwt" stands in the file as [auth.jwt]
    std::string_view name;
    base::Result<void> (*set)(const ConfigTarget& target, const ConfigValue& value);
    bool required = false;
    /// Whether two configurations agree on it, for a key that only counts at the start; null for those that a
    /// reload puts in force.
    bool (*same)(const Config& a, const Config& b) = nullptr;
};

/// "[xmpp] port"
[[nodiscard]] std::string name_of(const ConfigKey& key);

/// A section that stands once for each thing it describes: [[line]].
struct ConfigArray {
    std::string_view section;
    void (*append)(Config& config);  ///< one with its defaults, for the keys to set
    /// Checks the last one as a whole, once its keys are set.
    base::Result<void> (*check)(const Config& config);
};

[[nodiscard]] std::span<const ConfigArray> config_arrays() noexcept;

/// Every key there is: the parser, the "did you mean" and the test of the sample file go by it.
[[nodiscard]] std::span<const ConfigKey> config_keys() noexcept;

/// The names of the keys whose new values wait for a restart, in the order of the table.
[[nodiscard]] std::vector<std::string> keys_for_restart(const Config& running, const Config& wanted);

}  // namespace component
