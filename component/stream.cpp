#include "component/stream.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include <openssl/evp.h>

#include "base/enum_table.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/writer.hpp"

namespace component {
namespace {

constexpr std::string_view stream_end = "</stream:stream>";

constexpr std::array own_errors{
    base::EnumRow<xmpp::StreamError>{ xmpp::StreamError::not_well_formed, "not-well-formed" },
    base::EnumRow<xmpp::StreamError>{ xmpp::StreamError::restricted_xml, "restricted-xml" },
    base::EnumRow<xmpp::StreamError>{ xmpp::StreamError::policy_violation, "policy-violation" },
};

bool is_stanza(const xmpp::Element& element)
{
    return element.ns == xmpp::ns::component
        && (element.name == "iq" || element.name == "message" || element.name == "presence");
}

StreamEnd read_error(const xmpp::Element& error)
{
    StreamEnd end{ StreamEnd::Cause::server_error };
    for (const auto& child : error.children()) {
        if (child.ns != xmpp::ns::stream_errors)
            continue;
        (child.name == "text" ? end.text : end.condition) = child.name == "text" ? child.text : child.name;
    }
    return end;
}

}  // namespace

std::string handshake_digest(std::string_view stream_id, std::string_view secret)
{
    const auto input = std::string{ stream_id }.append(secret);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(input.data(), input.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error{ "SHA-1 is not available in this OpenSSL" };
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        hex += digits[digest[i] >> 4U];
        hex += digits[digest[i] & 0x0FU];
    }
    return hex;
}

Stream::Stream(const LinkOptions& options, LinkHandler& handler, std::string& out)
    : domain_{ options.domain }
    , secret_{ options.secret }
    , handler_{ handler }
    , out_{ out }
    , reader_{ *this, options.reader }
{
}

// Expat is C: nothing may be thrown through it.
template <class Call>
void Stream::tell(Call call)
{
    try {
        call();
    } catch (...) {
        thrown_ = std::current_exception();
        abandon();
    }
}

void Stream::open()
{
    reader_.reset();
    end_ = {};
    state_ = State::opening;
    out_ += "<?xml version='1.0'?><stream:stream xmlns='";
    out_.append(xmpp::ns::component).append("' xmlns:stream='").append(xmpp::ns::streams).append("' to='");
    xmpp::append_escaped(out_, domain_);
    out_ += "'>";
}

void Stream::feed(std::string_view bytes)
{
    if (state_ == State::closed || state_ == State::ended)
        return;
    const auto is_readable = reader_.feed(bytes);
    if (thrown_)
        std::rethrow_exception(std::exchange(thrown_, nullptr));
    if (is_readable || state_ == State::ended || state_ == State::closed)
        return;
    const auto condition = base::find_token(own_errors, reader_.error());
    if (state_ != State::closing) {
        out_.append("<stream:error><").append(condition).append(" xmlns='").append(xmpp::ns::stream_errors);
        out_.append("'/></stream:error>").append(stream_end);
    }
    finish({ StreamEnd::Cause::broken_input, std::string{ condition } });
}

void Stream::close()
{
    if (state_ == State::closed || state_ == State::ended || state_ == State::closing)
        return;
    out_ += stream_end;
    state_ = State::closing;
}

void Stream::abandon() noexcept
{
    state_ = State::closed;
}

void Stream::on_stream_open(const xmpp::Element& header)
{
    if (state_ != State::opening)
        return;
    // Prosody refuses a wrong header before it has given an id; the stream error that says why follows.
    out_.append("<handshake>").append(handshake_digest(header.attribute_or_empty("id"), secret_));
    out_ += "</handshake>";
    state_ = State::authenticating;
}

void Stream::on_stanza(xmpp::Element& stanza)
{
    if (state_ == State::closed)
        return;  // abandoned from within this very feed()
    if (stanza.is("error", xmpp::ns::streams)) {
        if (state_ != State::closing && state_ != State::ended)
            out_ += stream_end;
        finish(read_error(stanza));
    } else if (state_ == State::authenticating && stanza.is("handshake", xmpp::ns::component)) {
        state_ = State::online;
        tell([&] { handler_.on_online(); });
    } else if (is_online() && is_stanza(stanza)) {
        tell([&] { handler_.on_stanza(stanza); });
    }
}

void Stream::on_skipped(const xmpp::Element& envelope, xmpp::SkipReason reason)
{
    if (is_online() && is_stanza(envelope))
        tell([&] { handler_.on_skipped(envelope, reason); });
}

void Stream::on_stream_close()
{
    if (state_ == State::ended || state_ == State::closed)
        return;
    if (state_ != State::closing)
        out_ += stream_end;
    finish({ StreamEnd::Cause::server_closed });
}

void Stream::finish(StreamEnd end)
{
    if (state_ == State::ended)
        return;  // the first word counts: an error, and then the close that follows it
    end_ = std::move(end);
    state_ = State::ended;
}

}  // namespace component
