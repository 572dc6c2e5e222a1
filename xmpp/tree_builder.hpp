#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "xmpp/element.hpp"
#include "xmpp/reader.hpp"

namespace xmpp {

/// Builds Elements out of the events of a parser that knows nothing of namespaces (Namespaces in XML 1.0):
/// expat's own handling of them copies each URI once more for each element. Internal to the readers.
class TreeBuilder {
public:
    /// `stream`: the root is a scope for the stanzas and keeps no children; jabber:client, declared on root
    /// or stanza, is read as jabber:component:accept. `document`: the root is an element like any other.
    enum class Scope { stream, document };
    enum class Status { ok, skip, ill_formed };
    enum class BlankText { keep, drop };
    /// Names and values given to open(): `passing` ones are copied, `lasting` ones live as long as the arena.
    enum class Texts { passing, lasting };

    TreeBuilder(const ReaderLimits& limits, Scope scope, BlankText blank = BlankText::keep)
        : limits_{ limits }
        , scope_{ scope }
        , blank_{ blank }
    {
    }

    void reset();
    /// Where the next elements are made.
    void use(base::Arena& arena) noexcept { arena_ = &arena; }
    void expect(Texts texts) noexcept { texts_ = texts; }

    /// Opens an element below the current one; `attributes` is name, value, name, value, null.
    /// `skip`: it is over a limit, see skip_reason(). `ill_formed`: it breaks the rules of namespaces.
    [[nodiscard]] Status open(const char* name, const char* const* attributes);
    void text(const char* bytes, std::size_t size) { text_.append(bytes, size); }
    void close();
    /// Closes the current element and all around it but the root; pending text is dropped.
    void close_all_but_root();

    [[nodiscard]] Element* current() const noexcept { return frames_.back().element; }
    [[nodiscard]] SkipReason skip_reason() const noexcept { return reason_; }

private:
    struct Frame {
        Element* element;
        Element* last_child;
        std::string_view default_ns;
        std::size_t outer_bindings;  ///< how many were in force outside
    };
    struct Binding {
        std::string_view prefix;
        std::string_view ns;
        std::string_view
            element_ns;  ///< the same, or what it is read as; attributes could become equal by that
    };

    void push(const char* name);
    [[nodiscard]] std::string_view hold(const char* text, std::size_t size);
    Status add_attributes(Element& element, const char* const* attributes);
    Status add_attribute(Element& element, const char* name, const char* value);
    Status declare(std::string_view colon_and_prefix, std::string_view uri);
    Status resolve_name(Element& element);
    Status resolve_attributes(Element& element);
    Status check_local(std::string_view local);
    Status skip(SkipReason reason) noexcept;
    [[nodiscard]] const Binding* find_binding(std::string_view prefix) const noexcept;
    [[nodiscard]] std::string_view read_as(std::string_view ns) const noexcept;
    void flush_text(BlankText blank);

    ReaderLimits limits_;
    Scope scope_;
    BlankText blank_;
    Texts texts_ = Texts::passing;
    base::Arena* arena_ = nullptr;
    std::vector<Frame> frames_;
    std::vector<Binding> bindings_;
    std::string text_;
    SkipReason reason_ = SkipReason::too_long;
};

}  // namespace xmpp
