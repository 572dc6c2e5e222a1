#include "jingle/call/via.hpp"

#include "xmpp/ns.hpp"

namespace jingle::call {

bool may_pass(const Extra& extra, std::string_view domain) noexcept
{
    std::size_t hops = 0;
    for (const auto* child : extra.children) {
        if (!child->is("via", xmpp::ns::via))
            continue;
        for (const auto& gateway : child->children())
            if (++hops >= max_hops || gateway.attribute_or_empty("jid") == domain)
                return false;
    }
    return true;
}

Extra with_hop(const Extra& extra, std::string_view domain, base::Arena& arena)
{
    auto* via = xmpp::Element::create(arena, "via", xmpp::ns::via);
    Extra passed;
    passed.attributes = extra.attributes;
    for (const auto* child : extra.children) {
        if (!child->is("via", xmpp::ns::via)) {
            passed.children.push_back(arena, child);
            continue;
        }
        for (const auto& gateway : child->children())
            via->add(arena, "gateway").set(arena, "jid", gateway.attribute_or_empty("jid"));
    }
    via->add(arena, "gateway").set(arena, "jid", domain);
    passed.children.push_back(arena, via);
    return passed;
}

}  // namespace jingle::call
