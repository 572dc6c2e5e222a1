#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

namespace component {

/// Why there is no store. `kind` tells what the process may do about it.
class StoreError : public std::runtime_error {
public:
    enum class Kind {
        newer,  ///< written by a later version: only that version helps
        absent,  ///< there is no such file
        damaged,  ///< is no database, or broken
        locked,  ///< by another program
        unusable,  ///< cannot be opened or written
    };

    StoreError(Kind kind, const std::string& what)
        : std::runtime_error{ what }
        , kind_{ kind }
    {
    }
    [[nodiscard]] Kind kind() const noexcept { return kind_; }

private:
    Kind kind_;
};

/// What an error of SQLite's means for the store.
[[nodiscard]] StoreError::Kind kind_of(const SQLite::Exception& error);

/// The version of the tables that this program writes.
inline constexpr int schema_version = 1;

enum class OpenFor {
    service,  ///< made where it is absent, brought up to schema_version
    reading,  ///< as it is; beside the running service
    writing,  ///< the same, for a command that changes a row
};

/// Opens the database; an empty `file` is one in memory. Throws StoreError, in words for the operator.
[[nodiscard]] SQLite::Database open_database(const std::filesystem::path& file, OpenFor purpose);

}  // namespace component
