#include "jingle/carried_addresses.hpp"

#include <algorithm>

#include "base/scan.hpp"
#include "jingle/address.hpp"
#include "xmpp/ns.hpp"

namespace jingle {
namespace {

using xmpp::Element;

/// True when a word of `text` is an address that tells something: so "9 IN IP4 0.0.0.0" does not.
bool holds_address(std::string_view text)
{
    constexpr std::string_view separators = " \t/,;=[]\"'()";
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(separators), text.size());
        const auto address = classify(text.substr(0, end));
        if ((is_literal(address) && address.kind != AddressKind::unspecified)
            || address.kind == AddressKind::mdns)
            return true;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return false;
}

bool holds_address(const Element& element)
{
    if (holds_address(element.text) || holds_address(element.tail))
        return true;
    for (const auto& attribute : element.attributes)
        if (holds_address(attribute.value))
            return true;
    const auto children = element.children();
    return std::any_of(children.begin(), children.end(),
                       [](const Element& child) { return holds_address(child); });
}

bool is_of_kept_candidate(const Element& item, const base::List<Candidate>& candidates)
{
    const auto id = item.attribute("id");
    return std::any_of(candidates.begin(), candidates.end(),
                       [&](const Candidate& candidate) { return candidate.id == id; });
}

/// A port other than those that say nothing: 9 (discard) and 0 (rejected, bundle-only).
bool is_port_hint(const xmpp::Attribute& attribute)
{
    return attribute.name == "port" && attribute.value != "0" && attribute.value != "9";
}

bool must_go(const Element& item, CandidateFilter filter, const base::List<Candidate>& candidates)
{
    if (item.name == "cand" && !is_of_kept_candidate(item, candidates))
        return true;
    const auto name = item.attribute_or_empty("n");
    if (item.name == "a" && (name == "candidate" || name == "remote-candidates"))
        return true;
    if (filter == CandidateFilter::all)
        return false;
    return holds_address(item);
}

bool has_port_hint(const Element& item)
{
    return item.name == "m" && std::any_of(item.attributes.begin(), item.attributes.end(), is_port_hint);
}

/// The carry element without the items that must go; `carry` itself when none has to.
const Element* filtered(const Element& carry, CandidateFilter filter, const base::List<Candidate>& candidates,
                        std::size_t& gone, base::Arena& arena)
{
    const auto items = carry.children();
    const auto hides_ports = filter != CandidateFilter::all;
    const auto touches = [&](const Element& item) {
        return must_go(item, filter, candidates) || (hides_ports && has_port_hint(item));
    };
    const auto count = static_cast<std::size_t>(std::count_if(items.begin(), items.end(), touches));
    if (count == 0)
        return &carry;
    gone += count;
    auto* copy = Element::create(arena, carry.name, carry.ns);
    copy->attributes = carry.attributes;
    for (const auto& item : items) {
        if (must_go(item, filter, candidates))
            continue;
        auto& kept = copy->append(xmpp::clone(item, arena));
        if (hides_ports && has_port_hint(item))
            kept.remove_attribute("port");
    }
    return copy;
}

}  // namespace

std::size_t drop_carried_addresses(Extra& extra, CandidateFilter filter,
                                   const base::List<Candidate>& candidates, base::Arena& arena)
{
    std::size_t gone = 0;
    for (auto& child : extra.children)
        if (child->is("sdp", xmpp::ns::carry))
            child = filtered(*child, filter, candidates, gone, arena);
    if (filter == CandidateFilter::all)
        return gone;
    gone += extra.children.erase_if(
        [](const Element* child) { return child->ns != xmpp::ns::carry && holds_address(*child); });
    gone += extra.attributes.erase_if(
        [](const xmpp::Attribute& attribute) { return holds_address(attribute.value); });
    return gone;
}

}  // namespace jingle
