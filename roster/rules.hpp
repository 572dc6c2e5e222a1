#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "roster/pattern.hpp"
#include "roster/text_map.hpp"

namespace roster {

enum class RuleMedia : std::uint8_t {
    any,
    audio,  ///< calls without video
    video,  ///< calls with video
};

enum class RuleAction : std::uint8_t {
    allow,
    reject,
    ring_silently,  ///< the caller hears it ring, and nobody does
    require_relay,  ///< decides nothing: the later rules do, and the call goes over a relay
};

/// One rule of the operator's: all it names has to match.
struct Rule {
    Pattern from;
    Pattern to;
    std::optional<Pattern> domain;  ///< of the caller or of the callee
    RuleMedia media = RuleMedia::any;
    RuleAction action = RuleAction::reject;

    friend bool operator==(const Rule&, const Rule&) = default;
};

/// Who wants to call whom, as rules see it. Bare: the users, or addresses of ours for lines, links and pages.
struct Attempt {
    const xmpp::Jid& caller;
    const xmpp::Jid& callee;
    bool video = false;
};

/// Rules in the order of the file, found by what they name: a thousand rules cost what those few do that name
/// a party of the call.
class RuleSet {
public:
    struct Match {
        std::optional<std::size_t> decides;  ///< the first rule that matches and decides
        std::optional<std::size_t> relays;  ///< the first before it that requires a relay
    };

    RuleSet() = default;
    explicit RuleSet(std::vector<Rule> rules);

    [[nodiscard]] Match match(const Attempt& attempt) const;
    [[nodiscard]] const Rule& operator[](std::size_t index) const { return rules_[index]; }
    [[nodiscard]] std::size_t size() const noexcept { return rules_.size(); }

private:
    using Indexes = std::vector<std::uint32_t>;

    /// Rules by the pattern that names one side.
    struct Side {
        TextMap<Indexes> addresses;
        TextMap<Indexes> domains;
        TextMap<Indexes> parents;

        bool add(const Pattern& pattern, std::uint32_t rule);
        void append(const xmpp::Jid& user, Indexes& found) const;
    };

    std::vector<Rule> rules_;
    Side from_;
    Side to_;
    Side either_;
    Indexes unnamed_;  ///< that name nobody
};

}  // namespace roster
