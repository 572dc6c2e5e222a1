#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/arena.hpp"
#include "jingle/session.hpp"
#include "xmpp/element.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

/// Files of tests/data and XML text as elements.
namespace documents {

inline std::string slurp(const std::filesystem::path& path)
{
    std::ifstream in{ path, std::ios::binary };
    if (!in)
        throw std::runtime_error{ "cannot read " + path.string() };
    return { std::istreambuf_iterator<char>{ in }, {} };
}

/// In order of name. Throws when there are none, so that a lost folder does not look like a passed test.
inline std::vector<std::filesystem::path> files(const std::string& folder, const std::string& ending)
{
    std::vector<std::filesystem::path> found;
    for (const auto& entry :
         std::filesystem::directory_iterator{ std::filesystem::path{ TEST_DATA } / folder })
        if (entry.path().string().ends_with(ending))
            found.push_back(entry.path());
    if (found.empty())
        throw std::runtime_error{ "no " + ending + " in " + folder };
    std::sort(found.begin(), found.end());
    return found;
}

inline xmpp::Element* parse(std::string_view xml, base::Arena& arena)
{
    auto document = xmpp::parse_document(xml, arena, xmpp::Pretty::yes);
    if (!document)
        throw std::runtime_error{ "test XML: " + document.error().what + " in "
                                  + std::string{ xml.substr(0, 200) } };
    return *document;
}

/// What `value` writes, read again.
template <class T>
std::string written(const T& value)
{
    std::string out;
    xmpp::Writer writer{ out, xmpp::ns::component };
    value.write(writer);
    return out;
}

/// Every element called `name` in `ns` below `root`, in document order.
inline void find_all(const xmpp::Element& root, std::string_view name, std::string_view ns,
                     std::vector<const xmpp::Element*>& found)
{
    if (root.is(name, ns))
        found.push_back(&root);
    else
        for (const auto& child : root.children())
            find_all(child, name, ns, found);
}

inline std::string kind_of(const xmpp::Element& element)
{
    return std::string{ element.ns } + "|" + std::string{ element.name };
}

/// Equal, except for the order of attributes and that between children of different kinds: says where they
/// differ.
inline std::string difference(const xmpp::Element& a, const xmpp::Element& b)
{
    const auto here = "<" + std::string{ a.name } + ">";
    if (a.name != b.name || a.ns != b.ns)
        return here + " is " + kind_of(b);
    if (a.text != b.text)
        return here + " text";
    const auto contains = [](const auto& list, const xmpp::Attribute& attribute) {
        return std::find(list.begin(), list.end(), attribute) != list.end();
    };
    for (const auto& attribute : a.attributes)
        if (!contains(b.attributes, attribute))
            return here + " lost " + std::string{ attribute.name };
    for (const auto& attribute : b.attributes)
        if (!contains(a.attributes, attribute))
            return here + " got " + std::string{ attribute.name };
    const auto sorted = [](const xmpp::Element& element) {
        std::vector<const xmpp::Element*> list;
        for (const auto& child : element.children())
            list.push_back(&child);
        std::stable_sort(list.begin(), list.end(),
                         [](const auto* x, const auto* y) { return kind_of(*x) < kind_of(*y); });
        return list;
    };
    const auto left = sorted(a);
    const auto right = sorted(b);
    for (std::size_t i = 0; i < left.size() && i < right.size(); ++i)
        if (auto inner = difference(*left[i], *right[i]); !inner.empty())
            return here + inner;
    return left.size() == right.size() ? "" : here + " has other children";
}

}  // namespace documents
