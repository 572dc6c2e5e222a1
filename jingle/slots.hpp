#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "jingle/senders.hpp"
#include "sdp/description.hpp"

namespace jingle {

enum class SlotState { active, rejected };

/// What the description that was learnt last did to a slot.
enum class SlotChange {
    none,
    added,  ///< a new m-line, or a rejected one that got a new content
    rejected,  ///< live before
};

/// One m-line of a leg. SDP never takes an m-line away, Jingle knows only live contents; this is what
/// remembers.
struct Slot {
    std::string mid;
    Role creator = Role::initiator;
    std::string name;  ///< of the content; equal to mid unless an XMPP client chose it
    SlotState state = SlotState::active;
    SlotChange change = SlotChange::none;
    std::string media;  ///< "audio"
    std::string proto;  ///< as the m-line has it
    std::string formats;  ///< of a rejected m-line, to repeat it

    friend bool operator==(const Slot&, const Slot&) = default;
};

/// The m-lines of one leg in order: a bijection between mids and contents, whose key is (creator, name),
/// since XEP-0166 makes only the pair unique.
class Slots {
public:
    Slots() = default;
    /// As they were written down. Names that had been given up by then may come again.
    explicit Slots(std::vector<Slot> slots)
        : slots_{ std::move(slots) }
    {
    }

    [[nodiscard]] std::size_t size() const noexcept { return slots_.size(); }
    [[nodiscard]] bool empty() const noexcept { return slots_.empty(); }
    [[nodiscard]] const Slot& operator[](std::size_t index) const noexcept { return slots_[index]; }
    [[nodiscard]] auto begin() const noexcept { return slots_.begin(); }
    [[nodiscard]] auto end() const noexcept { return slots_.end(); }

    [[nodiscard]] std::optional<std::size_t> find_mid(std::string_view mid) const noexcept;
    /// The live content of that key. COMPAT(stanza.js, Movim): they write creator=initiator always, so a name
    /// that only one live content has is enough.
    [[nodiscard]] std::optional<std::size_t> find_content(Role creator, std::string_view name) const noexcept;
    /// The only live content of that name, whoever made it: groups have no creator.
    [[nodiscard]] std::optional<std::size_t> find_name(std::string_view name) const noexcept;

    /// Takes over the m-lines of a description; those that are new become contents of `creator`. Refuses one
    /// with fewer m-lines than before, with a mid that stands twice, or with another mid in a live slot.
    [[nodiscard]] base::Result<void> learn(const sdp::Description& description, Role creator);

    /// A slot for a content that comes from XMPP: its mid is its name where that is a token of at most 16
    /// bytes that no other slot has, else a small number.
    std::size_t add(Role creator, std::string_view name);

    /// The m-line goes on as another content, made by `creator`: its name becomes one that no content of this
    /// leg ever had, since a name that was in use once ends the call at some clients.
    void renew(std::size_t index, Role creator);

    /// The m-line is not live any more; it keeps its place.
    void reject(std::size_t index) { slots_[index].state = SlotState::rejected; }

    friend bool operator==(const Slots&, const Slots&) = default;

private:
    [[nodiscard]] std::string free_number() const;
    [[nodiscard]] std::string free_name(Role creator, std::string_view wanted) const;
    [[nodiscard]] base::Result<void> learn_one(const sdp::Description& description, std::size_t index,
                                               Role creator);

    std::vector<Slot> slots_;
    std::vector<std::string> retired_;  ///< names of contents whose m-line goes on as another one
};

/// The longest content name that is used as a mid: it travels in every RTP packet (RFC 9143, 15).
inline constexpr std::size_t max_mid_from_name = 16;

}  // namespace jingle
