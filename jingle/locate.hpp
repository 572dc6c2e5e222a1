#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "xmpp/element.hpp"

namespace jingle {

/// A place in a text; lines and columns count from 1.
struct Place {
    std::uint32_t line = 1;
    std::uint32_t column = 1;

    friend bool operator==(const Place&, const Place&) = default;
};

/// Where the elements of a well-formed document start. Linear in the document.
class ElementPlaces {
public:
    ElementPlaces(std::string_view xml, const xmpp::Element& root);

    [[nodiscard]] Place of(const xmpp::Element& element) const noexcept;

private:
    struct Row {
        const xmpp::Element* element;
        Place place;
    };
    void collect(const xmpp::Element& element);

    std::vector<Row> rows_;  ///< by element
};

/// The first <jingle/> in the document: itself, or inside of an <iq/> or a capture. Null when there is none.
[[nodiscard]] const xmpp::Element* find_jingle(const xmpp::Element& root) noexcept;
/// What is wrong with a document without one: names what an older protocol has in its place.
[[nodiscard]] std::string no_jingle(const xmpp::Element& root);

/// The element that an error of Jingle::from_element or of the translation speaks of, as far as its words
/// tell ("content 'audio': payload-type 111: name"): the deepest that is found below `jingle`.
[[nodiscard]] const xmpp::Element& locate(const xmpp::Element& jingle, std::string_view what) noexcept;

/// The m-line that an error of the translation speaks of ("content 'audio': ..."); line 1 when it is about
/// the session.
[[nodiscard]] Place locate(std::string_view sdp, std::string_view what) noexcept;
/// The m-line of that mid or, where there is none, of that media; line 1 when there is no such.
[[nodiscard]] Place locate_content(std::string_view sdp, std::string_view name) noexcept;
/// The place of a view into `text`; line 0 when it is none.
[[nodiscard]] Place place_of(std::string_view text, std::string_view view) noexcept;

}  // namespace jingle
