#include <array>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "component/web/params.hpp"

namespace component::web::params {
namespace {

using base::EnumRow;

constexpr std::size_t max_client_word = 64;
constexpr std::size_t max_capabilities = 8;
constexpr std::uint64_t max_seq = 9007199254740991;  // Number.MAX_SAFE_INTEGER

constexpr std::size_t max_code = 32;

constexpr std::array auth_words{
    EnumRow<Hello::Auth>{ Hello::Auth::jwt, "jwt" },
    EnumRow<Hello::Auth>{ Hello::Auth::guest, "guest" },
    EnumRow<Hello::Auth>{ Hello::Auth::xmpp, "xmpp" },
    EnumRow<Hello::Auth>{ Hello::Auth::resume, "resume" },
};

Read<void> read_auth(const json::object& auth, Hello& hello)
{
    TRY(hello.auth, read_word(auth, "type", auth_words));
    if (hello.auth == Hello::Auth::xmpp) {
        TRY(hello.jid, read_text(auth, "jid", { .low = 1, .high = max_address }));
        TRY(const auto code, read_optional_text(auth, "code", { .low = 4, .high = max_code }));
        hello.code = code.value_or("");
        return {};
    }
    TRY(hello.token, read_text(auth, "token", { .low = 1, .high = max_token }));
    if (hello.auth == Hello::Auth::guest) {
        TRY(const auto name, read_optional_text(auth, "name", { .high = max_name }));
        hello.guest_name = name.value_or("");
    }
    return {};
}

/// Only what names itself and its version is worth a line in the log.
Read<std::string> read_client(const json::object& params)
{
    TRY(const auto* client, read_optional_object(params, "client"));
    if (client == nullptr)
        return std::string{};
    TRY(const auto name, read_optional_text(*client, "name", { .high = max_client_word }));
    TRY(const auto version, read_optional_text(*client, "version", { .high = max_client_word }));
    auto text = std::string{ name.value_or("") };
    if (version && !version->empty())
        (text += ' ') += *version;
    return text;
}

/// Words that are not known are for a later version.
Read<PageMedia> read_capabilities(const json::object& params)
{
    TRY(const auto* words, read_optional_array(params, "capabilities", 0, max_capabilities));
    if (words == nullptr)
        return PageMedia{ .audio = true, .video = true };
    PageMedia media;
    for (const auto& word : *words) {
        if (!word.is_string())
            return wants("capabilities", "texts");
        media.audio |= word.get_string() == "audio";
        media.video |= word.get_string() == "video";
    }
    return media;
}

}  // namespace

Read<Request> read_hello(const json::object& params)
{
    Hello hello;
    TRY(const auto* auth, read_object(params, "auth"));
    TRY_VOID(read_auth(*auth, hello));
    TRY(const auto last_seq, read_optional_number(params, "last_seq", 0, max_seq));
    hello.last_seq = last_seq;
    TRY(hello.client, read_client(params));
    TRY(hello.media, read_capabilities(params));
    return Request{ std::move(hello) };
}

Read<Request> read_refresh(const json::object& params)
{
    TRY(const auto token, read_text(params, "token", { .low = 1, .high = max_token }));
    return Request{ Refresh{ std::string{ token } } };
}

Read<Request> read_presence(const json::object& params, AskPresence::What what)
{
    TRY(const auto jid, read_text(params, "jid", { .low = 1, .high = max_address }));
    return Request{ AskPresence{ what, std::string{ jid } } };
}

}  // namespace component::web::params
