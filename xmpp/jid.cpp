#include "xmpp/jid.hpp"

#include <algorithm>
#include <array>

#include "xmpp/jid_prep.hpp"

namespace xmpp {
namespace {

/// What preparation does to a byte: the profiles of RFC 6122 restricted to ASCII.
enum class Fate : std::uint8_t { forbid, keep, lower, prepare };
using Fates = std::array<Fate, 256>;

constexpr Fates make_fates(std::string_view forbidden, Fate upper_case)
{
    Fates fates{};
    for (std::size_t c = 0x20; c < 0x7F; ++c)
        fates[c] = forbidden.find(static_cast<char>(c)) == std::string_view::npos ? Fate::keep : Fate::forbid;
    for (std::size_t c = 'A'; c <= 'Z'; ++c)
        fates[c] = upper_case;
    for (std::size_t c = 0x80; c < fates.size(); ++c)
        fates[c] = Fate::prepare;
    return fates;
}

/// RFC 6122, A.5: nodeprep forbids these and blanks. Of a domain's characters only those of host names are
/// left, with '_', which some have. Brackets and colons are of addresses, see is_ip6_literal().
constexpr std::array<Fates, 3> fates_of{
    make_fates(" \"&'/:<>@", Fate::lower),
    make_fates(" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~", Fate::lower),
    make_fates("", Fate::keep),
};

constexpr const Fates& fates(JidPart part)
{
    return fates_of[static_cast<std::size_t>(part)];
}

enum class Outcome { done, forbidden, needs_preparation };

/// Appends `text` prepared, as long as it is ASCII.
Outcome append_ascii(std::string& out, JidPart part, std::string_view text)
{
    const auto& table = fates(part);
    for (const char c : text) {
        switch (table[static_cast<unsigned char>(c)]) {
        case Fate::keep: out.push_back(c); break;
        case Fate::lower: out.push_back(static_cast<char>(c | 0x20)); break;
        case Fate::forbid: return Outcome::forbidden;
        case Fate::prepare: return Outcome::needs_preparation;
        }
    }
    return Outcome::done;
}

/// Nameprep turns full-width signs into '/' and '@', so what comes out is looked at again.
bool is_allowed(JidPart part, std::string_view prepared)
{
    return std::none_of(prepared.begin(), prepared.end(),
                        [&](char c) { return fates(part)[static_cast<unsigned char>(c)] == Fate::forbid; });
}

bool append_part(std::string& out, JidPart part, std::string_view text)
{
    if (text.empty() || text.size() > Jid::max_part)
        return false;
    const auto start = out.size();
    const auto outcome = append_ascii(out, part, text);
    if (outcome != Outcome::needs_preparation)
        return outcome == Outcome::done;
    const auto prepared = prepare(part, text);
    if (!prepared || !is_allowed(part, *prepared))
        return false;
    out.resize(start);
    out += *prepared;
    return true;
}

/// RFC 1035, 2.3.4, for a label that is ASCII; another is shorter or longer in the DNS.
bool is_label(std::string_view label)
{
    constexpr std::size_t max_label = 63;
    if (label.empty() || label.front() == '-' || label.back() == '-')
        return false;
    const auto is_ascii
        = [label] { return std::all_of(label.begin(), label.end(), [](char c) { return (c & 0x80) == 0; }); };
    return label.size() <= max_label || !is_ascii();
}

bool are_labels(std::string_view domain)
{
    for (;;) {
        const auto dot = domain.find('.');
        if (!is_label(domain.substr(0, dot)))
            return false;
        if (dot == std::string_view::npos)
            return true;
        domain.remove_prefix(dot + 1);
    }
}

/// RFC 6122, 2.2: "[2001:db8::1]".
bool is_ip6_literal(std::string_view domain)
{
    constexpr std::size_t shortest = 4;
    constexpr std::size_t longest = 47;
    return domain.size() >= shortest && domain.size() <= longest && domain.front() == '['
        && domain.back() == ']'
        && domain.substr(1, domain.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.")
        == std::string_view::npos;
}

bool append_domain(std::string& out, std::string_view text)
{
    const auto start = out.size();
    if (is_ip6_literal(text)) {
        std::transform(text.begin(), text.end(), std::back_inserter(out),
                       [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c; });
        return true;
    }
    if (!append_part(out, JidPart::domain, text))
        return false;
    if (out.size() > start + 1 && out.back() == '.')
        out.pop_back();
    return are_labels(std::string_view{ out }.substr(start));
}

constexpr std::uint8_t bit_of(JidPart part)
{
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(part));
}

/// For each byte the parts that keep it as it is.
constexpr std::array<std::uint8_t, 256> kept_in = [] {
    std::array<std::uint8_t, 256> table{};
    for (const auto part : { JidPart::local, JidPart::domain, JidPart::resource })
        for (std::size_t c = 0; c < table.size(); ++c)
            if (fates(part)[c] == Fate::keep)
                table[c] |= bit_of(part);
    return table;
}();

/// True when preparation would only copy.
bool is_prepared(JidPart part, std::string_view text)
{
    auto kept = bit_of(part);
    for (const char c : text)
        kept &= kept_in[static_cast<unsigned char>(c)];
    return kept != 0 && !text.empty() && text.size() <= Jid::max_part;
}

bool is_prepared_domain(std::string_view text)
{
    return is_prepared(JidPart::domain, text) && text.back() != '.' && are_labels(text);
}

/// XEP-0106, 3: the ten characters and the two digits that stand for each.
struct Escape {
    char character;
    std::string_view digits;
};
constexpr std::array<Escape, 10> escapes{ {
    { ' ', "20" },
    { '"', "22" },
    { '&', "26" },
    { '\'', "27" },
    { '/', "2f" },
    { ':', "3a" },
    { '<', "3c" },
    { '>', "3e" },
    { '@', "40" },
    { '\\', "5c" },
} };

char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// The escape whose digits `text` starts with. Of either case: preparing a local part makes them lower case.
const Escape* find_digits(std::string_view text)
{
    if (text.size() < 2)
        return nullptr;
    const std::array<char, 2> digits{ to_lower(text[0]), to_lower(text[1]) };
    const auto* const found = std::find_if(escapes.begin(), escapes.end(), [&](const Escape& e) {
        return e.digits == std::string_view{ digits.data(), digits.size() };
    });
    return found == escapes.end() ? nullptr : found;
}

void append_escape(std::string& out, std::string_view rest)
{
    const auto* const found = std::find_if(escapes.begin(), escapes.end(),
                                           [&](const Escape& e) { return e.character == rest.front(); });
    const auto is_plain
        = found == escapes.end() || (rest.front() == '\\' && find_digits(rest.substr(1)) == nullptr);
    if (is_plain)
        out.push_back(rest.front());
    else
        out.append("\\").append(found->digits);
}

}  // namespace

std::optional<Jid> Jid::parse(std::string_view text)
{
    const auto slash = text.find('/');
    const auto bare = text.substr(0, slash);
    const auto at = bare.find('@');
    Jid jid;
    if (is_prepared_domain(at == std::string_view::npos ? bare : bare.substr(at + 1))
        && (at == std::string_view::npos || is_prepared(JidPart::local, bare.substr(0, at)))
        && (slash == std::string_view::npos || is_prepared(JidPart::resource, text.substr(slash + 1)))) {
        jid.text_ = text;  // Nearly every address: servers send them prepared.
        jid.domain_at_ = static_cast<std::uint16_t>(at == std::string_view::npos ? 0 : at + 1);
        jid.resource_at_ = static_cast<std::uint16_t>(slash == std::string_view::npos ? 0 : slash + 1);
        return jid;
    }
    jid.text_.reserve(text.size());
    if (at != std::string_view::npos) {
        if (!append_part(jid.text_, JidPart::local, bare.substr(0, at)))
            return std::nullopt;
        jid.text_.push_back('@');
        jid.domain_at_ = static_cast<std::uint16_t>(jid.text_.size());
    }
    if (!append_domain(jid.text_, at == std::string_view::npos ? bare : bare.substr(at + 1)))
        return std::nullopt;
    if (slash == std::string_view::npos)
        return jid;
    return jid.with_resource(text.substr(slash + 1));
}

std::string_view Jid::local() const noexcept
{
    return domain_at_ == 0 ? std::string_view{} : std::string_view{ text_ }.substr(0, domain_at_ - 1U);
}

std::string_view Jid::domain() const noexcept
{
    return bare().substr(domain_at_);
}

std::string_view Jid::resource() const noexcept
{
    return resource_at_ == 0 ? std::string_view{} : std::string_view{ text_ }.substr(resource_at_);
}

std::string_view Jid::bare() const noexcept
{
    return resource_at_ == 0 ? std::string_view{ text_ }
                             : std::string_view{ text_ }.substr(0, resource_at_ - 1U);
}

Jid Jid::to_bare() const
{
    Jid bare_jid;
    bare_jid.text_ = bare();
    bare_jid.domain_at_ = domain_at_;
    return bare_jid;
}

std::optional<Jid> Jid::with_resource(std::string_view resource) const
{
    auto jid = to_bare();
    jid.text_.push_back('/');
    jid.resource_at_ = static_cast<std::uint16_t>(jid.text_.size());
    if (empty() || !append_part(jid.text_, JidPart::resource, resource))
        return std::nullopt;
    return jid;
}

std::string escape_local(std::string_view text)
{
    std::string out;
    if (text.empty() || text.front() == ' ' || text.back() == ' ')
        return out;
    out.reserve(text.size() + 4);
    for (; !text.empty(); text.remove_prefix(1))
        append_escape(out, text);
    return out;
}

std::string unescape_local(std::string_view local)
{
    constexpr std::size_t escape_size = 3;
    std::string out;
    out.reserve(local.size());
    for (std::size_t i = 0; i < local.size();) {
        const auto* const found = local[i] == '\\' ? find_digits(local.substr(i + 1)) : nullptr;
        const auto is_edge = i == 0 || i + escape_size == local.size();
        if (found == nullptr || (found->character == ' ' && is_edge)) {
            out.push_back(local[i++]);
            continue;
        }
        out.push_back(found->character);
        i += escape_size;
    }
    return out;
}

}  // namespace xmpp
