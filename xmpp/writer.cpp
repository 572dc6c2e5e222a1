#include "xmpp/writer.hpp"

#include <array>
#include <cassert>
#include <charconv>
#include <cstdint>

#include "xmpp/copy.hpp"
#include "xmpp/ns.hpp"

namespace xmpp {
namespace {

/// What stands for a byte that may not stand for itself. TAB, LF and CR would come out of an attribute as
/// blanks (XML 1.0, 3.3.3), and CR out of a text as LF (2.11).
constexpr std::array<std::string_view, 256> references = [] {
    std::array<std::string_view, 256> table{};
    table['&'] = "&amp;";
    table['<'] = "&lt;";
    table['>'] = "&gt;";
    table['"'] = "&quot;";
    table['\''] = "&apos;";
    table['\t'] = "&#9;";
    table['\n'] = "&#10;";
    table['\r'] = "&#13;";
    return table;
}();
constexpr std::size_t longest_reference = 6;

constexpr std::array<bool, 256> is_special = [] {
    std::array<bool, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = !references[i].empty();
    return table;
}();

bool same(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && (a.data() == b.data() || a == b);
}

/// Appends to a string through plain copies: the string is longer than its text by up to `slack` until the
/// end.
class Cursor {
public:
    explicit Cursor(std::string& out, std::size_t slack = 0)
        : out_{ out }
        , at_{ out.size() }
        , slack_{ slack }
    {
    }
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;
    ~Cursor() { out_.resize(at_); }

    template <class... Pieces>
    void put(const Pieces&... pieces)
    {
        need((std::string_view{ pieces }.size() + ...));
        (copy(std::string_view{ pieces }), ...);
    }

    void put_escaped(std::string_view text)
    {
        for (; text.size() > piece; text.remove_prefix(piece)) {
            need(piece * longest_reference);
            escape(text.substr(0, piece));
        }
        need(text.size() * longest_reference);
        escape(text);
    }

    void put_attribute(std::string_view name, std::string_view value)
    {
        if (value.size() > piece) {
            put(" ", name, "='");
            put_escaped(value);
            return put("'");
        }
        need(name.size() + value.size() * longest_reference + std::string_view{ " =''" }.size());
        copy(" ");
        copy(name);
        copy("='");
        escape(value);
        copy("'");
    }

private:
    static constexpr std::size_t piece = 256;

    /// There is room for the longest outcome.
    void escape(std::string_view text)
    {
        auto* to = out_.data() + at_;
        for (const char c : text) {
            *to = c;
            if (!is_special[static_cast<unsigned char>(c)]) {
                ++to;
                continue;
            }
            const auto reference = references[static_cast<unsigned char>(c)];
            to = std::copy(reference.begin(), reference.end(), to);
        }
        at_ = static_cast<std::size_t>(to - out_.data());
    }
    void need(std::size_t count)
    {
        if (out_.size() - at_ < count)
            out_.resize(at_ + count + slack_);
    }
    void copy(std::string_view text)
    {
        copy_short(out_.data() + at_, text.data(), text.size());
        at_ += text.size();
    }

    std::string& out_;
    std::size_t at_;
    std::size_t slack_;
};

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

/// About the length of one start tag, so that a stanza takes few steps.
constexpr std::size_t element_slack = 512;

}  // namespace

Writer::Writer(std::string& out, std::string_view stream_ns)
    : out_{ out }
    , stream_ns_{ stream_ns }
{
}

Writer& Writer::open(std::string_view name, std::string_view ns)
{
    end_start_tag();
    const auto outer_ns = open_.empty() ? stream_ns_ : open_.back().ns;
    Cursor out{ out_ };
    out.put("<", name);
    if (!ns.empty() && !same(ns, outer_ns))
        out.put_attribute("xmlns", ns);
    open_.push_back({ name, ns.empty() ? outer_ns : ns });
    in_start_tag_ = true;
    return *this;
}

Writer& Writer::attribute(std::string_view name, std::string_view value)
{
    assert(in_start_tag_);
    Cursor out{ out_ };
    out.put_attribute(name, value);
    return *this;
}

Writer& Writer::number_attribute(std::string_view name, unsigned long long value)
{
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return attribute(name, std::string_view{ digits.data(), static_cast<std::size_t>(end - digits.data()) });
}

Writer& Writer::attributes(const base::List<Attribute>& list)
{
    assert(in_start_tag_);
    Cursor out{ out_ };
    put_attributes(out, list);
    return *this;
}

Writer& Writer::text(std::string_view text)
{
    if (text.empty())
        return *this;
    end_start_tag();
    append_escaped(out_, text);
    return *this;
}

Writer& Writer::close()
{
    assert(!open_.empty());
    if (in_start_tag_)
        out_ += "/>";
    else
        out_.append("</").append(open_.back().name).append(">");
    in_start_tag_ = false;
    open_.pop_back();
    return *this;
}

Writer& Writer::element(const Element& element)
{
    end_start_tag();
    Cursor out{ out_, element_slack };
    put_element(out, element, open_.empty() ? stream_ns_ : open_.back().ns);
    return *this;
}

Writer& Writer::raw(std::string_view xml)
{
    end_start_tag();
    out_ += xml;
    return *this;
}

void Writer::end_start_tag()
{
    if (in_start_tag_)
        out_ += '>';
    in_start_tag_ = false;
}

void append_escaped(std::string& out, std::string_view text)
{
    Cursor{ out }.put_escaped(text);
}

std::string to_string(const Element& element)
{
    std::string out;
    Writer{ out, {} }.element(element);
    return out;
}

}  // namespace xmpp
