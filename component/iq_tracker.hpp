#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "xmpp/element.hpp"
#include "xmpp/jid.hpp"

namespace component {

/// The IQ requests of our own that wait for their answer. An answer counts when it has the id and comes from
/// whom was asked (RFC 6120, 8.1.3). Pure: time comes in.
class IqTracker {
public:
    using Clock = std::chrono::steady_clock;
    /// Gets the answer, type result or error, or null when none came in time. May track new requests.
    using Done = std::function<void(const xmpp::Element* reply)>;

    static constexpr std::size_t default_limit = 1024;
    /// So long an answer may take.
    static constexpr std::chrono::seconds answer_timeout{ 15 };

    /// `prefix` starts each id and tells our own from those that are passed on; it should differ from run to
    /// run, so that a late answer to an earlier run is not taken for one of this.
    explicit IqTracker(std::string prefix, std::size_t limit = default_limit);

    /// The id to send the request with; empty when too many wait already, and then `done` is not called.
    [[nodiscard]] std::optional<std::string> track(const xmpp::Jid& to, Clock::time_point deadline,
                                                   Done done);

    /// True when `iq` was an answer to one of ours; it has been handed over then.
    bool take(const xmpp::Element& iq);

    /// When expire() has to be called at the latest.
    [[nodiscard]] std::optional<Clock::time_point> deadline() const noexcept;
    /// Gives up on what is due by `now`.
    void expire(Clock::time_point now);
    /// Gives up on everything: the connection that would bring the answers is gone.
    void expire_all();

    [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }

private:
    using Deadlines = std::multimap<Clock::time_point, std::string>;
    struct Waiting {
        xmpp::Jid from;
        Done done;
        Deadlines::iterator deadline;
    };
    using ById = std::unordered_map<std::string, Waiting>;

    /// Out of the tables first, so that the continuation may track anew.
    void finish(ById::iterator at, const xmpp::Element* reply);

    std::string prefix_;
    std::size_t limit_;
    std::uint64_t next_ = 0;
    ById waiting_;
    Deadlines deadlines_;
};

}  // namespace component
