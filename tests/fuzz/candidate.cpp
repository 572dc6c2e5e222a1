#include "sdp/candidate.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size)
{
    base::Arena arena;
    const auto first = sdp::Candidate::parse({ reinterpret_cast<const char*>(bytes), size }, arena);
    if (!first)
        return 0;
    const auto printed = first->to_string();
    if (!printed || sdp::Candidate::parse(*printed, arena) != first)
        std::abort();
    return 0;
}
