#include "component/store_opening.hpp"

#include <array>
#include <optional>

#include <SQLiteCpp/Exception.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace component {
namespace {

namespace fs = std::filesystem;
using Kind = StoreError::Kind;

using Read = std::function<void(StoreFile&)>;

/// A file that is good for use, to the end of what is read at the start.
StoreFile open_sound(const fs::path& file, const Read& read)
{
    try {
        StoreFile opened{ file, OpenFor::service };
        opened.check();
        read(opened);
        return opened;
    } catch (const SQLite::Exception& error) {
        throw StoreError{ kind_of(error), file.string() + ": " + error.what() };
    }
}

/// Moves the file and what SQLite keeps beside it; the new name of the file, or nothing when that is not
/// possible.
std::optional<fs::path> set_aside(const fs::path& file)
{
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    auto name = fmt::format("{}.unread-{:%Y%m%dT%H%M%S}", file.string(), now);
    std::error_code error;
    while (fs::exists(name, error))
        name += "+";
    fs::rename(file, name, error);
    if (error)
        return std::nullopt;
    for (const auto* suffix : { "-wal", "-shm" })
        fs::rename(file.string() + suffix, name + suffix, error);  // There may be none.
    return name;
}

std::string words_of(const Salvaged& taken)
{
    return fmt::format("{} rows of it go on{}", taken.rows, taken.whole ? "" : ", the rest cannot be read");
}

std::optional<OpenedDatabase> start_anew(const fs::path& file, const std::string& why, const Read& read)
{
    const auto old = set_aside(file);
    if (!old)
        return std::nullopt;
    try {
        StoreFile fresh{ file, OpenFor::service };
        const auto taken = fresh.take_over(*old);
        read(fresh);
        return OpenedDatabase{ std::move(fresh), true,
                               fmt::format("{}; it is kept as {}, and {}", why, old->string(),
                                           words_of(taken)) };
    } catch (const std::exception&) {
        // No room for it: the old one is back in its place for the next start.
        std::error_code ignored;
        for (const auto* suffix : { "", "-wal", "-shm" }) {
            fs::remove(file.string() + suffix, ignored);
            fs::rename(old->string() + suffix, file.string() + suffix, ignored);
        }
        return std::nullopt;
    }
}

OpenedDatabase go_on_in_memory(const fs::path& file, const std::string& why, const Read& read)
{
    StoreFile memory{ {}, OpenFor::service };
    const auto taken = memory.take_over(file);
    read(memory);
    return { std::move(memory), false,
             fmt::format("{}; {}, and nothing of what happens from here on outlasts this process", why,
                         words_of(taken)) };
}

}  // namespace

OpenedDatabase open_for_service(const fs::path& file, const Read& read)
{
    if (file.empty()) {
        StoreFile memory{ file, OpenFor::service };
        read(memory);
        return { std::move(memory), false };
    }
    try {
        return { open_sound(file, read) };
    } catch (const StoreError& error) {
        if (error.kind() == Kind::locked)
            throw;
        if (error.kind() == Kind::newer || error.kind() == Kind::damaged)
            if (auto anew = start_anew(file, error.what(), read))
                return *std::move(anew);
        return go_on_in_memory(file, error.what(), read);
    }
}

}  // namespace component
