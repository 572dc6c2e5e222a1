#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "component/store_file.hpp"

namespace component {

/// The database of the service, whatever state its file is in.
struct OpenedDatabase {
    StoreFile file;
    bool lasts = true;  ///< false: it is in memory, since none was asked for or none can be written
    std::string trouble{};  ///< what is not as it should be, in words for the operator
};

/// Opens it; an empty `file` is one in memory. A file that is damaged, no database, or of a later version is
/// set aside under another name, and what can be read of it goes on in a new one. Where nothing can be
/// written, what can be read goes on in memory. `read` takes what a start needs, and is called again when the
/// first database could not be read to its end. Throws StoreError when another program holds the file locked.
[[nodiscard]] OpenedDatabase open_for_service(const std::filesystem::path& file,
                                              const std::function<void(StoreFile&)>& read);

}  // namespace component
