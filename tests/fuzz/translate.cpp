// SDP -> Jingle -> XML -> Jingle -> SDP, twice: what comes out once must come out again, byte for byte.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "jingle/from_sdp.hpp"
#include "jingle/to_sdp.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

namespace {

/// The text after one round through XML; absent where a step refuses its input.
std::optional<std::string> round_trip(const std::string& text)
{
    base::Arena arena;
    const auto description = sdp::Description::parse(text, arena);
    if (!description)
        return std::nullopt;
    jingle::Slots slots;
    const auto out = jingle::from_sdp(*description, { .sid = "s", .slots = slots }, arena);
    if (!out)
        return std::nullopt;
    std::string xml;
    xmpp::Writer writer{ xml, xmpp::ns::component };
    out->write(writer);
    const auto element = xmpp::parse_document(xml, arena);
    if (!element)
        std::abort();  // what we write must be XML, whatever the SDP was
    const auto in = jingle::Jingle::from_element(**element, arena);
    if (!in)
        return std::nullopt;
    const auto back = jingle::to_sdp(*in, { .slots = slots, .trust = jingle::Trust::trusted }, arena);
    if (!back)
        return std::nullopt;
    const auto printed = back->to_string();
    return printed ? std::optional{ *printed } : std::nullopt;
}

/// XML from anybody: no line may come out that the canonical reader does not take.
void from_xml(std::string_view xml)
{
    base::Arena arena;
    const auto element = xmpp::parse_document(xml, arena);
    if (!element)
        return;
    const auto value = jingle::Jingle::from_element(**element, arena);
    if (!value)
        return;
    jingle::Slots slots;
    const auto description = jingle::to_sdp(*value, { .slots = slots }, arena);
    if (!description)
        return;
    const auto text = description->to_string();
    if (text && !sdp::Description::parse(*text, arena))
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string input{ reinterpret_cast<const char*>(data), size };
    if (input.starts_with('<')) {
        from_xml(input);
        return 0;
    }
    const auto once = round_trip(input);
    if (!once)
        return 0;
    const auto twice = round_trip(*once);
    if (twice && *twice != *once)
        std::abort();
    return 0;
}
