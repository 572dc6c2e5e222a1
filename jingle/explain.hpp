#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.hpp"
#include "base/enum_table.hpp"
#include "base/list.hpp"
#include "base/result.hpp"
#include "jingle/locate.hpp"
#include "jingle/profile.hpp"

/// What goes where: the mapping as a table, and each line of a text against it.
namespace jingle {

/// What becomes of a line or an element.
enum class Fate : std::uint8_t {
    translated,  ///< the other side says it in its own words
    carried,  ///< Jingle has no words for it: it is in the carry element
    implied,  ///< not said, since it goes without saying
    remembered,  ///< not said, kept for the leg
    left_out,
};

inline constexpr std::array<base::EnumRow<Fate>, 5> fate_rows{ {
    { Fate::translated, "translated" },
    { Fate::carried, "carried" },
    { Fate::implied, "implied" },
    { Fate::remembered, "remembered" },
    { Fate::left_out, "left-out" },
} };

/// One kind of line of SDP.
struct LineRow {
    std::string_view line;  ///< "a=fingerprint", "c="; "a=*" stands for all others
    Fate fate;  ///< what it usually becomes
    Fate otherwise;  ///< and when not, as the remark says; equal to `fate` where there is no such case
    std::string_view place;  ///< in Jingle; empty when only the carry can say it
    std::string_view specification;  ///< of the place or, without one, of the line
    std::string_view remark;
};

/// One element or attribute of Jingle.
struct ElementRow {
    std::string_view element;
    std::string_view ns;
    std::string_view attribute;  ///< empty: the element itself; "text()": what stands in it
    Fate fate;
    std::string_view line;  ///< of SDP
    std::string_view specification;
    std::string_view remark;
};

[[nodiscard]] std::span<const LineRow> line_rows() noexcept;
/// The row of "a=NAME" or "x="; that of all other attributes for a name without one.
[[nodiscard]] const LineRow& find_line_row(std::string_view line) noexcept;
[[nodiscard]] std::span<const ElementRow> element_rows() noexcept;
/// Null for what is not understood. In an attribute of transport and what stands in it, ice:0 counts as
/// ice-udp.
[[nodiscard]] const ElementRow* find_element_row(std::string_view ns, std::string_view element,
                                                 std::string_view attribute) noexcept;

/// One line, element or attribute of a text, and what becomes of it.
struct Explanation {
    Place place;
    std::uint32_t depth = 0;  ///< of an element
    std::string_view input;  ///< the line; "<name>"; "name='value'"
    Fate fate = Fate::translated;
    std::string_view target;  ///< where it goes
    std::string_view specification;
    std::string_view remark;
    std::string_view lost;  ///< why the client of the profile does not get it so; empty: it does
};

using Explanations = base::List<Explanation>;

/// Every line of a description, as the initiator's session-initiate would say it. `profile` may be null.
/// Errors have their place.
[[nodiscard]] base::Result<Explanations> explain_sdp(std::string_view sdp, const Profile* profile,
                                                     base::Arena& arena);
/// Every element and attribute of the first <jingle/> in a document.
[[nodiscard]] base::Result<Explanations> explain_xml(std::string_view xml, const Profile* profile,
                                                     base::Arena& arena);

}  // namespace jingle
