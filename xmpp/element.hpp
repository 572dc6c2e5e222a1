#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

#include "base/arena.hpp"
#include "base/list.hpp"

namespace xmpp {

/// An attribute; `ns` is empty for the usual one without a prefix.
struct Attribute {
    std::string_view name;
    std::string_view value;
    std::string_view ns;

    friend bool operator==(const Attribute&, const Attribute&) = default;
};

/// An XML element in an Arena: its names, values and children live exactly as long as that arena.
/// Mixed content is kept as in ElementTree: `text` stands before the first child, `tail` after this element's
/// end tag. Attributes and children keep document order.
class Element {
public:
    std::string_view name;
    std::string_view ns;
    base::List<Attribute> attributes;
    std::string_view text;
    std::string_view tail;

    class ChildIterator {
    public:
        using value_type = Element;
        using difference_type = std::ptrdiff_t;
        using reference = const Element&;
        using pointer = const Element*;
        using iterator_category = std::forward_iterator_tag;

        ChildIterator() = default;
        explicit ChildIterator(const Element* at)
            : at_{ at }
        {
        }
        reference operator*() const { return *at_; }
        pointer operator->() const { return at_; }
        ChildIterator& operator++()
        {
            at_ = at_->next_;
            return *this;
        }
        ChildIterator operator++(int)
        {
            auto before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(ChildIterator, ChildIterator) = default;

    private:
        const Element* at_ = nullptr;
    };
    struct Children {
        const Element* first;
        [[nodiscard]] ChildIterator begin() const { return ChildIterator{ first }; }
        [[nodiscard]] ChildIterator end() const { return ChildIterator{}; }
        [[nodiscard]] bool empty() const { return first == nullptr; }
    };

    /// An element that is in no tree yet. The views must outlive the arena or be copied into it by the
    /// caller.
    static Element* create(base::Arena& arena, std::string_view name, std::string_view ns)
    {
        auto* element = arena.make<Element>();
        element->name = name;
        element->ns = ns;
        return element;
    }

    [[nodiscard]] bool is(std::string_view wanted_name, std::string_view wanted_ns) const noexcept
    {
        return name == wanted_name && ns == wanted_ns;
    }

    /// The unprefixed attribute; empty optional when absent, so that absent and "" stay different.
    [[nodiscard]] std::optional<std::string_view> attribute(std::string_view key) const noexcept;
    /// The same, with "" for absent: for attributes where both mean the same.
    [[nodiscard]] std::string_view attribute_or_empty(std::string_view key) const noexcept;

    [[nodiscard]] Children children() const noexcept { return { first_child_ }; }
    [[nodiscard]] const Element* first_child() const noexcept { return first_child_; }
    [[nodiscard]] const Element* child(std::string_view child_name, std::string_view child_ns) const noexcept;

    /// Replaces the attribute in place or appends it.
    void set(base::Arena& arena, std::string_view key, std::string_view value);
    void remove_attribute(std::string_view key);

    /// Hangs `child` behind the last child. It must not be in a tree already.
    Element& append(Element* child) noexcept;
    /// Makes a child (namespace inherited when not given) and returns it.
    Element& add(base::Arena& arena, std::string_view child_name, std::string_view child_ns = {});
    /// Takes `child` out of this element; false when it is no child of it. Linear.
    bool remove(const Element* child) noexcept;

private:
    Element* first_child_ = nullptr;
    Element* last_child_ = nullptr;
    Element* next_ = nullptr;
};

/// Equal as XML information: names, namespaces, text, children in order; the order of attributes is free.
[[nodiscard]] bool equal(const Element& a, const Element& b) noexcept;

/// A deep copy in another arena, texts included.
[[nodiscard]] Element* clone(const Element& element, base::Arena& arena);

}  // namespace xmpp
