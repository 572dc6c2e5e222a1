#include "jingle/locate.hpp"

#include <algorithm>
#include <functional>

#include "sdp/lines.hpp"
#include "xmpp/ns.hpp"

namespace jingle {

namespace {

constexpr std::string_view content_prefix = "content '";

/// Walks over the tags of a well-formed document and counts lines and columns.
class TagWalk {
public:
    explicit TagWalk(std::string_view xml)
        : xml_{ xml }
    {
    }

    /// The next start tag's place; line 0 at the end.
    Place next()
    {
        for (;;) {
            const auto open = xml_.find('<', at_);
            if (open == std::string_view::npos)
                return { 0, 0 };
            go_to(open);
            const auto found = place_;
            const auto rest = xml_.substr(open);
            if (rest.starts_with("<!--"))
                go_behind("-->");
            else if (rest.starts_with("<![CDATA["))
                go_behind("]]>");
            else if (rest.starts_with("<?"))
                go_behind("?>");
            else if (rest.starts_with("</"))
                go_behind(">");
            else {
                skip_tag();
                return found;
            }
        }
    }

private:
    void go_to(std::size_t to)
    {
        for (; at_ < to; ++at_) {
            if (xml_[at_] == '\n')
                place_ = { place_.line + 1, 1 };
            else
                ++place_.column;
        }
    }

    void go_behind(std::string_view end)
    {
        const auto found = xml_.find(end, at_);
        go_to(found == std::string_view::npos ? xml_.size() : found + end.size());
    }

    /// A start tag ends at the first > that stands in no attribute.
    void skip_tag()
    {
        char quote = '\0';
        auto end = at_;
        for (; end < xml_.size() && (quote != '\0' || xml_[end] != '>'); ++end) {
            if (quote != '\0')
                quote = xml_[end] == quote ? '\0' : quote;
            else if (xml_[end] == '"' || xml_[end] == '\'')
                quote = xml_[end];
        }
        go_to(end);
    }

    std::string_view xml_;
    std::size_t at_ = 0;
    Place place_;
};

std::string_view word(std::string_view text)
{
    return text.substr(0, text.find_first_of(" :"));
}

/// The key of "payload-type 111: ..." and "content 'audio': ..."; empty when there is none.
std::string_view key(std::string_view behind_name)
{
    const auto end = behind_name.find(':');
    if (end == std::string_view::npos || !behind_name.starts_with(' '))
        return {};
    auto text = behind_name.substr(1, end - 1);
    if (text.size() >= 2 && text.starts_with('\'') && text.ends_with('\''))
        text = text.substr(1, text.size() - 2);
    return text;
}

bool has_value(const xmpp::Element& element, std::string_view value)
{
    return value.empty()
        || std::any_of(element.attributes.begin(), element.attributes.end(),
                       [&](const auto& attribute) { return attribute.value == value; });
}

/// The first element of that name below `from`, its parts (description, transport) included.
const xmpp::Element* find(const xmpp::Element& from, std::string_view name, std::string_view value)
{
    for (const auto& child : from.children())
        if (child.name == name && has_value(child, value))
            return &child;
    for (const auto& child : from.children())
        if (child.name == "description" || child.name == "transport" || child.name == "encryption")
            if (const auto* found = find(child, name, value))
                return found;
    return nullptr;
}

/// What Jingle was called before it had its namespace, by Google and in the first drafts.
const xmpp::Element* find_session(const xmpp::Element& from)
{
    if (from.name == "jingle" || from.name == "session")
        return &from;
    for (const auto& child : from.children())
        if (const auto* found = find_session(child))
            return found;
    return nullptr;
}

/// The name of "content 'name': ...".
std::string_view content_name(std::string_view what)
{
    if (!what.starts_with(content_prefix))
        return {};
    what.remove_prefix(content_prefix.size());
    return what.substr(0, what.find("': "));
}

}  // namespace

ElementPlaces::ElementPlaces(std::string_view xml, const xmpp::Element& root)
{
    collect(root);
    TagWalk walk{ xml };
    for (auto& row : rows_)
        row.place = walk.next();
    std::sort(rows_.begin(), rows_.end(),
              [](const Row& a, const Row& b) { return std::less<>{}(a.element, b.element); });
}

void ElementPlaces::collect(const xmpp::Element& element)
{
    rows_.push_back({ &element, {} });
    for (const auto& child : element.children())
        collect(child);
}

Place ElementPlaces::of(const xmpp::Element& element) const noexcept
{
    const auto row
        = std::lower_bound(rows_.begin(), rows_.end(), &element,
                           [](const Row& a, const xmpp::Element* b) { return std::less<>{}(a.element, b); });
    return row != rows_.end() && row->element == &element ? row->place : Place{};
}

const xmpp::Element* find_jingle(const xmpp::Element& root) noexcept
{
    if (root.is("jingle", xmpp::ns::jingle))
        return &root;
    for (const auto& child : root.children())
        if (const auto* found = find_jingle(child))
            return found;
    return nullptr;
}

std::string no_jingle(const xmpp::Element& root)
{
    std::string what{ "no <jingle xmlns='" };
    what.append(xmpp::ns::jingle).append("'/>");
    if (const auto* session = find_session(root))
        what.append(", but <").append(session->name).append(" xmlns='").append(session->ns).append("'/>");
    return what;
}

const xmpp::Element& locate(const xmpp::Element& jingle, std::string_view what) noexcept
{
    const auto* at = &jingle;
    for (;;) {
        const auto name = word(what);
        const auto value = key(what.substr(name.size()));
        const auto* found = find(*at, name, value);
        if (found == nullptr && !value.empty())
            found = find(*at, name, {});
        if (found == nullptr)
            return *at;
        at = found;
        const auto behind = what.find(": ");
        what = behind != std::string_view::npos ? what.substr(behind + 2)
            : what.size() > name.size()         ? what.substr(name.size() + 1)
                                                : std::string_view{};
    }
}

Place locate_content(std::string_view sdp, std::string_view name) noexcept
{
    sdp::Lines lines{ sdp };
    Place of_media{ 0, 0 };
    Place section;
    while (lines.next()) {
        const auto& line = lines.line();
        if (line.type == 'm') {
            section = { line.number, 1 };
            if (of_media.line == 0 && word(line.value) == name)
                of_media = section;
        } else if (line.type == 'a' && line.value.starts_with("mid:") && line.value.substr(4) == name) {
            return section;
        }
    }
    return of_media.line != 0 ? of_media : Place{};
}

Place locate(std::string_view sdp, std::string_view what) noexcept
{
    const auto name = content_name(what);
    return name.empty() ? Place{} : locate_content(sdp, name);
}

Place place_of(std::string_view text, std::string_view view) noexcept
{
    const std::less<> before;
    const auto* end = text.data() + text.size();
    if (view.empty() || before(view.data(), text.data()) || !before(view.data(), end))
        return { 0, 0 };
    const auto head = text.substr(0, static_cast<std::size_t>(view.data() - text.data()));
    const auto line_start = head.rfind('\n');
    const auto column = line_start == std::string_view::npos ? head.size() : head.size() - line_start - 1;
    return { static_cast<std::uint32_t>(std::count(head.begin(), head.end(), '\n')) + 1,
             static_cast<std::uint32_t>(column) + 1 };
}

}  // namespace jingle
