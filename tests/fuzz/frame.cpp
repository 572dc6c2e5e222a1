#include "component/web/frame.hpp"

#include <cstdlib>

#include "component/web/events.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size)
{
    using namespace component::web;
    const std::string_view text{ reinterpret_cast<const char*>(bytes), size };
    const auto frame = parse_frame(text);
    if (!frame) {
        // What is said about it has to be text that a page can read.
        const auto answer = with_seq(1, error_frame(frame.error().id, frame.error().error));
        if (answer.size() > 2 * max_id + 1024)
            std::abort();
        return 0;
    }
    // What a page says of a call may be said to another page: printed, it is short enough to be sent.
    if (const auto* says = std::get_if<CallSays>(&frame->request))
        if (const auto* negotiate = std::get_if<jingle::call::PageNegotiate>(&says->what))
            if (negotiate->description.sdp.size() > max_sdp || call_event(says->call, *negotiate).empty())
                std::abort();
    return 0;
}
