#include "sdp/candidate.hpp"

#include <algorithm>

#include "sdp/attribute_codecs.hpp"

// RFC 8839, 5.1: candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type>
//                [raddr <address>] [rport <port>] [tcptype <type>] *(<name> <value>)

namespace sdp {
namespace {

using base::Errc;
using base::Result;

constexpr std::uint16_t max_component = 2;  // RTP and RTCP; ICE itself would go to 256

void skip_prefix(std::string_view& text, std::string_view prefix)
{
    if (text.starts_with(prefix))
        text.remove_prefix(prefix.size());
}

template <class E, std::size_t N>
Result<E> read_word(Fields& in, const std::array<base::EnumRow<E>, N>& rows, std::string_view what)
{
    const auto word = in.next();
    if (const auto value = base::find_value(rows, word))
        return *value;
    return in.fail(word.empty() ? Errc::missing : Errc::unknown_token, what);
}

Result<std::string_view> read_transport(Fields& in)
{
    const auto is = [word = in.next()](std::string_view name) {
        const auto same = [](char a, char b) { return a == b || a == b - 'a' + 'A'; };
        return std::equal(word.begin(), word.end(), name.begin(), name.end(), same);
    };
    if (is("udp"))
        return "udp";
    if (is("tcp"))
        return "tcp";
    return in.fail(Errc::unknown_token, "transport");
}

Result<std::string_view> read_address(Fields& in, std::string_view what)
{
    const auto address = in.next();
    if (is_ip_address(address) || is_mdns_name(address))
        return address;
    return in.fail(address.empty() ? Errc::missing : Errc::forbidden, what);
}

Result<void> read_extension(Candidate& to, std::string_view name, Fields& in, base::Arena& arena)
{
    if (name == "raddr") {
        TRY(to.related_address, read_address(in, "raddr"));
    } else if (name == "rport") {
        TRY(to.related_port, in.number<std::uint16_t>("rport"));
    } else if (name == "tcptype") {
        TRY(to.tcp_type, read_word(in, tcp_type_rows, "tcptype"));
    } else if (const auto value = in.next(); !value.empty()) {
        to.extensions.push_back(arena, { name, value });
    }
    return {};
}

/// What the fields say together (RFC 6544, 4.5).
Result<void> check(const Candidate& c, Fields& in, std::string_view port)
{
    const bool tcp = c.transport == "tcp";
    if (tcp && !c.tcp_type)
        return in.fail(Errc::missing, "tcptype");
    if (c.port == 0 && c.tcp_type != TcpType::active)
        return in.fail_at(port, Errc::out_of_range, "port");
    return {};
}

}  // namespace

Result<Candidate> Codec<Candidate>::read(Fields& in, base::Arena& arena)
{
    if (const auto unsafe = find_unsafe(in.text()); unsafe != std::string_view::npos)
        return in.fail_at(in.text().substr(unsafe), Errc::forbidden, "control character or invalid UTF-8");

    Candidate c;
    TRY(c.foundation, in.next(is_foundation, "foundation"));
    TRY(c.component, in.number<std::uint16_t>("component", 1, max_component));
    TRY(c.transport, read_transport(in));
    TRY(c.priority, in.number<std::uint32_t>("priority", 1));
    TRY(c.address, read_address(in, "address"));
    TRY(c.port, in.number<std::uint16_t>("port"));
    const auto port = in.last();
    if (in.next() != "typ")
        return in.fail(Errc::missing, "typ");
    TRY(c.type, read_word(in, candidate_type_rows, "type"));
    for (auto name = in.next(); !name.empty(); name = in.next())
        TRY_VOID(read_extension(c, name, in, arena));
    TRY_VOID(check(c, in, port));
    return c;
}

void Codec<Candidate>::write(Writer& out, const Candidate& c)
{
    out.checked(is_foundation, c.foundation)
        .text(" ")
        .number(c.component)
        .text(" ")
        .checked(is_token, c.transport);
    out.text(" ").number(c.priority).text(" ").checked(is_visible, c.address).text(" ").number(c.port);
    out.text(" typ ").text(base::find_token(candidate_type_rows, c.type));
    if (c.related_address)
        out.text(" raddr ").checked(is_visible, *c.related_address);
    if (c.related_port)
        out.text(" rport ").number(*c.related_port);
    if (c.tcp_type)
        out.text(" tcptype ").text(base::find_token(tcp_type_rows, *c.tcp_type));
    for (const auto& extension : c.extensions)
        out.text(" ").field(extension.name).text(" ").field(extension.value);
}

Result<Candidate> Candidate::parse(std::string_view line, base::Arena& arena)
{
    auto value = line;
    skip_prefix(value, "a=");
    skip_prefix(value, "candidate:");
    Fields in{ value };
    auto candidate = Codec<Candidate>::read(in, arena);
    if (!candidate)
        candidate.error().column += static_cast<std::uint32_t>(line.size() - value.size());
    return candidate;
}

Result<void> Candidate::append_to(std::string& out) const
{
    Writer writer{ out };
    Codec<Candidate>::write(writer.text("candidate:"), *this);
    writer.end_value();
    return writer.finish();
}

Result<std::string> Candidate::to_string() const
{
    std::string out;
    TRY_VOID(append_to(out));
    return out;
}

}  // namespace sdp
