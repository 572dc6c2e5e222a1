#include "jingle/call/held.hpp"

#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

namespace jingle::call {
namespace {

std::string to_xml(const Jingle& jingle)
{
    std::string xml;
    xmpp::Writer writer{ xml, {} };
    jingle.write(writer);
    xml.shrink_to_fit();
    return xml;
}

std::size_t count_candidates(const Jingle& jingle)
{
    std::size_t count = 0;
    for (const auto& content : jingle.contents)
        if (const auto* transport = content.ice())
            count += transport->candidates.size();
    return count;
}

}  // namespace

void Held::keep_offer(const Jingle& offer)
{
    offer_ = to_xml(offer);
}

bool Held::keep(LegIndex from, const Jingle& request)
{
    const auto candidates = count_candidates(request);
    if (kept_.size() >= max_requests || candidates_ + candidates > max_candidates)
        return false;
    auto xml = to_xml(request);
    if (bytes_ + xml.size() > max_bytes)
        return false;
    candidates_ += candidates;
    bytes_ += xml.size();
    kept_.push_back({ from, request.action, std::move(xml) });
    return true;
}

const Jingle* Held::take_offer(base::Arena& arena)
{
    const auto* offer = offer_.empty() ? nullptr : read(offer_, arena);
    offer_ = {};
    return offer;
}

const Jingle* Held::read(std::string_view xml, base::Arena& arena)
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
