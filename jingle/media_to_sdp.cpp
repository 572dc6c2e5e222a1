#include "jingle/media_to_sdp.hpp"

#include <algorithm>

#include "base/scan.hpp"
#include "jingle/description_translation.hpp"
#include "jingle/direction.hpp"
#include "jingle/feedback.hpp"
#include "jingle/proto.hpp"
#include "jingle/static_payload_types.hpp"

namespace jingle {

namespace {

constexpr std::array media_words{ std::string_view{ "audio" }, std::string_view{ "video" },
                                  std::string_view{ "text" }, std::string_view{ "application" } };

/// The media of a content as SDP spells it; empty when it is none that is understood.
std::string_view media_word(const Content& content, const Slot& slot)
{
    // Early media (XEP-0269) and the like are another content than the session's.
    if (content.disposition.value_or(usual_disposition) != usual_disposition)
        return {};
    const auto* transport = content.ice();
    const auto* description = content.rtp();
    const auto has_channel = transport != nullptr && transport->sctpmap;
    auto said = description != nullptr && description->media ? *description->media : std::string_view{};
    if (said.empty() && description != nullptr && !has_channel)
        said = slot.media.empty() ? content.name : std::string_view{ slot.media };
    for (const auto word : media_words)
        if (equals_ignoring_case(word, said))
            return word;
    // XEP-0343 has no word for it: every client has its own.
    return has_channel ? "application" : "";
}

/// One m-section in the making.
class MediaTranslation {
public:
    MediaTranslation(const Content& content, const MediaTo& how, Report& report, base::Arena& arena)
        : content_{ content }
        , how_{ how }
        , report_{ report }
        , arena_{ arena }
        , transport_{ content.ice() }
        , description_{ content.rtp() != nullptr ? *content.rtp() : RtpDescription{} }
    {
    }

    sdp::Media run()
    {
        out_.media = media_word(content_, how_.slot);
        if (out_.media.empty() || transport_ == nullptr) {
            report_.left_out(Loss::content_unsupported, content_.name);
            return rejected_media(how_.slot, how_.offered, arena_);
        }
        if (!read_carries())
            return {};
        if (how_.offered != nullptr && how_.offered->media != out_.media)
            report_.refuse(base::Errc::malformed, "another media in the answer than in the offer");
        if (is_rejected())
            return rejected();

        out_.mid = arena_.copy(how_.slot.mid);
        out_.proto = proto();
        out_.connection = sdp::Connection{};
        drop_sdes_beside_dtls();
        const auto is_rtp = find_media_kind(out_.proto) == MediaKind::rtp;
        const DescriptionTo to{ how_.session.writer,
                                how_.exchange == Exchange::answer ? how_.offered : nullptr, how_.slot.mid };
        description_to_sdp(description_, carry_, to, out_, report_, arena_);
        write_transport(is_rtp);
        write_senders(is_rtp);
        write_port();
        if (is_rtp && out_.formats.empty())
            return without_payload_types();
        return out_;
    }

private:
    bool read_carries()
    {
        const auto trust = how_.session.trust;
        auto media = Carry::read(description_.extra, trust, report_, arena_);
        auto transport = Carry::read(transport_->extra, trust, report_, arena_);
        if (!media || !transport)
            return false;
        carry_ = *media;
        transport_carry_ = *transport;
        return true;
    }

    /// COMPAT(lib-jitsi-meet: senders='rejected'; stanza.js: 'none' and a transport without credentials).
    [[nodiscard]] bool is_rejected() const
    {
        if (content_.senders == Senders::rejected)
            return true;
        if (content_.senders != Senders::none)
            return false;
        const auto bare = !transport_->ufrag && transport_->candidates.empty() && !how_.bundled;
        return carry_.is_rejected() || (how_.exchange == Exchange::answer && bare);
    }

    /// What a rejected m-line says of itself: its payload types, or those of the offer.
    sdp::Media rejected()
    {
        auto media = rejected_media(how_.slot, how_.offered, arena_);
        media.media = out_.media;
        if (media.proto.empty())
            media.proto = proto();
        if (description_.payload_types.empty())
            return media;
        sdp::Media own;
        const DescriptionTo to{ how_.session.writer, how_.offered, {} };
        RtpDescription only_payload_types;
        only_payload_types.payload_types = description_.payload_types;
        description_to_sdp(only_payload_types, {}, to, own, report_, arena_);
        if (own.formats.empty())
            return media;
        media.formats = own.formats;
        media.rtpmaps = own.rtpmaps;
        media.fmtps = own.fmtps;
        media.rtcp_fbs = own.rtcp_fbs;
        return media;
    }

    /// No codec is left: in an answer the m-line is rejected, and so it is in an offer that has others.
    sdp::Media without_payload_types()
    {
        report_.left_out(Loss::content_unsupported, content_.name);
        return rejected_media(how_.slot, how_.offered, arena_);
    }

    [[nodiscard]] const base::List<Fingerprint>& fingerprints() const
    {
        const auto borrowed
            = transport_->fingerprints.empty() && !transport_->ufrag && how_.bundle != nullptr;
        return borrowed ? how_.bundle->fingerprints : transport_->fingerprints;
    }

    [[nodiscard]] std::string_view proto()
    {
        if (how_.offered != nullptr)
            return checked_proto(how_.offered->proto);
        if (carry_.proto && find_media_kind(*carry_.proto))
            return checked_proto(*carry_.proto);
        ProtoTraits traits;
        traits.data_channel = transport_->sctpmap.has_value();
        traits.fingerprint = !fingerprints().empty();
        traits.crypto = description_.encryption && !description_.encryption->cryptos.empty();
        traits.feedback = says_anything(description_.feedback)
            || std::any_of(description_.payload_types.begin(), description_.payload_types.end(),
                           [](const PayloadType& payload_type) {
                               return says_anything(payload_type.feedback);
                           });
        return checked_proto(derived_proto(traits));
    }

    /// Nothing falls back from DTLS to less, and WebRTC knows no less.
    std::string_view checked_proto(std::string_view proto)
    {
        const auto kind = find_media_kind(proto);
        if (kind && (*kind == MediaKind::data_channel) != transport_->sctpmap.has_value())
            report_.refuse(base::Errc::malformed, "data channel and media in one content");
        const auto needed = wants_dtls(proto) || how_.session.audience == Audience::webrtc;
        if (needed && fingerprints().empty())
            report_.refuse(base::Errc::forbidden, "no DTLS fingerprint");
        return proto;
    }

    void drop_sdes_beside_dtls()
    {
        auto& encryption = description_.encryption;
        if (how_.session.audience != Audience::webrtc || !encryption || encryption->cryptos.empty())
            return;
        report_.left_out(Loss::crypto_beside_dtls, encryption->cryptos.front().crypto_suite);
        encryption->cryptos.clear();
    }

    void write_transport(bool is_rtp)
    {
        TransportTo to;
        to.exchange = how_.exchange;
        to.audience = how_.session.audience;
        to.offered = how_.offered;
        to.bundle = how_.bundle;
        // COMPAT(Conversations): it multiplexes RTCP wherever there is a group, and need not say so. Without
        // ICE the second component says that it is not multiplexed.
        const auto implied = how_.bundled && transport_->kind != TransportKind::raw_udp;
        out_.rtcp_mux = is_rtp && (description_.rtcp_mux || implied);
        const auto muxed_by_both = out_.rtcp_mux && how_.offered != nullptr && how_.offered->rtcp_mux;
        // A trusted source knows what it says; others send them out of habit (Dino).
        to.component_2
            = !muxed_by_both || how_.exchange == Exchange::offer || how_.session.trust == Trust::trusted;
        transport_to_sdp(*transport_, transport_carry_, to, out_, report_, arena_);
        if (is_rtp && !out_.rtcp && transport_->kind != TransportKind::raw_udp)
            out_.rtcp = sdp::Rtcp{ 9, "IN IP4 0.0.0.0" };
        // bundle-only that the description carries: the credentials were copied for peers that refuse a
        // content without.
        if (carry_.has("bundle-only")) {
            out_.transport.ice_ufrag.reset();
            out_.transport.ice_pwd.reset();
            out_.transport.ice_options.clear();
            out_.transport.fingerprints.clear();
            out_.transport.setup.reset();
        }
    }

    void write_senders(bool is_rtp)
    {
        auto senders = content_.senders;
        if (how_.offered != nullptr && how_.exchange == Exchange::answer) {
            const auto offered = how_.offered->transport.direction.value_or(sdp::Direction::sendrecv);
            senders = answered_senders(to_senders(offered, other(how_.session.writer)), senders);
        }
        const auto said = senders.value_or(Senders::both);
        if (is_rtp || said != Senders::both)
            out_.transport.direction = to_direction(said, how_.session.writer);
    }

    void write_port()
    {
        if (transport_->kind == TransportKind::raw_udp)
            return;
        out_.port = out_.bundle_only ? 0 : 9;
        if (!carry_.port || (carry_.is_rejected() && !out_.bundle_only))
            return;
        const auto port = base::parse_number<std::uint16_t>(*carry_.port, "port");
        if (!port)
            report_.refuse(port.error().code, "carried port of an m-line");
        out_.port = port.value_or(std::uint16_t{ 0 });
    }

    const Content& content_;
    const MediaTo& how_;
    Report& report_;
    base::Arena& arena_;
    const Transport* transport_;
    RtpDescription description_;
    Carry carry_;
    Carry transport_carry_;
    sdp::Media out_;
};

}  // namespace

sdp::Media media_to_sdp(const Content& content, const MediaTo& how, Report& report, base::Arena& arena)
{
    return MediaTranslation{ content, how, report, arena }.run();
}

sdp::Media rejected_media(const Slot& slot, const sdp::Media* offered, base::Arena& arena)
{
    sdp::Media media;
    media.port = 0;
    media.mid = arena.copy(slot.mid);
    media.connection = sdp::Connection{};
    media.transport.direction = sdp::Direction::inactive;
    if (offered != nullptr) {
        media.media = offered->media;
        media.proto = offered->proto;
        media.formats = offered->formats;
        return media;
    }
    media.media = slot.media.empty() ? "audio" : arena.copy(slot.media);
    media.proto = slot.proto.empty() ? "UDP/TLS/RTP/SAVPF" : arena.copy(slot.proto);
    auto formats = arena.copy(slot.formats);
    for (auto format = base::next_token(formats); !format.empty(); format = base::next_token(formats))
        media.formats.push_back(arena, format);
    if (media.formats.empty())
        media.formats.push_back(arena, "0");
    return media;
}

}  // namespace jingle
