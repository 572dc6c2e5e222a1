#pragma once

#include <string>

#include "unit/call/web_pair.hpp"
#include "unit/jingle/renegotiate/sample.hpp"
#include "unit/jingle/translate/lines.hpp"

/// Two pages in a running call, and what they offer in it.
namespace web {

inline const std::string both = sample::two;

/// The page restarts ICE in all m-lines.
inline std::string restarted(std::string text)
{
    text = sample::replaced(std::move(text), "a=ice-ufrag:aaaa\r\na=ice-pwd:aaaa",
                            "a=ice-ufrag:cccc\r\na=ice-pwd:cccc");
    return sample::replaced(std::move(text), "a=ice-ufrag:bbbb\r\na=ice-pwd:bbbb",
                            "a=ice-ufrag:dddd\r\na=ice-pwd:dddd");
}

/// As the page that answered offers later.
inline std::string offered_by_callee(const std::string& text)
{
    return sample::replaced(sample::answered(text), "a=setup:active", "a=setup:actpass");
}

inline PageCandidate candidate(const std::string& mid, const std::string& ufrag)
{
    return { "candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host generation 0", mid, {}, ufrag };
}

inline Pair connected(const std::string& text = sample::one)
{
    Pair pair;
    pair.connect(text, sample::answered(text));
    pair.log.clear();
    pair.caller.heard.clear();
    pair.callee.heard.clear();
    return pair;
}

inline void check_answers(const Pair& pair)
{
    CHECK(pair.caller.asked == pair.caller.answered);
    CHECK(pair.callee.asked == pair.callee.answered);
}

/// Which m-lines are live, and of what kind.
inline std::string live(const std::string& text)
{
    std::string out;
    for (const auto& section : lines::sections(text))
        if (!section.empty() && lines::has_prefix(section.front(), "m=") && !lines::is_rejected(section))
            out += lines::split(section.front(), ' ')[0] + ' ';
    return out;
}

}  // namespace web
