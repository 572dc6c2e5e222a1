#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <unistd.h>

/// A directory of the test's own; goes with it.
class TemporaryDirectory {
public:
    TemporaryDirectory()
    {
        // In memory where there is such a place: a store on a disk that a build keeps busy is another test.
        const std::filesystem::path memory{ "/dev/shm" };
        const auto place
            = access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
        auto name = (place / "carillon-test-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr)
            throw std::runtime_error{ "mkdtemp" };
        path_ = name;
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    /// Writes a file that only its owner may read.
    std::filesystem::path write(std::string_view name, std::string_view text) const
    {
        const auto file = path_ / name;
        std::ofstream{ file, std::ios::binary } << text;
        std::filesystem::permissions(
            file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        return file;
    }

private:
    std::filesystem::path path_;
};
