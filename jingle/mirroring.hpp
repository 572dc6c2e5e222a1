#pragma once

#include <optional>

#include "jingle/session.hpp"
#include "jingle/trait.hpp"

/// COMPAT(Movim, Jitsi): their tables of senders know no roles: who is the responder reads and writes what
/// the initiator would (SDPtoJingle.php, JingletoSDP.php, SDP.ts). One change serves both ways. `Work` has
/// the request and takes the notes. Only the tables of adapt.cpp and normalise.cpp include this.
namespace jingle {

/// The other role's sending, if it is one-way.
constexpr std::optional<Senders> mirrored(std::optional<Senders> senders) noexcept
{
    if (senders == Senders::initiator)
        return Senders::responder;
    return senders == Senders::responder ? Senders::initiator : senders;
}

template <class Work>
void mirror_content_senders(Work& work)
{
    for (auto& content : work.jingle.contents) {
        const auto senders = mirrored(content.senders);
        if (senders == content.senders)
            continue;
        content.senders = senders;
        work.note(Trait::senders_by_initiator, &content, "senders");
    }
}

/// COMPAT(Movim): the same table serves header extensions.
template <class Work>
void mirror_extension_senders(Work& work)
{
    for (auto& content : work.jingle.contents) {
        if (content.rtp() == nullptr)
            continue;
        for (auto& extension : content.rtp()->header_extensions) {
            const auto senders = mirrored(extension.senders);
            if (senders != extension.senders)
                work.note(Trait::extension_senders_by_initiator, &content, extension.uri);
            extension.senders = senders;
        }
    }
}

}  // namespace jingle
