#include "jingle/transport.hpp"

#include "jingle/codec.hpp"

namespace jingle {
namespace {

// One DTLS association has one role: all fingerprints of a content say the same.
base::Result<void> check_setup(const base::List<Fingerprint>& fingerprints)
{
    std::optional<Setup> first;
    for (const auto& fingerprint : fingerprints) {
        if (first && fingerprint.setup && *first != *fingerprint.setup)
            return base::fail(base::Errc::malformed, "fingerprint setup");
        if (fingerprint.setup)
            first = fingerprint.setup;
    }
    return {};
}

}  // namespace

base::Result<void> read(const xmpp::Element& from, Transport& into, Reading& reading)
{
    into.kind = base::find_value(transport_rows, from.ns).value_or(TransportKind::ice_udp);
    TRY_VOID(read_rows(from, into, reading));
    for (const auto& child : from.children())
        into.unreadable_candidates += child.is("candidate", from.ns) ? 1 : 0;
    into.unreadable_candidates -= into.candidates.size();
    into.gathering_complete |= into.gathering_complete_in_own_ns;
    return check_setup(into.fingerprints);
}

void write(const Transport& value, xmpp::Writer& writer)
{
    auto written = value;
    written.gathering_complete = value.gathering_complete && !value.gathering_complete_in_own_ns;
    write_rows(written, writer);
}

}  // namespace jingle
