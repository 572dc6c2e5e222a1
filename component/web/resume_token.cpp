#include "component/web/resume_token.hpp"

#include <limits>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "component/web/fields.hpp"
#include "component/web/json_writer.hpp"

namespace component::web {
namespace {

constexpr std::uint64_t version = 1;
constexpr std::size_t max_text = 8192;
constexpr std::size_t max_patterns = 64;
constexpr std::uint64_t max_time = 9007199254740991;  // Number.MAX_SAFE_INTEGER
constexpr std::uint64_t max_count = std::numeric_limits<std::uint32_t>::max();

WallTime to_time(std::uint64_t milliseconds)
{
    return WallTime{ std::chrono::milliseconds{ milliseconds } };
}

Read<std::string> read_text_or_empty(const json::object& object, std::string_view key)
{
    TRY(const auto text, read_optional_text(object, key, { .high = max_text }));
    return std::string{ text.value_or("") };
}

Read<std::uint64_t> read_number(const json::object& object, std::string_view key, std::uint64_t high)
{
    TRY(const auto number, read_optional_number(object, key, 0, high));
    if (!number)
        return wants(key, "to be there");
    return *number;
}

Read<Identity> read_identity(const json::object& object)
{
    Identity identity;
    TRY(const auto guest, read_optional_flag(object, "guest"));
    identity.kind = guest.value_or(false) ? Identity::Kind::guest : Identity::Kind::user;
    TRY(const auto user, read_text_or_empty(object, "user"));
    if (!user.empty())
        identity.user = xmpp::Jid::parse(user);
    TRY(identity.name, read_text_or_empty(object, "name"));
    TRY(identity.display_name, read_text_or_empty(object, "display"));
    TRY(identity.callee, read_text_or_empty(object, "callee"));
    TRY(identity.callee_name, read_text_or_empty(object, "callee_name"));
    TRY(const auto* patterns, read_optional_array(object, "may_call", 0, max_patterns));
    auto& may_call = identity.may_call;
    if (patterns != nullptr)
        may_call.emplace();
    if (patterns != nullptr)
        for (const auto& pattern : *patterns)
            if (pattern.is_string())
                may_call->emplace_back(pattern.get_string().data(), pattern.get_string().size());
    TRY(const auto media, read_media(object, "media", 0));
    identity.media = media.value_or(PageMedia{});
    TRY(const auto max_calls, read_number(object, "max_calls", max_count));
    identity.max_calls = static_cast<std::uint32_t>(max_calls);
    TRY(const auto expires, read_optional_number(object, "expires", 0, max_time));
    if (expires)
        identity.expires = to_time(*expires);
    return identity;
}

Read<ResumeToken> read_token(const json::object& object)
{
    ResumeToken token;
    TRY(const auto read_version, read_number(object, "v", max_count));
    if (read_version != version)
        return wants("v", "to be 1");
    TRY(const auto session, read_text(object, "session", { .low = 1, .high = max_text }));
    token.session = session;
    TRY(const auto generation, read_number(object, "generation", max_count));
    token.generation = static_cast<std::uint32_t>(generation);
    TRY(const auto issued, read_number(object, "issued", max_time));
    token.issued = to_time(issued);
    TRY(const auto origin, read_optional_text(object, "origin", { .high = max_text }));
    if (origin)
        token.origin = *origin;
    TRY(token.identity, read_identity(object));
    return token;
}

}  // namespace

std::string ResumeToken::to_text() const
{
    std::string out;
    ObjectWriter writer{ out };
    writer.number("v", version)
        .text("session", session)
        .number("generation", generation)
        .number("issued", issued.time_since_epoch().count());
    if (origin)
        writer.text("origin", *origin);
    writer.flag("guest", identity.kind == Identity::Kind::guest)
        .text_if("user", identity.user ? identity.user->full() : std::string_view{})
        .text_if("name", identity.name)
        .text_if("display", identity.display_name)
        .text_if("callee", identity.callee)
        .text_if("callee_name", identity.callee_name);
    if (identity.may_call)
        append_list(writer.begin("may_call"), *identity.may_call, append_json);
    auto& media = writer.begin("media");
    media += identity.media.audio ? identity.media.video ? R"(["audio","video"])" : R"(["audio"])"
        : identity.media.video    ? R"(["video"])"
                                  : "[]";
    writer.number("max_calls", identity.max_calls);
    if (identity.expires)
        writer.number("expires", identity.expires->time_since_epoch().count());
    writer.close();
    return out;
}

std::optional<ResumeToken> ResumeToken::parse(std::string_view text)
{
    boost::system::error_code error;
    const auto value = json::parse(json::string_view{ text.data(), text.size() }, error);
    if (error || !value.is_object())
        return std::nullopt;
    auto token = read_token(value.get_object());
    return token ? std::optional{ *std::move(token) } : std::nullopt;
}

}  // namespace component::web
