#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "unit/jingle/renegotiate/peers.hpp"
#include "unit/jingle/renegotiate/sample.hpp"

using namespace peers;
using sample::replaced;

namespace {

int number(int from, int to)
{
    return *rc::gen::inRange(from, to + 1);
}

const char* const directions[]{ "sendrecv", "sendonly", "recvonly", "inactive" };

/// An m-section as a test changes it.
struct Section {
    bool video = false;
    bool live = true;
    int direction = 0;
    int source = 0;
    int formats = 1;
};

struct Model {
    std::vector<Section> sections;
    int ice = 0;
    int version = 1;

    [[nodiscard]] std::string text(const std::string& setup, char side) const
    {
        std::string group;
        std::string media;
        for (std::size_t i = 0; i < sections.size(); ++i) {
            const auto& s = sections[i];
            group += s.live ? " " + std::to_string(i) : "";
            media += section(s, i, setup, side);
        }
        return "v=0\r\no=- " + std::to_string(side) + " " + std::to_string(version)
            + " IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE" + group + "\r\n" + media;
    }

    [[nodiscard]] std::string section(const Section& s, std::size_t i, const std::string& setup,
                                      char side) const
    {
        const auto mid = "a=mid:" + std::to_string(i) + "\r\n";
        std::string list;
        std::string maps;
        for (auto f = 0; f < s.formats; ++f) {
            list += " " + std::to_string(96 + f);
            maps += "a=rtpmap:" + std::to_string(96 + f) + " x" + std::to_string(f) + "/90000\r\n";
        }
        const auto kind = std::string{ s.video ? "m=video " : "m=audio " };
        if (!s.live)
            return kind + "0 UDP/TLS/RTP/SAVPF" + list + "\r\nc=IN IP4 0.0.0.0\r\n" + mid + "a=inactive\r\n";
        const std::string tag{ side };
        const auto ufrag = tag + "ice" + std::to_string(ice);
        return kind + "9 UDP/TLS/RTP/SAVPF" + list + "\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:" + ufrag
            + "\r\na=ice-pwd:" + ufrag + "0123456789012345678901\r\na=ice-options:trickle\r\n"
            + "a=fingerprint:sha-1 " + (side == 'a' ? "52" : "53")
            + ":2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8\r\na=setup:" + setup + "\r\n" + mid
            + "a=" + directions[s.direction] + "\r\na=rtcp-mux\r\n" + maps
            + "a=ssrc:" + std::to_string(100 + s.source) + " cname:" + tag + "\r\n";
    }

    /// What the other side answers: everything that is offered.
    [[nodiscard]] Model answered(int other_ice) const
    {
        auto out = *this;
        out.ice = other_ice;
        for (auto& s : out.sections)
            s.direction = s.direction == 1 ? 2 : s.direction == 2 ? 1 : s.direction;
        return out;
    }

    void edit()
    {
        ++version;
        const auto known = static_cast<int>(sections.size());
        for (auto edits = number(1, 3); edits > 0; --edits) {
            auto& s = sections[static_cast<std::size_t>(number(0, known - 1))];
            switch (number(0, 5)) {
            case 0: sections.push_back({ number(0, 1) == 1, true, number(0, 3), number(0, 9), 1 }); break;
            case 1: s.direction = number(0, 3); break;
            case 2: s.source = number(0, 9); break;
            case 3: s.formats = number(1, 3); break;
            case 4: s.live = s.live && (&s == &sections.front() || number(0, 1) == 1); break;
            default: ++ice; break;
            }
        }
    }
};

bool is_kept_superset(const std::string& line)
{
    for (const auto* prefix : { "m=", "a=rtpmap:", "a=setup:" })
        if (lines::has_prefix(line, prefix))
            return true;
    return false;
}

/// Lines that should be there and are not.
std::string lost(const std::string& wanted, const std::string& got)
{
    std::string out;
    for (const auto& line : lines::missing(wanted, got))
        if (!is_kept_superset(line) && !lines::has_prefix(line, "a=group"))
            out += line + '\n';
    return out;
}

}  // namespace

TEST_CASE("property: whatever one side changes, the other is offered the same", "[jingle][renegotiate]")
{
    CHECK(rc::check([] {
        Model model;
        model.sections.resize(static_cast<std::size_t>(number(1, 3)));
        for (auto& s : model.sections)
            s.video = number(0, 1) == 1;
        Options options;
        options.removal = jingle::Removal::remove;
        Pair pair{ model.text("actpass", 'a'), model.answered(0).text("active", 'b'), options };
        auto other_ice = 0;
        for (auto round = 0; round < 3; ++round) {
            const auto before = model;
            model.edit();
            const auto restarted = model.ice != before.ice;
            const auto offer = model.text("actpass", 'a');
            pair.offer(Role::initiator, offer);
            pair.settle();
            if (!pair.initiator.rolled_back.empty())
                RC_FAIL(pair.initiator.rolled_back + "\n" + offer);
            other_ice += restarted ? 1 : 0;
            if (!pair.responder.shown_offer.empty()) {
                const auto missing = lost(offer, pair.responder.shown_offer);
                if (!missing.empty())
                    RC_FAIL(before.text("actpass", 'a') + "\n->\n" + offer + "\nlost:\n" + missing + "\nof\n"
                            + pair.responder.shown_offer + pair.initiator.actions());
                pair.answer(Role::responder, model.answered(other_ice).text("active", 'b'));
                pair.settle();
            }
            RC_ASSERT(pair.initiator.state->is_stable());
            RC_ASSERT(pair.responder.state->is_stable());
            RC_ASSERT(!pair.initiator.shown_answer.empty());
        }
    }));
}
