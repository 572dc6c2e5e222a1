#include "component/link_end.hpp"

#include <array>
#include <string_view>

#include "component/log.hpp"

namespace component {
namespace {

/// What the administrator can do about a stream error (RFC 6120, 4.9.3).
struct Advice {
    std::string_view condition;
    std::string_view what_to_do;
};
constexpr std::array advices{
    Advice{ "conflict",
            "another process is connected as this component, or an earlier connection is not yet given up: "
            "stop the other one" },
    Advice{ "not-authorized",
            "the server refuses the secret or does not know the component: compare the secret with "
            "the server's, and the domain with its `Component` or `hosts` line" },
    Advice{ "host-unknown",
            "the server does not know this component: add it to the server's configuration and reload" },
    Advice{ "invalid-from", "the server does not accept an address of ours: please report this" },
    Advice{ "improper-addressing", "the server does not accept an address of ours: please report this" },
    Advice{ "system-shutdown", "the server is shutting down" },
    Advice{ "connection-timeout", "the server thought that we were gone" },
};

std::string_view advice_for(std::string_view condition)
{
    for (const auto& advice : advices)
        if (advice.condition == condition)
            return advice.what_to_do;
    return "see the server's log";
}

void log_stream_end(const StreamEnd& end)
{
    switch (end.cause) {
    case StreamEnd::Cause::server_closed:
        return log::warning(log::no_call, "xmpp: the server closed the stream");
    case StreamEnd::Cause::server_error:
        return log::warning(log::no_call, "xmpp: the server ended the stream with {}{}{}: {}", end.condition,
                            end.text.empty() ? "" : " - ", end.text, advice_for(end.condition));
    case StreamEnd::Cause::broken_input:
        return log::error(log::no_call, "xmpp: the server sent what we do not read ({}); connecting anew",
                          end.condition);
    }
}

}  // namespace

void log_connection_end(const LinkOptions& options, const ConnectionEnd& end)
{
    if (end.timed_out)
        log::warning(log::no_call,
                     "xmpp: {}:{} did not answer in {} ms: is this the server's component port?",
                     options.host, options.port, options.setup_timeout.count());
    else if (end.failed)
        log::warning(log::no_call,
                     "xmpp: cannot {} {}:{}: {}: is the server running, and does it listen there?",
                     end.failed->step, options.host, options.port, end.failed->reason);
    else if (end.stream.state() == Stream::State::ended)
        log_stream_end(end.stream.end());
    else if (end.stream.state() != Stream::State::closed)
        log::warning(log::no_call, "xmpp: the server cut the connection");
}

}  // namespace component
