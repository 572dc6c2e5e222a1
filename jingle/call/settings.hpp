#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "jingle/candidate_policy.hpp"

namespace jingle::call {

/// How long each wait lasts (docs/protocol.md).
struct Timeouts {
    std::chrono::milliseconds ring{ 60'000 };  ///< of a stage that names no time of its own
    std::chrono::milliseconds initiate{ 20'000 };  ///< proceed to session-initiate
    std::chrono::milliseconds accept{ 20'000 };  ///< session-initiate to session-accept after a proceed
    std::chrono::milliseconds answer{ 30'000 };  ///< session-initiate to anything that comes back for it
    std::chrono::milliseconds gone{ 10'000 };  ///< unavailable to ping, and ping to its answer
    std::chrono::milliseconds ping_interval{
        60'000
    };  ///< how often an active call is asked whether it is there
    std::chrono::milliseconds tombstone{ 60'000 };
};

/// How much one party may do at once; beyond it hears resource-constraint.
struct CallLimits {
    unsigned calls_per_user = 4;
    unsigned invites_per_minute = 10;  ///< of one bare JID
    unsigned invites_per_domain_minute = 60;  ///< of a domain that is not served
    std::size_t calls = 1'000'000;  ///< of the whole instance, tombstones included
    std::size_t legs_per_stage = 16;  ///< devices and bare JIDs that ring at once; the rest is left out
};

/// Whether the server takes what is said to it. While it lags no call begins.
enum class Pace : std::uint8_t { keeps_up, lags };

/// Whether calls may begin; those that have begun go on either way.
enum class NewCalls : std::uint8_t { let_in, refused };

struct Settings {
    std::string domain;  ///< ours
    std::string key;  ///< of CallId::make; the same after a restart
    std::vector<std::string> served_domains;  ///< their users are limited one by one only
    CallLimits limits;
    Timeouts timeouts;
    CandidatePolicy candidates;  ///< of every leg; each client's profile narrows it
    bool require_dtls = true;  ///< offers and answers without a fingerprint end with security-error
};

}  // namespace jingle::call
