#include <algorithm>
#include <array>

#include "jingle/adaptation.hpp"
#include "jingle/ascii.hpp"
#include "xmpp/ns.hpp"

namespace jingle {
namespace {

using xmpp::Element;

bool is_carry(const Element* element)
{
    return element->is("sdp", xmpp::ns::carry);
}

/// A carried item as the line of SDP it stands for.
std::string_view line_of(const Element& item, base::Arena& arena)
{
    if (item.name == "a") {
        const auto value = item.attribute("v");
        const auto name = item.attribute_or_empty("n");
        return value ? arena.concat("a=", name, ":", *value) : arena.concat("a=", name);
    }
    if (item.name == "line")
        return arena.concat(item.attribute_or_empty("t"), "=", item.attribute_or_empty("v"));
    return item.name == "m" ? "parts of the m-line" : "extensions of a candidate";
}

bool is_simulcast(const Element& item)
{
    const auto name = item.attribute_or_empty("n");
    return item.name == "a" && (name == "rid" || name == "simulcast");
}

/// Takes the carry out; true when it held rid or simulcast.
bool drop_carry(Adaptation& work, const Content* content, Extra& extra)
{
    auto simulcast = false;
    for (const auto* child : extra.children) {
        if (!is_carry(child))
            continue;
        for (const auto& item : child->children()) {
            work.note(Trait::no_carry, content, line_of(item, work.arena));
            simulcast = simulcast || is_simulcast(item);
        }
        if (child->children().empty())
            work.note(Trait::no_carry, content, "empty carry");
    }
    extra.children.erase_if(is_carry);
    return simulcast;
}

void drop_rid_extensions(Adaptation& work, const Content& content, RtpDescription& rtp)
{
    constexpr std::array<std::string_view, 2> uris{
        "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    };
    rtp.header_extensions.erase_if([&](const HeaderExtension& extension) {
        if (std::find(uris.begin(), uris.end(), extension.uri) == uris.end())
            return false;
        work.note(Trait::no_carry, &content, extension.uri);
        return true;
    });
}

template <class Function>
void for_each_rtp(Adaptation& work, Function function)
{
    for (auto& content : work.jingle.contents)
        if (auto* rtp = content.rtp())
            function(content, *rtp);
}

/// What libwebrtc and Monal's parser know.
bool is_known_feedback(const Feedback& feedback)
{
    constexpr std::array<std::string_view, 6> types{ "ack",     "ccm",       "nack",
                                                     "trr-int", "goog-remb", "transport-cc" };
    return std::find(types.begin(), types.end(), feedback.type) != types.end();
}

void drop_unknown(Adaptation& work, const Content& content, RtcpFeedback& feedback)
{
    feedback.messages.erase_if([&](const Feedback& message) {
        if (is_known_feedback(message))
            return false;
        work.note(Trait::no_unknown_feedback, &content, message.type);
        return true;
    });
}

bool is_keyless(const Parameter& parameter)
{
    return parameter.name.empty();
}

/// Only name and value without blanks, or a single piece without a name.
void tidy(Adaptation& work, const Content& content, base::List<Parameter>& parameters)
{
    const auto note = [&](const Parameter& p) {
        work.note(Trait::keyless_parameter_alone, &content, p.name.empty() ? p.value.value_or("") : p.name);
    };
    parameters.erase_if([&](const Parameter& parameter) {
        const auto fits = !has_blank(parameter.name) && !has_blank(parameter.value.value_or(""));
        if (!fits)
            note(parameter);
        return !fits;
    });
    if (parameters.size() == 1 && !parameters.front().value) {
        note(parameters.front());
        parameters.front() = { "", parameters.front().name };
    }
    if (parameters.size() <= 1)
        return;
    const auto named = std::any_of(parameters.begin(), parameters.end(),
                                   [](const Parameter& p) { return !is_keyless(p) && p.value; });
    auto single = false;
    parameters.erase_if([&](const Parameter& parameter) {
        const auto keeps = named ? !is_keyless(parameter) && parameter.value.has_value()
                                 : is_keyless(parameter) && !single;
        single = true;
        if (!keeps)
            note(parameter);
        return !keeps;
    });
}

}  // namespace

/// For every client that does not announce the carry's namespace. rid, simulcast and their
/// header extensions go together, so that the sender falls back to one encoding.
void drop_carry(Adaptation& work)
{
    drop_carry(work, nullptr, work.jingle.extra);
    for (auto& content : work.jingle.contents) {
        drop_carry(work, &content, content.extra);
        if (auto* transport = content.ice())
            drop_carry(work, &content, transport->extra);
        auto* rtp = content.rtp();
        if (rtp != nullptr && drop_carry(work, &content, rtp->extra))
            drop_rid_extensions(work, content, *rtp);
    }
}

// COMPAT(Monal): <bandwidth/> as XEP-0167 writes it fails the whole request.
void drop_bandwidth(Adaptation& work)
{
    for_each_rtp(work, [&](Content& content, RtpDescription& rtp) {
        for (const auto& bandwidth : rtp.bandwidths)
            work.note(Trait::no_bandwidth, &content,
                      work.arena.concat("b=", bandwidth.type, ":", bandwidth.value));
        rtp.bandwidths.clear();
    });
}

// COMPAT(Monal): an enum of RTCP feedback types; any other fails the whole request.
void drop_unknown_feedback(Adaptation& work)
{
    for_each_rtp(work, [&](Content& content, RtpDescription& rtp) {
        drop_unknown(work, content, rtp.feedback);
        for (auto& type : rtp.payload_types)
            drop_unknown(work, content, type.feedback);
    });
}

// COMPAT(Conversations): RtpDescription.Parameter.toSdpString throws where one of several has no name, where
// one has no value, and on blanks.
void keep_keyless_alone(Adaptation& work)
{
    for_each_rtp(work, [&](Content& content, RtpDescription& rtp) {
        for (auto& type : rtp.payload_types)
            tidy(work, content, type.parameters);
    });
}

// COMPAT(Conversations): a source parameter without a value throws.
void drop_valueless_source_parameters(Adaptation& work)
{
    for_each_rtp(work, [&](Content& content, RtpDescription& rtp) {
        for (auto& source : rtp.sources)
            source.parameters.erase_if([&](const SourceParameter& parameter) {
                if (parameter.value)
                    return false;
                work.note(Trait::source_value_needed, &content, parameter.name);
                return true;
            });
    });
}

// COMPAT(Siskin): an extmap with a direction drops the extension.
void drop_extension_directions(Adaptation& work)
{
    for_each_rtp(work, [&](Content& content, RtpDescription& rtp) {
        for (auto& extension : rtp.header_extensions) {
            if (extension.senders)
                work.note(Trait::header_extension_both_ways, &content, extension.uri);
            extension.senders.reset();
        }
    });
}

// COMPAT(stanza.js): Protocol.ts looks at the first <ssrc-group/> only.
void put_fid_first(Adaptation& work)
{
    const auto is_fid = [](const SourceGroup& group) { return group.semantics == "FID"; };
    for_each_rtp(work, [&](Content& content, RtpDescription& rtp) {
        auto& groups = rtp.source_groups;
        if (std::is_partitioned(groups.begin(), groups.end(), is_fid))
            return;
        std::stable_partition(groups.begin(), groups.end(), is_fid);
        work.note(Trait::fid_group_first, &content, "order of the source groups");
    });
}

}  // namespace jingle
