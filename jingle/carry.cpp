#include "jingle/carry.hpp"

#include <algorithm>
#include <array>

#include "jingle/limits.hpp"
#include "jingle/static_payload_types.hpp"
#include "xmpp/ns.hpp"

namespace jingle {

namespace {

/// Whatever Jingle says itself. Compared without case, as not every reader of SDP minds the case of a name.
constexpr std::array jingle_places{
    std::string_view{ "candidate" },   std::string_view{ "content" },
    std::string_view{ "crypto" },      std::string_view{ "end-of-candidates" },
    std::string_view{ "extmap" },      std::string_view{ "extmap-allow-mixed" },
    std::string_view{ "fingerprint" }, std::string_view{ "fmtp" },
    std::string_view{ "group" },       std::string_view{ "ice-pwd" },
    std::string_view{ "ice-ufrag" },   std::string_view{ "inactive" },
    std::string_view{ "mid" },         std::string_view{ "msid" },
    std::string_view{ "recvonly" },    std::string_view{ "remote-candidates" },
    std::string_view{ "rtcp-fb" },     std::string_view{ "rtcp-mux" },
    std::string_view{ "rtpmap" },      std::string_view{ "sctp-port" },
    std::string_view{ "sctpmap" },     std::string_view{ "sendonly" },
    std::string_view{ "sendrecv" },    std::string_view{ "setup" },
    std::string_view{ "ssrc" },        std::string_view{ "ssrc-group" },
    std::string_view{ "zrtp-hash" },
};

constexpr std::array allowed_names{
    std::string_view{ "bundle-only" },   std::string_view{ "cryptex" },
    std::string_view{ "dcmap" },         std::string_view{ "dcsa" },
    std::string_view{ "framerate" },     std::string_view{ "hlang-recv" },
    std::string_view{ "hlang-send" },    std::string_view{ "ice-lite" },
    std::string_view{ "ice-options" },   std::string_view{ "identity" },
    std::string_view{ "imageattr" },     std::string_view{ "label" },
    std::string_view{ "lang" },          std::string_view{ "max-message-size" },
    std::string_view{ "msid-semantic" }, std::string_view{ "rid" },
    std::string_view{ "rtcp-mux-only" }, std::string_view{ "rtcp-rsize" },
    std::string_view{ "rtcp-xr" },       std::string_view{ "sdplang" },
    std::string_view{ "simulcast" },     std::string_view{ "tls-id" },
};
constexpr std::string_view allowed_prefix = "x-google-";

/// Names of candidate extensions with an attribute of their own, or a fixed place in the line.
constexpr std::array candidate_places{
    std::string_view{ "generation" }, std::string_view{ "raddr" }, std::string_view{ "rport" },
    std::string_view{ "tcptype" },    std::string_view{ "typ" },
};
constexpr std::array allowed_candidate_names{ std::string_view{ "network-cost" },
                                              std::string_view{ "network-id" } };

constexpr std::string_view line_types = "bcikuepstrz";
constexpr std::string_view rtpmap = "rtpmap";

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) noexcept
{
    return std::any_of(names.begin(), names.end(), [&](auto row) { return equals_ignoring_case(row, name); });
}

/// Reads one carry element; keeps count of its items.
class Reading {
public:
    Reading(Carry& carry, Trust trust, Report& report, base::Arena& arena)
        : carry_{ carry }
        , trust_{ trust }
        , report_{ report }
        , arena_{ arena }
    {
    }

    void read(const xmpp::Element& element)
    {
        for (const auto& item : element.children()) {
            if (item.name != "cand" && ++items_ > limits::carry_items)
                return report_.refuse(base::Errc::too_long, "items of a carry element");
            if (item.name == "a")
                read_attribute(item);
            else if (item.name == "line")
                read_line(item);
            else if (item.name == "m")
                read_m(item);
            else if (item.name == "cand")
                read_candidate(item);
        }
    }

private:
    std::string_view value(std::string_view text)
    {
        if (text.size() > limits::carry_value)
            report_.refuse(base::Errc::too_long, "value in a carry element");
        return report_.text(text, "value in a carry element");
    }

    void read_attribute(const xmpp::Element& item)
    {
        sdp::Attribute attribute{ report_.token(item.attribute_or_empty("n"), "name in a carry element"),
                                  item.attribute("v") };
        if (attribute.value)
            value(*attribute.value);
        // Of what Jingle says, only the cosmetic "/1" of a=rtpmap: it is compared with the payload type.
        if (has_jingle_place(attribute.name) && attribute.name != rtpmap)
            report_.left_out(Loss::carried_denied, attribute.name);
        else if (trust_ == Trust::untrusted && attribute.name != rtpmap
                 && !may_come_from_anybody(attribute.name))
            report_.left_out(Loss::carried_not_allowed, attribute.name);
        else
            carry_.attributes.push_back(arena_, attribute);
    }

    void read_line(const xmpp::Element& item)
    {
        const auto type = item.attribute_or_empty("t");
        const auto text = value(item.attribute_or_empty("v"));
        if (type.size() != 1 || line_types.find(type.front()) == std::string_view::npos)
            report_.refuse(base::Errc::malformed, "type of a line in a carry element");
        else if (trust_ == Trust::untrusted)
            report_.left_out(Loss::carried_not_allowed, type);
        else
            carry_.lines.push_back(arena_, { type.front(), text });
    }

    /// From anybody only port='0' counts: it says that an m-line is rejected.
    void read_m(const xmpp::Element& item)
    {
        carry_.port = field(item, "port");
        const auto proto = field(item, "proto");
        const auto format = field(item, "fmt");
        if (trust_ == Trust::trusted) {
            carry_.proto = proto;
            carry_.format = format;
            return;
        }
        if (carry_.port && carry_.port != "0")
            report_.left_out(Loss::carried_not_allowed, *std::exchange(carry_.port, std::nullopt));
        if (proto || format)
            report_.left_out(Loss::carried_not_allowed, "m");
    }

    std::optional<std::string_view> field(const xmpp::Element& item, std::string_view name)
    {
        const auto text = item.attribute(name);
        if (text)
            report_.visible(value(*text), "part of an m-line in a carry element");
        return text;
    }

    void read_candidate(const xmpp::Element& item)
    {
        if (carry_.candidates.size() == limits::candidates)
            return report_.refuse(base::Errc::too_long, "candidates of a carry element");
        CarriedCandidate candidate{ item.attribute_or_empty("id"), {} };
        for (const auto& x : item.children()) {
            if (candidate.extensions.size() == limits::source_parameters)
                return report_.refuse(base::Errc::too_long, "extensions of a carried candidate");
            const auto name = report_.visible(x.attribute_or_empty("n"), "name of a candidate extension");
            const auto text
                = report_.visible(value(x.attribute_or_empty("v")), "value of a candidate extension");
            if (contains(candidate_places, name))
                report_.left_out(Loss::carried_denied, name);
            else if (trust_ == Trust::untrusted && !contains(allowed_candidate_names, name))
                report_.left_out(Loss::carried_not_allowed, name);
            else
                candidate.extensions.push_back(arena_, { name, text });
        }
        carry_.candidates.push_back(arena_, candidate);
    }

    Carry& carry_;
    Trust trust_;
    Report& report_;
    base::Arena& arena_;
    std::size_t items_ = 0;
};

xmpp::Element& add_child(xmpp::Element& parent, std::string_view name, base::Arena& arena)
{
    return parent.add(arena, name, xmpp::ns::carry);
}

void set(xmpp::Element& element, std::string_view name, std::string_view value, base::Arena& arena)
{
    element.attributes.push_back(arena, { name, value, {} });
}

void write_m(const Carry& carry, xmpp::Element& sdp, base::Arena& arena)
{
    if (!carry.proto && !carry.port && !carry.format)
        return;
    auto& m = add_child(sdp, "m", arena);
    if (carry.proto)
        set(m, "proto", *carry.proto, arena);
    if (carry.port)
        set(m, "port", *carry.port, arena);
    if (carry.format)
        set(m, "fmt", *carry.format, arena);
}

constexpr std::array<std::array<char, 1>, 11> line_letters{
    { { 'b' }, { 'c' }, { 'i' }, { 'k' }, { 'u' }, { 'e' }, { 'p' }, { 's' }, { 't' }, { 'r' }, { 'z' } }
};

/// A line's type as a text that lives for ever.
std::string_view letter_text(char type)
{
    for (const auto& letter : line_letters)
        if (letter.front() == type)
            return { letter.data(), 1 };
    return {};
}

void check_limits(const Carry& carry, Report& report)
{
    const auto too_long = [](std::string_view text) { return text.size() > limits::carry_value; };
    const auto has_m = carry.proto || carry.port || carry.format;
    auto over = carry.attributes.size() + carry.lines.size() + (has_m ? 1 : 0) > limits::carry_items;
    for (const auto& attribute : carry.attributes)
        over = over || too_long(attribute.value.value_or(""));
    for (const auto& line : carry.lines)
        over = over || too_long(line.value);
    if (over)
        report.refuse(base::Errc::too_long, "lines without a place in Jingle");
}

}  // namespace

base::Result<Carry> Carry::read(const Extra& extra, Trust trust, Report& report, base::Arena& arena)
{
    Carry carry;
    for (const auto* child : extra.children) {
        if (child->is("sdp", xmpp::ns::carry)) {
            Reading{ carry, trust, report, arena }.read(*child);
            break;
        }
    }
    TRY_VOID(report.result());
    return carry;
}

void Carry::write(Extra& extra, Report& report, base::Arena& arena) const
{
    if (*this == Carry{})
        return;
    check_limits(*this, report);
    auto* sdp = xmpp::Element::create(arena, "sdp", xmpp::ns::carry);
    for (const auto& attribute : attributes) {
        auto& a = add_child(*sdp, "a", arena);
        set(a, "n", attribute.name, arena);
        if (attribute.value)
            set(a, "v", *attribute.value, arena);
    }
    for (const auto& line : lines) {
        auto& element = add_child(*sdp, "line", arena);
        set(element, "t", letter_text(line.type), arena);
        set(element, "v", line.value, arena);
    }
    write_m(*this, *sdp, arena);
    for (const auto& candidate : candidates) {
        auto& cand = add_child(*sdp, "cand", arena);
        set(cand, "id", candidate.id, arena);
        for (const auto& extension : candidate.extensions) {
            auto& x = add_child(cand, "x", arena);
            set(x, "n", extension.name, arena);
            set(x, "v", extension.value, arena);
        }
    }
    extra.children.push_back(arena, sdp);
}

bool Carry::has(std::string_view name) const noexcept
{
    return std::any_of(attributes.begin(), attributes.end(),
                       [&](const auto& row) { return row.name == name; });
}

bool has_jingle_place(std::string_view attribute_name) noexcept
{
    return contains(jingle_places, attribute_name);
}

bool may_come_from_anybody(std::string_view attribute_name) noexcept
{
    return contains(allowed_names, attribute_name)
        || equals_ignoring_case(attribute_name.substr(0, allowed_prefix.size()), allowed_prefix);
}

}  // namespace jingle
