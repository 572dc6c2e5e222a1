#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "roster/abilities.hpp"
#include "roster/rate_limiter.hpp"
#include "xmpp/caps.hpp"
#include "xmpp/jid.hpp"

namespace roster {

/// What is known of clients of one kind, shared by all devices that show the same caps: it becomes known to
/// all of them at once.
struct Knowledge {
    std::optional<Abilities> abilities;  ///< absent: not answered yet, or by nobody
    Clock::time_point ask_after{};  ///< who was asked last has not answered: not asked again before
    std::size_t silent = 0;  ///< the hash of his bare JID
    unsigned in_vain = 0;  ///< so many were asked since nobody answered
};
using KnowledgeRef = std::shared_ptr<const Knowledge>;

/// Which disco#info belongs to which caps (XEP-0115). An answer is kept for everybody only when it hashes to
/// the `ver` it was asked for; of who lies, or shows nothing that can be verified, it is kept for that full
/// JID alone. One question per `ver` is out at a time; who does not answer, or lies, is followed by the next
/// device that showed it. Pure: questions are pulled, answers and time come in.
class CapsCache {
public:
    static constexpr std::size_t max_known = 10'000;  ///< the one used longest ago is forgotten
    static constexpr std::size_t max_pending = 10'000;  ///< beyond, what is new is not asked for
    static constexpr std::size_t max_open = 64;  ///< questions that wait for an answer
    static constexpr std::size_t max_candidates = 64;  ///< devices that are remembered for one question
    static constexpr std::size_t max_ver = 256;  ///< a longer ver or node proves nothing
    static constexpr unsigned questions_per_minute = 20;  ///< to the devices of one bare JID
    static constexpr std::chrono::minutes pause{ 5 };  ///< before who has not answered is asked again
    /// So many may lie or be silent before the pause is everybody's: one must not keep the others unknown.
    static constexpr unsigned max_in_vain = 16;

    /// disco#info of `whom`; `node` is empty where it shows no caps. `key` comes back with the answer.
    struct Question {
        std::string key;
        xmpp::Jid whom;
        std::string node;
    };

    /// What an answer changed.
    struct Outcome {
        std::vector<xmpp::Jid> learnt;  ///< devices that something is known of now; see max_candidates
        KnowledgeRef own;  ///< the answer counts for who was asked alone, who is to have this instead
    };

    /// What is known of a client that shows `caps`, never null. It is asked for when nothing is.
    [[nodiscard]] KnowledgeRef shown(const xmpp::Jid& device, const std::optional<xmpp::Caps>& caps,
                                     Clock::time_point now);
    /// Asks again for what nobody answered, when its pause is over.
    void shown_again(const xmpp::Jid& device, const std::optional<xmpp::Caps>& caps,
                     const KnowledgeRef& known, Clock::time_point now);

    /// What to ask now; empty when nothing is, or too much is open.
    [[nodiscard]] std::optional<Question> next_question(Clock::time_point now);
    /// The answer to a question; null when it was refused or did not come.
    Outcome answered(const Question& question, const xmpp::DiscoInfo* info, Clock::time_point now);

    [[nodiscard]] std::size_t known() const noexcept { return entries_.size(); }
    [[nodiscard]] std::size_t pending() const noexcept { return pending_.size(); }

private:
    struct Entry {
        std::string key;
        std::shared_ptr<Knowledge> knowledge;
    };
    using Entries = std::list<Entry>;

    /// A question and who can answer it.
    struct Pending {
        std::shared_ptr<Knowledge> knowledge;
        std::string node;  ///< of the first who showed it
        std::string ver;
        std::string hash;  ///< empty: nothing can be verified
        std::deque<xmpp::Jid> candidates;  ///< not asked yet
        std::vector<xmpp::Jid> waiting;
    };

    std::shared_ptr<Knowledge> entry(const std::string& key);
    void want(const std::string& key, const std::shared_ptr<Knowledge>& knowledge, const xmpp::Jid& device,
              const std::optional<xmpp::Caps>& caps);

    Entries entries_;  ///< the one used last is the first
    std::unordered_map<std::string_view, Entries::iterator> by_key_;
    std::unordered_map<std::string, Pending> pending_;
    std::deque<std::string> to_ask_;  ///< keys of pending_ with no question out
    std::size_t open_ = 0;
    RateLimiter asked_{ questions_per_minute };
};

}  // namespace roster
