#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "sdp/description.hpp"

namespace sdp {

/// The order in which payload types stand in an m= line: wildcards before all, what the line does not name
/// behind.
class PayloadOrder {
public:
    explicit PayloadOrder(const Media& media);

    [[nodiscard]] std::size_t rank(const RtpMap& map) const
    {
        return ranks_[map.payload_type % ranks_.size()];
    }
    [[nodiscard]] std::size_t rank(const Fmtp& fmtp) const
    {
        return ranks_[fmtp.payload_type % ranks_.size()];
    }
    [[nodiscard]] std::size_t rank(const RtcpFb& feedback) const
    {
        return feedback.payload_type ? ranks_[*feedback.payload_type % ranks_.size()] : 0;
    }

    template <class T>
    void sort(T* begin, T* end) const
    {
        const auto before = [this](const T& a, const T& b) { return rank(a) < rank(b); };
        if (!std::is_sorted(begin, end, before))
            std::stable_sort(begin, end, before);
    }

private:
    std::array<std::uint8_t, 128> ranks_;
};

/// The items of one list in that order. Copies them only when they stand in another.
template <class T>
class InPayloadOrder {
public:
    InPayloadOrder(const PayloadOrder& order, const base::List<T>& list)
        : order_{ order }
        , at_{ list.begin() }
        , end_{ list.end() }
    {
        const auto before = [this](const T& a, const T& b) { return order_.rank(a) < order_.rank(b); };
        if (std::is_sorted(at_, end_, before))
            return;
        sorted_.assign(at_, end_);
        order_.sort(sorted_.data(), sorted_.data() + sorted_.size());
        at_ = sorted_.data();
        end_ = at_ + sorted_.size();
    }

    [[nodiscard]] bool empty() const { return at_ == end_; }
    [[nodiscard]] std::size_t next_rank() const { return order_.rank(*at_); }
    template <class Use>
    void use_all_of(std::size_t rank, Use use)
    {
        for (; at_ != end_ && order_.rank(*at_) == rank; ++at_)
            use(*at_);
    }

private:
    const PayloadOrder& order_;
    const T* at_;
    const T* end_;
    std::vector<T> sorted_;
};

/// Calls with each rtpmap, fmtp and rtcp-fb, payload type by payload type in the order of the m= line.
template <class UseRtpMap, class UseFmtp, class UseRtcpFb>
void for_each_payload_attribute(const Media& media, UseRtpMap use_rtpmap, UseFmtp use_fmtp,
                                UseRtcpFb use_rtcp_fb)
{
    const PayloadOrder order{ media };
    InPayloadOrder rtpmaps{ order, media.rtpmaps };
    InPayloadOrder fmtps{ order, media.fmtps };
    InPayloadOrder rtcp_fbs{ order, media.rtcp_fbs };
    while (!rtpmaps.empty() || !fmtps.empty() || !rtcp_fbs.empty()) {
        std::size_t rank = SIZE_MAX;
        const auto see
            = [&rank](const auto& items) { rank = items.empty() ? rank : std::min(rank, items.next_rank()); };
        see(rtpmaps);
        see(fmtps);
        see(rtcp_fbs);
        rtpmaps.use_all_of(rank, use_rtpmap);
        fmtps.use_all_of(rank, use_fmtp);
        rtcp_fbs.use_all_of(rank, use_rtcp_fb);
    }
}

/// True when the formats of this m= line are payload types.
[[nodiscard]] inline bool is_rtp(const Media& media)
{
    return media.proto.find("RTP/") != std::string_view::npos;
}

}  // namespace sdp
