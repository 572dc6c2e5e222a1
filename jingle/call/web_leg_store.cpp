// A web leg as bytes (bytes.hpp). Version 2: a 'W', the version, then the fields in order. Version 1 had not
// the last one.

#include <array>
#include <limits>

#include "jingle/call/bytes.hpp"
#include "jingle/call/web_leg.hpp"
#include "jingle/call/web_leg_sdp.hpp"
#include "jingle/limits.hpp"

namespace jingle::call {
namespace {

constexpr std::string_view head{ "W\2", 2 };
constexpr std::string_view head_1{ "W\1", 2 };
constexpr std::size_t max_text = 2 * sdp::max_bytes;  ///< canonical SDP may be longer than what was read

void write_bits(const std::vector<bool>& values, BytesOut& out)
{
    out.number(values.size());
    for (const bool value : values)
        out.token(value);
}

std::vector<bool> read_bits(BytesIn& in)
{
    std::vector<bool> values(in.number(sdp::max_media));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = in.flag();
    return values;
}

void write(const WebLegOptions& options, BytesOut& out)
{
    out.token(options.role);
    out.text(options.sid);
    out.text(options.address);
    out.text(options.display_name);
    out.number(options.sdp_session);
    out.number(static_cast<std::uint64_t>(options.lifetime.count()));
    out.token(options.far.trust);
    out.token(options.far.removal);
    out.token(options.far.extension);
    out.token(options.far.association);
    out.token(options.far.transport);
    out.number(static_cast<std::uint64_t>(options.far.answer_limit.count()));
}

WebLegOptions read_options(BytesIn& in)
{
    constexpr std::uint64_t max_milliseconds = 24ULL * 60 * 60 * 1000;
    WebLegOptions options;
    options.role = in.token(Role::responder);
    options.sid = in.text(max_text);
    options.address = in.text(max_text);
    options.display_name = in.text(max_text);
    options.sdp_session = in.number();
    options.lifetime = std::chrono::milliseconds{ in.number(max_milliseconds) };
    options.far.trust = in.token(Trust::trusted);
    options.far.removal = in.token(Removal::remove);
    options.far.extension = in.token(Extension::ignore);
    options.far.association = in.token(Association::restart);
    options.far.transport = in.token(TransportKind::raw_udp);
    options.far.answer_limit = std::chrono::seconds{ in.number(max_milliseconds) };
    return options;
}

void write(const Slots& slots, BytesOut& out)
{
    out.number(slots.size());
    for (const auto& slot : slots) {
        out.text(slot.mid);
        out.token(slot.creator);
        out.text(slot.name);
        out.token(slot.state);
        out.text(slot.media);
        out.text(slot.proto);
        out.text(slot.formats);
    }
}

Slots read_slots(BytesIn& in)
{
    std::vector<Slot> slots(in.number(sdp::max_media));
    for (auto& slot : slots) {
        slot.mid = in.text(max_text);
        slot.creator = in.token(Role::responder);
        slot.name = in.text(max_text);
        slot.state = in.token(SlotState::rejected);
        slot.media = in.text(max_text);
        slot.proto = in.text(max_text);
        slot.formats = in.text(max_text);
    }
    return Slots{ std::move(slots) };
}

}  // namespace

std::string WebLeg::write() const
{
    BytesOut out{ head };
    call::write(options_, out);
    out.token(state_);
    out.token(ringing_);
    out.token(invited_with_offer_);
    out.token(reloaded_);
    out.token(media_.audio);
    out.token(media_.video);
    out.number(last_id_);
    out.text(initiate_id_);
    call::write(negotiation_ ? negotiation_->agreed_slots() : slots_, out);
    // Both have been written as SDP before.
    out.text(negotiation_ ? negotiation_->own().to_string().value_or("") : own_text_);
    out.text(negotiation_ ? negotiation_->peer().to_string().value_or("") : far_text_);
    for (const auto* side : { &info_.own(), &info_.far() }) {
        out.token(side->hold);
        write_bits(side->muted, out);
    }
    out.token(answer_doubtful_);
    return std::move(out.bytes);
}

base::Result<WebLeg> WebLeg::read(std::string_view bytes)
{
    const bool is_old = bytes.starts_with(head_1);
    BytesIn in{ bytes, is_old ? head_1 : head };
    WebLeg leg{ read_options(in) };
    leg.state_ = in.token(State::ended);
    leg.ringing_ = in.flag();
    leg.invited_with_offer_ = in.flag();
    leg.reloaded_ = in.flag();
    leg.media_.audio = in.flag();
    leg.media_.video = in.flag();
    leg.last_id_ = static_cast<std::uint32_t>(in.number(std::numeric_limits<std::uint32_t>::max()));
    leg.initiate_id_ = in.text(max_text);
    leg.slots_ = read_slots(in);
    leg.own_text_ = in.text(max_text);
    leg.far_text_ = in.text(max_text);
    std::array<WebLegInfo::Side, 2> sides;
    for (auto& side : sides) {
        side.hold = in.flag();
        side.muted = read_bits(in);
    }
    leg.info_ = { std::move(sides[0]), std::move(sides[1]) };
    leg.answer_doubtful_ = !is_old && in.flag();
    if (!in.is_at_end())
        return base::fail(base::Errc::malformed, "a web leg");
    TRY_VOID(leg.take_up());
    return leg;
}

/// What follows from the descriptions.
base::Result<void> WebLeg::take_up()
{
    base::Arena arena;
    sdp::Description own;
    sdp::Description far;
    const auto own_text = own_text_;  // the descriptions point into them
    const auto far_text = far_text_;
    if (!own_text.empty()) {
        TRY(own, sdp::Description::parse(own_text, arena));
        own_ = credentials_of(own, arena);
    }
    if (!far_text.empty()) {
        TRY(far, sdp::Description::parse(far_text, arena));
        learn_far(far, arena);
    }
    if (state_ != State::active)
        return {};
    const auto count = slots_.size();
    if (own_text.empty() || far_text.empty() || own.media.size() > count || far.media.size() > count)
        return base::fail(base::Errc::malformed, "a web leg's descriptions");
    TRY_VOID(activate(own, far, slots_));
    if (reloaded_)
        (void)negotiation_->own_lost({});  // nothing is in flight
    return {};
}

}  // namespace jingle::call
