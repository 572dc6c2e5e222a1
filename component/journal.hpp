#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "component/store.hpp"
#include "jingle/call/call_id.hpp"

namespace component {

/// What the journal has of a call: the call, and those of its legs that are pages.
struct JournalRow {
    struct Page {
        jingle::call::LegIndex leg = 0;
        std::string bytes;  ///< of WebLeg::write
    };
    std::string call;  ///< of Calls::write
    std::vector<Page> pages;

    [[nodiscard]] std::string write() const;
    [[nodiscard]] static base::Result<JournalRow> read(std::string_view bytes);
};

/// Writes down what the calls have become before it is announced: stanzas of a call that has changed are held
/// until its row is written, in order; those of other calls never wait. One group a turn of the loop.
/// When the disk does not follow, stanzas go after Store::patience, and the row is written when it can be.
class Journal {
public:
    using CallId = jingle::call::CallId;
    /// The row of a call; empty when it is to be forgotten.
    using RowOf = std::function<std::optional<std::string>(const CallId&)>;

    /// Without a store nothing is ever held.
    explicit Journal(Store* store)
        : store_{ store }
    {
    }

    /// The row of this call is another now.
    void changed(const CallId& call);
    void forget(const CallId& call);
    /// Whether stanzas of this call have to wait, behind others of it or for its row.
    [[nodiscard]] bool holds(const CallId& call) const { return !held_.empty() && held_.contains(call); }
    /// Where stanzas of a call that is held go.
    [[nodiscard]] std::string& stanzas(const CallId& call);
    [[nodiscard]] bool has_news() const noexcept { return !open_.calls.empty() || !open_.gone.empty(); }

    /// Writes the rows of this turn; `release` is given its stanzas later, or before this returns.
    void commit(const RowOf& row_of, std::function<void(std::string)> release);
    /// All that is held, at once: the process ends, and the store writes everything before it does.
    [[nodiscard]] std::string release_all();

    /// Groups that went out before they were written.
    [[nodiscard]] std::uint64_t late() const noexcept { return late_; }

private:
    /// Of one turn of the loop.
    struct Group {
        std::vector<CallId> calls;  ///< held by it; those that changed first
        std::size_t changed = 0;
        std::vector<CallId> gone;
        std::string stanzas;
        std::function<void(std::string)> release{};
    };

    void hold(const CallId& call);
    void released(Written written);
    void unhold(const Group& group);

    Store* store_;
    Group open_;
    std::deque<Group> waiting_;
    std::unordered_map<CallId, unsigned> held_;  ///< in how many groups
    std::uint64_t late_ = 0;
    bool is_late_ = false;
};

}  // namespace component
