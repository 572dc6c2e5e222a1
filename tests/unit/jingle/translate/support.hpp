#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>

#include "base/arena.hpp"
#include "jingle/from_sdp.hpp"
#include "jingle/to_sdp.hpp"
#include "unit/jingle/documents.hpp"

/// Text to value and back, for the tests of the translation. What must succeed throws when it does not.
namespace translate {

inline std::string describe(const base::Error& error)
{
    return error.what + " (" + std::string{ base::to_string(error.code) } + ")";
}

template <class T>
T must(base::Result<T> result)
{
    if (!result)
        throw std::runtime_error{ describe(result.error()) };
    return *std::move(result);
}

/// `text` must outlive the result: an overload that takes a temporary is not wanted.
inline sdp::Description parse_sdp(const std::string& text, base::Arena& arena)
{
    return must(sdp::Description::parse(text, arena));
}
sdp::Description parse_sdp(std::string&& text, base::Arena& arena) = delete;

inline jingle::Jingle read_jingle(const std::string& xml, base::Arena& arena)
{
    return must(jingle::Jingle::from_element(*documents::parse(xml, arena), arena));
}

/// A leg with its own arena: from SDP text to XML text and from XML text to SDP text, with one slot table.
struct Leg {
    base::Arena arena;
    jingle::Slots slots;
    jingle::Notes notes;
    std::string offer_text;
    std::optional<sdp::Description> offer;

    void offered(std::string text)
    {
        offer_text = std::move(text);
        offer = parse_sdp(offer_text, arena);
    }

    std::string to_xml(const std::string& text, jingle::Action action, jingle::Role writer,
                       jingle::TransportKind transport = jingle::TransportKind::ice_udp)
    {
        const auto description = parse_sdp(text, arena);
        const auto value = must(jingle::from_sdp(description,
                                                 { .action = action,
                                                   .writer = writer,
                                                   .sid = "a73sjjvkla37jfea",
                                                   .slots = slots,
                                                   .offer = offer ? &*offer : nullptr,
                                                   .transport = transport,
                                                   .notes = &notes },
                                                 arena));
        return documents::written(value);
    }

    std::string to_text(const std::string& xml, jingle::Role writer,
                        jingle::Trust trust = jingle::Trust::trusted)
    {
        const auto value = read_jingle(xml, arena);
        const auto description = must(jingle::to_sdp(value,
                                                     { .writer = writer,
                                                       .slots = slots,
                                                       .offer = offer ? &*offer : nullptr,
                                                       .trust = trust,
                                                       .notes = &notes },
                                                     arena));
        return must(description.to_string());
    }
};

/// Ids of candidates become their place, so that two ways to make them compare.
inline void number_candidates(xmpp::Element& element, base::Arena& arena)
{
    std::map<std::string, std::string> names;
    const auto rename = [&](xmpp::Element& candidate) {
        const auto old = std::string{ candidate.attribute_or_empty("id") };
        const auto found = names.emplace(old, "n" + std::to_string(names.size())).first;
        candidate.set(arena, "id", arena.copy(found->second));
    };
    for (const auto& child : element.children()) {
        auto& mutable_child = const_cast<xmpp::Element&>(child);
        if (child.name == "candidate")
            rename(mutable_child);
        else
            number_candidates(mutable_child, arena);
        for (const auto& grandchild : child.children())
            if (grandchild.name == "cand"
                && names.count(std::string{ grandchild.attribute_or_empty("id") }) != 0)
                rename(const_cast<xmpp::Element&>(grandchild));
    }
}

inline std::string joined(const std::vector<std::string>& lines)
{
    std::string out;
    for (const auto& line : lines)
        out += line + '\n';
    return out;
}

}  // namespace translate
