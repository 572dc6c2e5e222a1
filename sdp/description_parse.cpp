#include <algorithm>

#include "sdp/attribute_codecs.hpp"
#include "sdp/description.hpp"
#include "sdp/lines.hpp"
#include "sdp/payload_order.hpp"
#include "sdp/rules.hpp"

// RFC 8866, 5 (session), RFC 8840, 9 (fragment):
//   v= o= s= [i=] [u=] [e=] [p=] [c=] [b=]* t= [r=]* [z=] [k=] [a=]*   then per medium   m= [i=] [c=] [b=]*
//   [k=] [a=]*
// A fragment starts at the a= lines. Apart from v=, which comes first, lines are taken in any order within a
// section.

namespace sdp {
namespace {

using base::Errc;
using base::Error;
using base::Result;

enum class Form { whole, fragment };

bool is_net_type(std::string_view text)
{
    return is_token(text);
}

struct SourceLines {
    std::uint32_t ssrc;
    std::size_t lines;
};

/// A set of types of lines.
class Letters {
public:
    constexpr explicit Letters(std::string_view letters)
    {
        for (const char c : letters)
            bits_ |= bit(c);
    }
    [[nodiscard]] constexpr bool has(char letter) const { return (bits_ & bit(letter)) != 0; }

private:
    static constexpr std::uint32_t bit(char letter) { return std::uint32_t{ 1 } << (letter - 'a'); }

    std::uint32_t bits_ = 0;
};

class Parser {
public:
    Parser(Form form, base::Arena& arena)
        : form_{ form }
        , arena_{ arena }
    {
    }

    Result<Description> parse(std::string_view text);

private:
    Result<void> read(const Line& line);
    Result<void> read_value(const Line& line);
    Result<void> read_version(Fields& in);
    Result<void> read_origin(Fields& in);
    Result<void> read_timing(Fields& in);
    Result<void> read_connection(Fields& in);
    Result<void> read_bandwidth(Fields& in);
    Result<void> read_media(const Line& line, Fields& in);
    Result<void> read_formats(Media& media, Fields& in);
    void make_room_for_media(const Line& line);
    Result<void> read_attribute(const Line& line);
    Result<void> apply(const Rule& rule, Fields& in);
    Result<void> end_section();
    [[nodiscard]] std::string_view over_limit() const;

    [[nodiscard]] bool may_stand_here(char type) const;
    [[nodiscard]] Target target();
    [[nodiscard]] base::List<OtherLine>& other_lines();
    void drop(const Line& line, const Error& error);

    Form form_;
    base::Arena& arena_;
    std::string_view text_;
    Description description_;
    Media* media_ = nullptr;  ///< the section that is being read; null in the session section
    std::uint32_t section_line_ = 1;
    std::bitset<128> mapped_;  ///< payload types that have a rtpmap in this section
    std::bitset<128> seen_;  ///< types of lines that this section has had
};

Target Parser::target()
{
    return { description_, media_, media_ != nullptr ? media_->transport : description_.transport, arena_,
             mapped_ };
}

base::List<OtherLine>& Parser::other_lines()
{
    return media_ != nullptr ? media_->other_lines : description_.other_lines;
}

void Parser::drop(const Line& line, const Error& error)
{
    description_.dropped.push_back(arena_,
                                   { line.number, error.column, error.code, arena_.copy(error.what) });
}

bool Parser::may_stand_here(char type) const
{
    constexpr Letters in_session{ "vosiuepcbtrzkam" };
    constexpr Letters in_media{ "icbkam" };
    constexpr Letters in_head_of_fragment{ "am" };
    const auto types = media_ != nullptr ? in_media : form_ == Form::whole ? in_session : in_head_of_fragment;
    return types.has(type);
}

Result<void> Parser::read_version(Fields& in)
{
    if (in.next() != "0")
        return in.fail(Errc::unsupported, "version");
    return in.end();
}

Result<void> Parser::read_origin(Fields& in)
{
    auto& o = description_.origin;
    TRY(o.username, in.next(is_field, "user name"));
    TRY(o.sess_id, in.next(is_field, "session id"));
    TRY(o.sess_version, in.next(is_field, "session version"));
    TRY(o.net_type, in.next(is_net_type, "network type"));
    TRY(o.address_type, in.next(is_token, "address type"));
    TRY(o.address, in.next(is_field, "address"));
    return in.end();
}

Result<void> Parser::read_timing(Fields& in)
{
    const auto text = in.rest();
    if (!is_timing(text))
        return in.fail(Errc::malformed, "start and stop time");
    if (seen_.test('t'))
        description_.other_lines.push_back(arena_, { 't', text });
    else
        description_.timing = text;
    return {};
}

Result<void> Parser::read_connection(Fields& in)
{
    Connection c;
    TRY(c.net_type, in.next(is_net_type, "network type"));
    TRY(c.address_type, in.next(is_token, "address type"));
    TRY(c.address, in.next(is_field, "address"));
    (media_ != nullptr ? media_->connection : description_.connection) = c;
    return in.end();
}

Result<void> Parser::read_bandwidth(Fields& in)
{
    const auto [type, value] = split(in.rest(), ':');
    if (!is_token(type) || !value || !is_uint64(*value))
        return in.fail(Errc::malformed, "bandwidth");
    auto& bandwidths = media_ != nullptr ? media_->bandwidths : description_.bandwidths;
    bandwidths.push_back(arena_, { type, *value });
    return {};
}

Result<void> Parser::read_formats(Media& media, Fields& in)
{
    const bool payload_types = is_rtp(media);
    std::bitset<128> seen;
    const auto text = in.text();
    media.formats.reserve(
        arena_, std::min(static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')), max_formats));
    do {
        TRY(const auto format, in.next(is_visible, "format"));
        if (media.formats.size() == max_formats)
            return in.fail(Errc::too_long, "too many formats");
        media.formats.push_back(arena_, format);
        if (!payload_types)
            continue;
        TRY(const auto payload_type, read_payload_type(in, format));
        if (seen.test(payload_type))
            return in.fail(Errc::duplicate, "payload type");
        seen.set(payload_type);
    } while (!in.at_end());
    return {};
}

/// An m-section is a large value: a list that doubles again and again moves all it has each time and leaves
/// the old ones behind in the arena. So it grows once, to what will come if the rest is like what has been
/// read.
void Parser::make_room_for_media(const Line& line)
{
    constexpr std::size_t sample = 4;
    auto& media = description_.media;
    if (media.size() != sample)
        return;
    const auto read = static_cast<std::size_t>(line.value.data() - text_.data());
    media.reserve(arena_, std::min(sample * text_.size() / read + 1, max_media));
}

// m=<media> <port>[/<number of ports>] <proto> <fmt> ...
Result<void> Parser::read_media(const Line& line, Fields& in)
{
    TRY_VOID(end_section());
    if (description_.media.size() == max_media)
        return in.fail(Errc::too_long, "too many m-sections");
    Media media;
    TRY(media.media, in.next(is_token, "media type"));
    const auto [port, count] = split(in.next(), '/');
    TRY(media.port, in.number_in<std::uint16_t>(port, "port"));
    if (count) {
        TRY(media.port_count, in.number_in<std::uint32_t>(*count, "number of ports", 1));
    }
    TRY(media.proto, in.next(is_visible, "protocol"));
    TRY_VOID(read_formats(media, in));
    if (is_rtp(media)) {
        media.rtpmaps.reserve(arena_, media.formats.size());
        media.fmtps.reserve(arena_, media.formats.size());
    }
    make_room_for_media(line);
    media_ = &description_.media.push_back(arena_, media);
    section_line_ = line.number;
    mapped_.reset();
    seen_.reset();
    return {};
}

Result<void> Parser::apply(const Rule& rule, Fields& in)
{
    const bool wants_session = rule.level == Level::session;
    if (rule.level != Level::both && wants_session == (media_ != nullptr))
        return in.fail(Errc::unsupported,
                       wants_session ? "has no meaning in an m-section" : "has no meaning at session level");
    return rule.read(target(), rule.name, in);
}

Result<void> Parser::read_attribute(const Line& line)
{
    const auto [name, value] = split(line.value, ':');
    const auto* rule = find_rule(name);
    if (rule == nullptr || (rule->level == Level::rtp_media && media_ != nullptr && !is_rtp(*media_))) {
        if (!is_token(name))
            return tl::unexpected<Error>{ Error{ Errc::malformed, "attribute name", 0, 1 } };
        auto& other = media_ != nullptr ? media_->other : description_.other;
        other.push_back(arena_, { name, value });
        return {};
    }
    Fields in{ value.value_or(line.value.substr(name.size())),
               value ? Fields::Value::present : Fields::Value::absent };
    auto result = apply(*rule, in);
    if (result)
        return {};
    auto& error = result.error();
    error.column += static_cast<std::uint32_t>(name.size()) + (value ? 1 : 0);
    error.what = "a=" + std::string{ name } + ": " + error.what;
    if (error.code != Errc::unsupported && rule->malformed == Malformed::refuse)
        return result;
    error.column += 2;
    drop(line, error);
    return {};
}

Result<void> Parser::read_value(const Line& line)
{
    Fields in{ line.value };
    switch (line.type) {
    case 'v': return read_version(in);
    case 'o': return read_origin(in);
    case 's':
        if (!line.value.empty())
            description_.session_name = line.value;
        return {};
    case 't': return read_timing(in);
    case 'c': return read_connection(in);
    case 'b': return read_bandwidth(in);
    case 'm': return read_media(line, in);
    case 'a': return read_attribute(line);
    default: other_lines().push_back(arena_, { line.type, line.value }); return {};
    }
}

Result<void> Parser::read(const Line& line)
{
    constexpr Letters once{ "vosc" };
    const auto refuse = [&line](Errc code, std::string_view what) {
        return tl::unexpected<Error>{ Error{ code, std::string{ what }, line.number, 1 } };
    };
    if (!may_stand_here(line.type))
        return refuse(Errc::forbidden, "a line of this type may not stand here");
    const auto type = static_cast<std::size_t>(line.type);
    if (seen_.test(type) && once.has(line.type))
        return refuse(Errc::duplicate, "line");
    auto result = read_value(line);
    if (line.type != 'm')
        seen_.set(type);
    if (result || result.error().line != 0)
        return result;
    result.error().line = line.number;
    result.error().column += 2;
    if (line.type != 'b')
        return result;
    drop(line, result.error());
    return {};
}

/// RFC 8839, 5.4: a username fragment and a password go together; either may come from the session.
Result<void> Parser::end_section()
{
    const auto& own = target().transport;
    const auto& session = description_.transport;
    auto& lines = other_lines();
    const auto rank = [](const OtherLine& line) { return std::string_view{ "iuep" }.find(line.type); };
    std::stable_sort(lines.begin(), lines.end(),
                     [rank](const OtherLine& a, const OtherLine& b) { return rank(a) < rank(b); });
    if (media_ == nullptr)
        return {};
    if ((own.ice_ufrag || session.ice_ufrag) != (own.ice_pwd || session.ice_pwd))
        return tl::unexpected<Error>{ Error{
            Errc::missing, own.ice_ufrag ? "ice-ufrag without ice-pwd" : "ice-pwd without ice-ufrag",
            section_line_, 1 } };
    const PayloadOrder order{ *media_ };
    order.sort(media_->rtpmaps.begin(), media_->rtpmaps.end());
    order.sort(media_->fmtps.begin(), media_->fmtps.end());
    order.sort(media_->rtcp_fbs.begin(), media_->rtcp_fbs.end());
    if (const auto what = over_limit(); !what.empty())
        return tl::unexpected<Error>{ Error{ Errc::too_long, std::string{ what }, section_line_, 1 } };
    return {};
}

/// What there is too much of in this m-section; how many lines a payload type or a source has shows at its
/// end.
std::string_view Parser::over_limit() const
{
    const auto& feedback = media_->rtcp_fbs;  // those of one payload type stand together by now
    for (std::size_t i = max_feedback; i < feedback.size(); ++i)
        if (feedback[i].payload_type == feedback[i - max_feedback].payload_type)
            return "too many a=rtcp-fb of one payload type";
    if (media_->ssrcs.size() <= max_source_attributes)
        return {};
    base::List<SourceLines> sources;
    for (const auto& line : media_->ssrcs) {
        const auto same = [&line](const SourceLines& source) { return source.ssrc == line.ssrc; };
        auto* source = !sources.empty() && same(sources.back())
            ? &sources.back()
            : std::find_if(sources.begin(), sources.end(), same);
        if (source == sources.end()) {
            if (sources.size() == max_sources)
                return "too many sources";
            source = &sources.push_back(arena_, { line.ssrc, 0 });
        }
        if (++source->lines > max_source_attributes)
            return "too many a=ssrc of one source";
    }
    return {};
}

Result<Description> Parser::parse(std::string_view text)
{
    if (text.size() > max_bytes)
        return base::fail(Errc::too_long, "description");
    text_ = text;
    Lines lines{ text };
    bool origin = form_ == Form::fragment;
    while (lines.next()) {
        const auto& line = lines.line();
        if (line.number == 1 && form_ == Form::whole && line.type != 'v')
            return tl::unexpected<Error>{ Error{ Errc::missing, "v=0 is not the first line", 1, 1 } };
        TRY_VOID(read(line));
        origin = origin || line.type == 'o';
    }
    TRY_VOID(lines.result());
    TRY_VOID(end_section());
    if (!origin)
        return tl::unexpected<Error>{ Error{ Errc::missing, "o=", lines.line().number, 1 } };
    return description_;
}

}  // namespace

Result<Description> Description::parse(std::string_view text, base::Arena& arena)
{
    return Parser{ Form::whole, arena }.parse(text);
}

Result<Description> Description::parse_fragment(std::string_view text, base::Arena& arena)
{
    return Parser{ Form::fragment, arena }.parse(text);
}

}  // namespace sdp
