#include "jingle/rtp.hpp"

#include "jingle/codec.hpp"

namespace jingle {
namespace {

// COMPAT(Movim): @ptime and @maxptime stand on the description.
struct Packetization {
    std::optional<std::uint32_t> ptime;
    std::optional<std::uint32_t> maxptime;
};
constexpr std::tuple packetization_rows{
    Field{ "ptime", &Packetization::ptime, { .least = 1, .most = max_ptime } },
    Field{ "maxptime", &Packetization::maxptime, { .least = 1, .most = max_ptime } },
};
constexpr const auto& attribute_rows(const Packetization*)
{
    return packetization_rows;
}

bool is_packetization(const xmpp::Attribute& attribute)
{
    return attribute.ns.empty() && (attribute.name == "ptime" || attribute.name == "maxptime");
}

base::Result<void> move_packetization(const xmpp::Element& from, RtpDescription& into, Reading& reading)
{
    if (into.extra.attributes.erase_if(is_packetization) == 0)
        return {};
    Packetization common;
    TRY_VOID(read_attributes(from, common, reading));
    for (auto& type : into.payload_types) {
        type.ptime = type.ptime ? type.ptime : common.ptime;
        type.maxptime = type.maxptime ? type.maxptime : common.maxptime;
    }
    return {};
}

}  // namespace

base::Result<void> read(const xmpp::Element& from, PayloadType& into, Reading& reading)
{
    TRY_VOID(read_rows(from, into, reading));
    return mend(into.feedback, reading);
}

base::Result<void> read(const xmpp::Element& from, Bandwidth& into, Reading& reading)
{
    TRY_VOID(read_rows(from, into, reading));
    const auto value = from.attribute("value");
    if (!value || !into.value.empty())
        return {};
    into.extra.attributes.erase_if(
        [](const xmpp::Attribute& a) { return a.ns.empty() && a.name == "value"; });
    const auto mistake = decode(trim(*value), into.value, token, reading);
    return mistake ? base::fail(*mistake, "value") : base::Result<void>{};
}

base::Result<void> read(const xmpp::Element& from, RtpDescription& into, Reading& reading)
{
    TRY_VOID(read_rows(from, into, reading));
    TRY_VOID(mend(into.feedback, reading));
    return move_packetization(from, into, reading);
}

void write(const RtpDescription& value, xmpp::Writer& writer)
{
    write_rows(value, writer);
}

}  // namespace jingle
