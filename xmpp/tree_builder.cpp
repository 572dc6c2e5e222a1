#include "xmpp/tree_builder.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/release.hpp"
#include "xmpp/copy.hpp"
#include "xmpp/known_names.hpp"
#include "xmpp/ns.hpp"

namespace xmpp {
namespace {

using Status = TreeBuilder::Status;

constexpr std::string_view xmlns = "xmlns";
constexpr std::string_view xmlns_uri = "http://www.w3.org/2000/xmlns/";

/// Kept even where there are too many: whoever refuses the stanza needs them.
constexpr std::array<std::string_view, 4> routing{ "from", "to", "id", "type" };

/// Text grown beyond this gives its memory back when the stanza ends.
constexpr std::size_t max_idle_text = 64 * 1024;

/// Deeper than any call's stanza.
constexpr std::size_t usual_depth = 12;

struct QName {
    std::string_view prefix;
    std::string_view local;
};

bool is_blank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// The worse of two.
Status worse(Status a, Status b)
{
    return std::max(a, b);
}

QName split(std::string_view name, std::size_t colon)
{
    return { name.substr(0, colon), name.substr(colon + 1) };
}

bool is_declaration(const char* name)
{
    return name[0] == 'x' && std::strncmp(name, xmlns.data(), xmlns.size()) == 0
        && (name[xmlns.size()] == '\0' || name[xmlns.size()] == ':');
}

/// Without the declarations, which are none of the element's.
std::size_t count_attributes(const char* const* attributes)
{
    std::size_t count = 0;
    for (; *attributes != nullptr; attributes += 2)
        count += is_declaration(*attributes) ? 0 : 1;
    return count;
}

/// Two attributes may not have the same expanded name; expat has compared them as they are written.
bool has_duplicates(const base::List<Attribute>& attributes)
{
    for (const auto* a = attributes.begin(); a != attributes.end(); ++a)
        if (!a->ns.empty() && std::any_of(a + 1, attributes.end(), [a](const Attribute& b) {
                return a->name == b.name && a->ns == b.ns;
            }))
            return true;
    return false;
}

}  // namespace

void TreeBuilder::reset()
{
    frames_.clear();
    bindings_.clear();
    text_.clear();
}

Status TreeBuilder::skip(SkipReason reason) noexcept
{
    reason_ = reason;
    return Status::skip;
}

Status TreeBuilder::open(const char* name, const char* const* attributes)
{
    const auto level = frames_.size() + (scope_ == Scope::document ? 1 : 0);
    if (level > limits_.max_depth)
        return skip(SkipReason::too_deep);
    flush_text(blank_);
    push(name);
    auto& element = *frames_.back().element;
    const auto status = add_attributes(element, attributes);
    return worse(status, resolve_name(element));
}

void TreeBuilder::push(const char* name)
{
    auto* element = Element::create(*arena_, hold(name, std::strlen(name)), {});
    if (frames_.empty()) {
        frames_.reserve(usual_depth);
        frames_.push_back({ element, nullptr, {}, 0 });
        return;
    }
    if (frames_.size() > 1 || scope_ == Scope::document) {
        frames_.back().element->append(element);
        frames_.back().last_child = element;
    }
    frames_.push_back({ element, nullptr, frames_.back().default_ns, bindings_.size() });
}

std::string_view TreeBuilder::hold(const char* text, std::size_t size)
{
    if (texts_ == Texts::lasting)
        return { text, size };
    auto* const bytes = static_cast<char*>(arena_->allocate(size, 1));
    copy_short(bytes, text, size);
    return { bytes, size };
}

Status TreeBuilder::add_attributes(Element& element, const char* const* attributes)
{
    auto status = Status::ok;
    auto prefixed = false;
    std::size_t declarations = 0;
    element.attributes.reserve(*arena_, std::min(count_attributes(attributes), limits_.max_attributes));
    for (; *attributes != nullptr; attributes += 2) {
        const auto* name = attributes[0];
        if (!is_declaration(name)) {
            status = worse(status, add_attribute(element, name, attributes[1]));
            prefixed = prefixed || std::strchr(name, ':') != nullptr;
        } else {
            status = worse(status, declare(name + xmlns.size(), attributes[1]));
            ++declarations;
        }
    }
    if (declarations > limits_.max_attributes + 1)  // As many as it takes to write the attributes again.
        status = worse(status, skip(SkipReason::too_many_attributes));
    return prefixed ? worse(status, resolve_attributes(element)) : status;
}

Status TreeBuilder::add_attribute(Element& element, const char* name, const char* value)
{
    const auto name_size = std::strlen(name);
    const auto value_size = std::strlen(value);
    auto status = Status::ok;
    if (value_size > limits_.max_value_bytes)
        return skip(SkipReason::value_too_long);
    if (element.attributes.size() >= limits_.max_attributes) {
        status = skip(SkipReason::too_many_attributes);
        if (std::find(routing.begin(), routing.end(), std::string_view{ name, name_size }) == routing.end())
            return status;
    }
    element.attributes.push_back(*arena_, { hold(name, name_size), hold(value, value_size), {} });
    return status;
}

Status TreeBuilder::declare(std::string_view colon_and_prefix, std::string_view uri)
{
    const auto prefix = colon_and_prefix.substr(colon_and_prefix.empty() ? 0 : 1);
    const auto is_default = colon_and_prefix.empty();
    // Namespaces in XML 1.0, 3: xml and xmlns are bound for good, and no prefix can be unbound.
    if (prefix.empty() != is_default || prefix == xmlns || uri == xmlns_uri
        || (prefix == "xml") != (uri == ns::xml))
        return Status::ill_formed;
    if (!is_default && (uri.empty() || prefix.find(':') != std::string_view::npos))
        return Status::ill_formed;

    const auto too_long = uri.size() > limits_.max_value_bytes;
    const auto known = ns::find_known(uri);
    const auto kept = too_long ? std::string_view{} : known.empty() ? arena_->copy(uri) : known;
    if (is_default)
        frames_.back().default_ns = read_as(kept);
    else
        bindings_.push_back({ arena_->copy(prefix), kept, read_as(kept) });
    return too_long ? skip(SkipReason::value_too_long) : Status::ok;
}

std::string_view TreeBuilder::read_as(std::string_view ns) const noexcept
{
    const auto is_root_or_stanza = frames_.size() <= 2;
    return scope_ == Scope::stream && is_root_or_stanza && ns == ns::client ? ns::component : ns;
}

const TreeBuilder::Binding* TreeBuilder::find_binding(std::string_view prefix) const noexcept
{
    static constexpr Binding xml{ "xml", ns::xml, ns::xml };
    for (auto b = bindings_.rbegin(); b != bindings_.rend(); ++b)
        if (b->prefix == prefix)
            return &*b;
    return prefix == xml.prefix ? &xml : nullptr;
}

/// A local part is written without its prefix later on, so it has to be a name by itself. Beyond ASCII that
/// would take the tables of XML 1.0's appendix B, for names that nobody uses.
Status TreeBuilder::check_local(std::string_view local)
{
    if (local.empty() || local.find(':') != std::string_view::npos)
        return Status::ill_formed;
    const auto first = static_cast<unsigned char>(local.front());
    if (first >= 0x80)
        return skip(SkipReason::unsupported_name);
    const auto lower = first | 0x20U;
    return (lower >= 'a' && lower <= 'z') || first == '_' ? Status::ok : Status::ill_formed;
}

Status TreeBuilder::resolve_name(Element& element)
{
    const auto colon = element.name.find(':');
    if (colon == std::string_view::npos) {
        element.ns = frames_.back().default_ns;
        return Status::ok;
    }
    const auto [prefix, local] = split(element.name, colon);
    const auto* found = find_binding(prefix);
    if (found == nullptr)
        return Status::ill_formed;
    element.name = local;
    element.ns = found->element_ns;
    return check_local(local);
}

Status TreeBuilder::resolve_attributes(Element& element)
{
    auto status = Status::ok;
    for (auto& a : element.attributes) {
        const auto colon = a.name.find(':');
        if (colon == std::string_view::npos)
            continue;
        const auto [prefix, local] = split(a.name, colon);
        const auto* found = find_binding(prefix);
        if (found == nullptr)
            return Status::ill_formed;
        status = worse(status, check_local(local));
        a.name = local;
        a.ns = found->ns;
    }
    return has_duplicates(element.attributes) ? Status::ill_formed : status;
}

void TreeBuilder::flush_text(BlankText blank)
{
    if (text_.empty())
        return;
    const auto& frame = frames_.back();
    if (blank == BlankText::keep || !is_blank(text_))
        (frame.last_child != nullptr ? frame.last_child->tail : frame.element->text) = arena_->copy(text_);
    text_.clear();
}

void TreeBuilder::close()
{
    // Blank text of an element without children is its content; beside children it is layout.
    flush_text(frames_.back().last_child != nullptr ? blank_ : BlankText::keep);
    bindings_.resize(frames_.back().outer_bindings);
    frames_.pop_back();
    if (frames_.size() <= 1 && text_.capacity() > max_idle_text)
        base::release(text_);
}

void TreeBuilder::close_all_but_root()
{
    text_.clear();
    while (frames_.size() > 1)
        close();
}

}  // namespace xmpp
