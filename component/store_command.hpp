#pragma once

#include <filesystem>
#include <optional>

#include <tl/expected.hpp>

#include "component/commands.hpp"
#include "component/config.hpp"
#include "component/secret.hpp"
#include "component/store_file.hpp"

namespace component {

/// The database of the service: [store] path, else carillon.sqlite3 in $STATE_DIRECTORY. Empty: in memory.
[[nodiscard]] std::filesystem::path store_file_of(const StoreConfig& config, const Environment& environment);

/// What a command beside the service works with.
struct OpenedStore {
    Config config;
    StoreFile file;
};

/// Where the database of the service is, also where systemd keeps it although this process is not started by
/// it; a mistake elsewhere in the configuration is no obstacle. An error has been printed, and is the exit
/// code.
[[nodiscard]] tl::expected<std::filesystem::path, ExitCode> store_file(const Arguments& arguments);

/// Opens the service's database, also where systemd keeps it although this process is not started by it. An
/// error has been printed, and is the exit code.
[[nodiscard]] tl::expected<OpenedStore, ExitCode> open_store(const Arguments& arguments, OpenFor purpose);

/// Runs `work`, and turns what the database throws into words and an exit code.
template <class Work>
int with_store(const Arguments& arguments, OpenFor purpose, Work work);

/// "NAME: WHAT" on stderr, for an argument that makes no sense; the exit code.
[[nodiscard]] ExitCode refuse_argument(std::string_view name, std::string_view what);

namespace detail {
[[nodiscard]] ExitCode report_broken(const std::exception& error);
}

template <class Work>
int with_store(const Arguments& arguments, OpenFor purpose, Work work)
{
    auto store = open_store(arguments, purpose);
    if (!store)
        return store.error();
    try {
        return work(*store);
    } catch (const SQLite::Exception& error) {
        return detail::report_broken(error);
    }
}

}  // namespace component
