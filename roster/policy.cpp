#include "roster/policy.hpp"

#include <algorithm>

namespace roster {

bool Policy::serves(std::string_view domain) const
{
    return std::ranges::find(served_domains, domain) != served_domains.end();
}

bool Policy::allows(const xmpp::Jid& caller, const xmpp::Jid& callee) const
{
    switch (by_default) {
    case Default::open: return true;
    case Default::local: return serves(caller.domain()) || serves(callee.domain());
    }
    return false;
}

}  // namespace roster
