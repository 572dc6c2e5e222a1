#include "sdp/payload_order.hpp"

#include "base/scan.hpp"

namespace sdp {

PayloadOrder::PayloadOrder(const Media& media)
{
    constexpr std::uint8_t not_named = 255;
    ranks_.fill(not_named);
    if (!is_rtp(media))
        return;
    std::uint8_t rank = 1;
    for (const auto format : media.formats) {
        const auto payload_type = base::parse_number<std::uint8_t>(format, {});
        if (payload_type && *payload_type < ranks_.size() && ranks_[*payload_type] == not_named)
            ranks_[*payload_type] = rank++;
    }
}

}  // namespace sdp
