#pragma once

#include <optional>
#include <string_view>

#include "base/arena.hpp"
#include "base/list.hpp"
#include "base/result.hpp"
#include "jingle/extra.hpp"
#include "jingle/report.hpp"
#include "sdp/description.hpp"
#include "xmpp/element.hpp"

/// The carry element, <sdp xmlns='urn:carillon:sdp-carry:0'/>: what SDP says and Jingle cannot. It hangs in
/// <jingle/> (session), <description/> (m-section) or <transport/> (its transport). What has a place in
/// Jingle is never written into it and never accepted from it: otherwise it would be a way around every
/// filter.
namespace jingle {

/// Whose carry is read: our own web pages and the command line, or anybody.
enum class Trust { untrusted, trusted };

/// A carried line that is no attribute: b= c= i= k= u= e= p= s= t= r= z=.
struct CarriedLine {
    char type = ' ';
    std::string_view value;

    friend bool operator==(const CarriedLine&, const CarriedLine&) = default;
};

/// Extensions of the candidate with that id which have no attribute.
struct CarriedCandidate {
    std::string_view id;
    base::List<sdp::CandidateExtension> extensions;

    friend bool operator==(const CarriedCandidate&, const CarriedCandidate&) = default;
};

struct Carry {
    base::List<sdp::Attribute> attributes;
    base::List<CarriedLine> lines;
    std::optional<std::string_view> proto;  ///< of the m-line, where it is not the derived one
    std::optional<std::string_view> port;
    std::optional<std::string_view> format;
    base::List<CarriedCandidate> candidates;

    friend bool operator==(const Carry&, const Carry&) = default;

    /// What `extra` holds of it and `trust` allows; the rest is noted. Refuses what cannot stand in SDP.
    static base::Result<Carry> read(const Extra& extra, Trust trust, Report& report, base::Arena& arena);
    /// Appends the element to `extra` unless there is nothing to carry. Refuses more than the limits allow.
    void write(Extra& extra, Report& report, base::Arena& arena) const;

    [[nodiscard]] bool has(std::string_view name) const noexcept;
    /// m port='0': the m-line is rejected.
    [[nodiscard]] bool is_rejected() const noexcept { return port == "0"; }
};

/// True for attributes with a place in Jingle.
[[nodiscard]] bool has_jingle_place(std::string_view attribute_name) noexcept;
/// True for attributes that are written back into SDP whoever carried them.
[[nodiscard]] bool may_come_from_anybody(std::string_view attribute_name) noexcept;

}  // namespace jingle
