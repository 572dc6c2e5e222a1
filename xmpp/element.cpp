#include "xmpp/element.hpp"

#include <algorithm>

namespace xmpp {

std::optional<std::string_view> Element::attribute(std::string_view key) const noexcept
{
    for (const auto& a : attributes)
        if (a.name == key && a.ns.empty())
            return a.value;
    return std::nullopt;
}

std::string_view Element::attribute_or_empty(std::string_view key) const noexcept
{
    return attribute(key).value_or(std::string_view{});
}

const Element* Element::child(std::string_view child_name, std::string_view child_ns) const noexcept
{
    for (const auto& c : children())
        if (c.is(child_name, child_ns))
            return &c;
    return nullptr;
}

void Element::set(base::Arena& arena, std::string_view key, std::string_view value)
{
    for (auto& a : attributes)
        if (a.name == key && a.ns.empty()) {
            a.value = value;
            return;
        }
    attributes.push_back(arena, { key, value, {} });
}

void Element::remove_attribute(std::string_view key)
{
    attributes.erase_if([&](const Attribute& a) { return a.name == key && a.ns.empty(); });
}

Element& Element::append(Element* child) noexcept
{
    child->next_ = nullptr;
    if (last_child_ != nullptr)
        last_child_->next_ = child;
    else
        first_child_ = child;
    last_child_ = child;
    return *child;
}

Element& Element::add(base::Arena& arena, std::string_view child_name, std::string_view child_ns)
{
    return append(create(arena, child_name, child_ns.empty() ? ns : child_ns));
}

bool Element::remove(const Element* child) noexcept
{
    Element* before = nullptr;
    for (auto* c = first_child_; c != nullptr; before = c, c = c->next_) {
        if (c != child)
            continue;
        (before != nullptr ? before->next_ : first_child_) = c->next_;
        if (last_child_ == c)
            last_child_ = before;
        c->next_ = nullptr;
        return true;
    }
    return false;
}

bool equal(const Element& a, const Element& b) noexcept
{
    if (a.name != b.name || a.ns != b.ns || a.text != b.text || a.attributes.size() != b.attributes.size())
        return false;
    for (const auto& attribute : a.attributes)
        if (std::find(b.attributes.begin(), b.attributes.end(), attribute) == b.attributes.end())
            return false;
    const auto left = a.children();
    const auto right = b.children();
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const Element& x, const Element& y) { return x.tail == y.tail && equal(x, y); });
}

Element* clone(const Element& element, base::Arena& arena)
{
    auto* copy = Element::create(arena, arena.copy(element.name), arena.copy(element.ns));
    copy->text = arena.copy(element.text);
    copy->tail = arena.copy(element.tail);
    for (const auto& a : element.attributes)
        copy->attributes.push_back(arena, { arena.copy(a.name), arena.copy(a.value), arena.copy(a.ns) });
    for (const auto& child : element.children())
        copy->append(clone(child, arena));
    return copy;
}

}  // namespace xmpp
