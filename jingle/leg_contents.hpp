#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jingle/session.hpp"

namespace jingle {

/// What has to be remembered about one content of a leg.
struct LegContent {
    Role creator = Role::initiator;
    std::string name;  ///< as the far side knows it
    std::string alias;  ///< as this leg's client knows it; empty: the same
    std::string media;  ///< empty when it was never said
    std::string ufrag;  ///< last sent to this leg's client
    std::string pwd;
    std::optional<Senders> senders;  ///< as this leg's client offered it in a content-add
    bool left_out = false;  ///< was not offered to the client: nothing about it is sent

    friend bool operator==(const LegContent&, const LegContent&) = default;
};

/// The contents of one leg as far as its client's profile needs a memory: replaced names, contents that were
/// left out, what stubs and trickled candidates repeat. A plain value; at most limits::contents live ones.
class LegContents {
public:
    [[nodiscard]] const std::vector<LegContent>& all() const noexcept { return contents_; }
    [[nodiscard]] bool empty() const noexcept { return contents_.empty(); }

    /// By the far side's name. The creator decides only between contents of one name: several clients always
    /// write initiator (stanza.js, Movim, Monal).
    [[nodiscard]] LegContent* find(Role creator, std::string_view name) noexcept;
    /// By the client's name.
    [[nodiscard]] LegContent* find_alias(Role creator, std::string_view alias) noexcept;

    /// The content of that key, made when it is not known. Null when there is no room.
    LegContent* note(Role creator, std::string_view name);
    /// A name of at most 16 bytes without blanks that no content of the leg has and none will pick:
    /// "c~0", "c~1", ...
    [[nodiscard]] std::string free_alias() const;

    void forget(Role creator, std::string_view name);

    friend bool operator==(const LegContents&, const LegContents&) = default;

private:
    std::vector<LegContent> contents_;
};

}  // namespace jingle
