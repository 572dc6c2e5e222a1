#include "jingle/call/held.hpp"

#include <algorithm>

#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

namespace jingle::call {
namespace {

std::size_t count_candidates(const Jingle& jingle)
{
    std::size_t count = 0;
    for (const auto& content : jingle.contents)
        if (const auto* transport = content.ice())
            count += transport->candidates.size();
    return count;
}

}  // namespace

std::string Held::to_xml(const Jingle& jingle)
{
    std::string xml;
    xmpp::Writer writer{ xml, {} };
    jingle.write(writer);
    xml.shrink_to_fit();
    return xml;
}

void Held::keep_offer(const Jingle& offer)
{
    offer_ = to_xml(offer);
}

bool Held::keep(LegIndex from, const Jingle& request)
{
    std::size_t requests = 0;
    std::size_t bytes = 0;
    std::size_t bytes_of_all = 0;
    auto candidates = count_candidates(request);
    const auto own_candidates = static_cast<std::uint16_t>(std::min(candidates, max_candidates + 1));
    for (const auto& kept : kept_) {
        bytes_of_all += kept.xml.size();
        if (kept.from != from)
            continue;
        ++requests;
        bytes += kept.xml.size();
        candidates += kept.candidates;
    }
    if (requests >= max_requests || candidates > max_candidates)
        return false;
    auto xml = to_xml(request);
    if (bytes + xml.size() > max_bytes || bytes_of_all + xml.size() > max_bytes_of_all)
        return false;
    kept_.push_back({ from, request.action, own_candidates, std::move(xml) });
    return true;
}

void Held::drop(LegIndex from)
{
    std::erase_if(kept_, [&](const Kept& kept) { return kept.from == from; });
}

Jingle* Held::offer(base::Arena& arena) const
{
    return offer_.empty() ? nullptr : read(offer_, arena);
}

Jingle* Held::read(std::string_view xml, base::Arena& arena)
{
    // It was a value of ours, so it can be read; an arena copy, since the text goes away and views into it
    // stay.
    const auto element = xmpp::parse_document(arena.copy(xml), arena);
    if (!element)
        return nullptr;
    auto value = Jingle::from_element(**element, arena);
    return value ? arena.make<Jingle>(*std::move(value)) : nullptr;
}

}  // namespace jingle::call
