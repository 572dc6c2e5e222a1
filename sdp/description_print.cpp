#include "sdp/description.hpp"
#include "sdp/payload_order.hpp"
#include "sdp/rules.hpp"
#include "sdp/writer.hpp"

namespace sdp {
namespace {

using base::Result;

enum class Form { whole, fragment };

/// RFC 8866, 5: i= u= e= p= stand before c= and b=; everything else stands behind t=.
constexpr std::string_view types_before_connection = "iuep";
constexpr std::string_view other_types_in_session = "iueptrzk";
constexpr std::string_view other_types_in_media = "ik";

void write_connection(Writer& out, const std::optional<Connection>& connection)
{
    if (!connection)
        return;
    out.begin_line('c').field(connection->net_type).text(" ").field(connection->address_type).text(" ");
    out.field(connection->address).end_line();
}

void write_bandwidths(Writer& out, const base::List<Bandwidth>& bandwidths)
{
    for (const auto& bandwidth : bandwidths) {
        out.begin_line('b').checked(is_token, bandwidth.type).text(":").checked(is_uint64, bandwidth.value);
        out.end_line();
    }
}

enum class Part { before_connection, behind };

void write_other_lines(Writer& out, const base::List<OtherLine>& lines, std::string_view allowed, Part part)
{
    for (const auto& line : lines) {
        const bool before = types_before_connection.find(line.type) != std::string_view::npos;
        if (before != (part == Part::before_connection))
            continue;
        out.require(allowed.find(line.type) != std::string_view::npos,
                    "a line of this type may not stand here");
        out.begin_line(line.type).text(line.value).end_line();
    }
}

void write_attributes(Writer& out, const Source& from, const base::List<Attribute>& other)
{
    for (const auto& rule : rules()) {
        const bool here
            = rule.level == Level::both || (rule.level == Level::session) == (from.media == nullptr);
        if (here && rule.write != nullptr)
            rule.write(out, rule.name, from);
    }
    const bool payload_types = from.media == nullptr || is_rtp(*from.media);
    for (const auto& attribute : other) {
        // What has a member may not come in by another door.
        const auto* rule = find_rule(attribute.name);
        const bool is_other = rule == nullptr || (rule->level == Level::rtp_media && !payload_types);
        out.require(is_other, "an attribute that has a member of its own");
        out.text("a=").checked(is_token, attribute.name);
        if (attribute.value)
            out.text(":").text(*attribute.value);
        out.end_line();
    }
}

void write_media(Writer& out, const Description& description, const Media& media)
{
    out.begin_line('m').checked(is_token, media.media).text(" ").number(media.port);
    if (media.port_count)
        out.text("/").number(*media.port_count);
    out.text(" ").checked(is_visible, media.proto);
    out.require(!media.formats.empty(), "no format");
    for (const auto format : media.formats)
        out.text(" ").checked(is_visible, format);
    out.end_line();
    write_other_lines(out, media.other_lines, other_types_in_media, Part::before_connection);
    write_connection(out, media.connection);
    write_bandwidths(out, media.bandwidths);
    write_other_lines(out, media.other_lines, other_types_in_media, Part::behind);
    write_attributes(out, { description, &media, media.transport }, media.other);
}

void write_session_lines(Writer& out, const Description& d)
{
    const auto& o = d.origin;
    out.text("v=0").end_line();
    out.begin_line('o')
        .field(o.username)
        .text(" ")
        .field(o.sess_id)
        .text(" ")
        .field(o.sess_version)
        .text(" ");
    out.field(o.net_type).text(" ").field(o.address_type).text(" ").field(o.address).end_line();
    out.begin_line('s').text(d.session_name.empty() ? "-" : d.session_name).end_line();
    write_other_lines(out, d.other_lines, other_types_in_session, Part::before_connection);
    write_connection(out, d.connection);
    write_bandwidths(out, d.bandwidths);
    out.begin_line('t').checked(is_timing, d.timing).end_line();
    write_other_lines(out, d.other_lines, other_types_in_session, Part::behind);
}

Result<void> append(const Description& description, Form form, std::string& out)
{
    Writer writer{ out };
    if (form == Form::whole)
        write_session_lines(writer, description);
    write_attributes(writer, { description, nullptr, description.transport }, description.other);
    for (const auto& media : description.media)
        write_media(writer, description, media);
    return writer.finish();
}

}  // namespace

Result<void> Description::append_to(std::string& out) const
{
    return append(*this, Form::whole, out);
}

Result<std::string> Description::to_string() const
{
    std::string out;
    TRY_VOID(append_to(out));
    return out;
}

Result<void> Description::append_fragment_to(std::string& out) const
{
    return append(*this, Form::fragment, out);
}

Result<std::string> Description::fragment_to_string() const
{
    std::string out;
    TRY_VOID(append_fragment_to(out));
    return out;
}

}  // namespace sdp
