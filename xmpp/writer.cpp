#include "xmpp/writer.hpp"

#include <array>
#include <cassert>
#include <charconv>

#include "xmpp/ns.hpp"

namespace xmpp {
namespace {

bool same(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && (a.data() == b.data() || a == b);
}

/// An attribute of a namespace that is not ours gets a prefix of its own: those we read are rare and few.
void put_foreign_attribute(Cursor& out, const Attribute& attribute, std::size_t index)
{
    if (attribute.ns == ns::xml) {
        out.put(" xml:", attribute.name, "='");
    } else {
        std::array<char, 24> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), index + 1).ptr;
        const std::string_view number{ digits.data(), static_cast<std::size_t>(end - digits.data()) };
        out.put(" xmlns:ns", number, "='");
        out.put_escaped(attribute.ns);
        out.put("' ns", number, ":", attribute.name, "='");
    }
    out.put_escaped(attribute.value);
    out.put("'");
}

void put_attributes(Cursor& out, const base::List<Attribute>& attributes)
{
    for (std::size_t i = 0; i < attributes.size(); ++i)
        if (attributes[i].ns.empty())
            out.put_attribute(attributes[i].name, attributes[i].value);
        else
            put_foreign_attribute(out, attributes[i], i);
}

void put_element(Cursor& out, const Element& element, std::string_view outer_ns)
{
    out.put("<", element.name);
    if (!same(element.ns, outer_ns))
        out.put_attribute("xmlns", element.ns);
    put_attributes(out, element.attributes);
    if (element.children().empty() && element.text.empty())
        return out.put("/>");
    out.put(">");
    out.put_escaped(element.text);
    for (const auto& child : element.children()) {
        put_element(out, child, element.ns);
        out.put_escaped(child.tail);
    }
    out.put("</", element.name, ">");
}

/// Deeper than most stanzas go, so that a writer allocates once.
constexpr std::size_t usual_depth = 8;

}  // namespace

Writer::Writer(std::string& out, std::string_view stream_ns)
    : out_{ out }
    , stream_ns_{ stream_ns }
{
    open_.reserve(usual_depth);
}

Writer& Writer::open(std::string_view name, std::string_view ns)
{
    begin();
    const auto outer_ns = current_ns();
    out_.put("<", name);
    if (!ns.empty() && !same(ns, outer_ns))
        out_.put_attribute("xmlns", ns);
    open_.push_back({ name, ns.empty() ? outer_ns : ns });
    in_start_tag_ = true;
    return *this;
}

Writer& Writer::attribute(std::string_view name, std::string_view value)
{
    assert(in_start_tag_);
    out_.put_attribute(name, value);
    return *this;
}

Writer& Writer::number_attribute(std::string_view name, unsigned long long value)
{
    assert(in_start_tag_);
    out_.put_number(name, value);
    return *this;
}

Writer& Writer::attributes(const base::List<Attribute>& list)
{
    assert(in_start_tag_);
    put_attributes(out_, list);
    return *this;
}

Writer& Writer::text(std::string_view text)
{
    if (text.empty())
        return *this;
    begin();
    out_.put_escaped(text);
    finish();
    return *this;
}

Writer& Writer::close()
{
    assert(!open_.empty());
    if (in_start_tag_)
        out_.put("/>");
    else
        out_.put("</", open_.back().name, ">");
    in_start_tag_ = false;
    open_.pop_back();
    finish();
    return *this;
}

Writer& Writer::element(const Element& element)
{
    begin();
    put_element(out_, element, current_ns());
    finish();
    return *this;
}

Writer& Writer::raw(std::string_view xml)
{
    begin();
    out_.put(xml);
    finish();
    return *this;
}

/// Before any content: ends the start tag it stands behind.
void Writer::begin()
{
    if (open_.empty())
        out_.sync();
    if (in_start_tag_)
        out_.put(">");
    in_start_tag_ = false;
}

void Writer::finish()
{
    if (open_.empty())
        out_.trim();
}

std::string_view Writer::current_ns() const noexcept
{
    return open_.empty() ? stream_ns_ : open_.back().ns;
}

void append_escaped(std::string& out, std::string_view text)
{
    Cursor cursor{ out };
    cursor.put_escaped(text);
    cursor.trim();
}

std::string to_string(const Element& element)
{
    std::string out;
    Writer{ out, {} }.element(element);
    return out;
}

}  // namespace xmpp
