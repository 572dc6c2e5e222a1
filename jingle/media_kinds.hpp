#pragma once

#include <string_view>

namespace jingle {

struct Jingle;
struct Message;

/// Which kinds of media a session or a proposal is about. A propose and its initiate, and an initiate and its
/// accept, are about the same: some clients end the call otherwise.
struct MediaKinds {
    bool audio = false;
    bool video = false;
    bool text = false;
    bool application = false;  ///< data channels
    bool other = false;  ///< anything that is not understood

    friend bool operator==(const MediaKinds&, const MediaKinds&) = default;
};

/// The kind that a description/@media names, in any case of letters.
[[nodiscard]] MediaKinds media_kind(std::string_view media) noexcept;
[[nodiscard]] MediaKinds media_kinds(const Jingle& jingle) noexcept;
[[nodiscard]] MediaKinds media_kinds(const Message& propose) noexcept;

}  // namespace jingle
