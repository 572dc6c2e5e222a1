#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/release.hpp"
#include "jingle/call/signal.hpp"

namespace jingle::call {

class BytesIn;
class BytesOut;

/// What waits until the callee's device is known (the offer and what trickles behind it, of either side) or
/// until the session is active (what would end the call at some clients before: Conversations). Each leg has
/// its own bounds, and all together have theirs; kept as XML, since values die with their turn.
class Held {
public:
    static constexpr std::size_t max_candidates = 200;  ///< of one leg, as the next two
    static constexpr std::size_t max_bytes = 64 * 1024;  ///< of what follows the offer
    static constexpr std::size_t max_requests = 100;
    static constexpr std::size_t max_bytes_of_all = 256 * 1024;

    struct Kept {
        LegIndex from;
        Action action;
        std::uint16_t candidates;
        std::string xml;
    };

    void keep_offer(const Jingle& offer);
    [[nodiscard]] bool has_offer() const noexcept { return !offer_.empty(); }
    /// False when a limit is reached; nothing is kept then.
    [[nodiscard]] bool keep(LegIndex from, const Jingle& request);

    /// The offer as a value again, in `arena`; null when there is none. Each call makes another value.
    [[nodiscard]] Jingle* offer(base::Arena& arena) const;
    void forget_offer() { base::release(offer_); }
    /// Forgets what came from that leg.
    void drop(LegIndex from);
    /// What was kept and `wanted(kept)`, in order, as values again. It is forgotten.
    struct Taken {
        LegIndex from;
        const Jingle* request;
    };
    template <class Wanted>
    [[nodiscard]] base::List<Taken> take(base::Arena& arena, Wanted wanted)
    {
        base::List<Taken> taken;
        std::erase_if(kept_, [&](const Kept& kept) {
            if (!wanted(kept))
                return false;
            if (const auto* request = read(kept.xml, arena))
                taken.push_back(arena, { kept.from, request });
            return true;
        });
        if (kept_.empty())
            *this = Held{ std::move(offer_) };
        return taken;
    }

    /// A value as text and back; null when it is none.
    [[nodiscard]] static std::string to_xml(const Jingle& jingle);
    [[nodiscard]] static Jingle* read(std::string_view xml, base::Arena& arena);

    /// In call_store.cpp.
    void write(BytesOut& out) const;
    static Held read(BytesIn& in);

    Held() = default;

private:
    explicit Held(std::string offer)
        : offer_{ std::move(offer) }
    {
    }
    std::string offer_;
    std::vector<Kept> kept_;
};

}  // namespace jingle::call
