#include "component/cards.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "jingle/call/nick.hpp"
#include "xmpp/ns.hpp"

namespace component {
namespace {

namespace ns = xmpp::ns;

using jingle::call::plain_nick;

/// SVG is not among them: it may hold scripts.
constexpr std::array<std::string_view, 4> picture_types{ "image/png", "image/jpeg", "image/gif",
                                                         "image/webp" };

std::string_view text_of(const xmpp::Element& parent, std::string_view name)
{
    const auto* const child = parent.child(name, ns::vcard);
    return child != nullptr ? child->text : std::string_view{};
}

/// What base64 stands for; empty when it is not base64.
std::vector<unsigned char> decode(const std::string& base64)
{
    if (base64.empty() || base64.size() % 4 != 0)
        return {};
    std::vector<unsigned char> bytes(base64.size() / 4 * 3);
    const auto size = EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(base64.data()),
                                      static_cast<int>(base64.size()));
    if (size < 0)
        return {};
    // The function counts the padding as bytes.
    const auto padding = base64.ends_with("==") ? 2U : base64.ends_with('=') ? 1U : 0U;
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

std::string sha1_of(const std::vector<unsigned char>& bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
        return {};
    std::string hex;
    for (const auto byte : std::span{ digest }.first(size))
        hex += fmt::format("{:02x}", byte);
    return hex;
}

void read_photo(const xmpp::Element& photo, Card& card)
{
    const auto type = text_of(photo, "TYPE");
    const auto text = text_of(photo, "BINVAL");
    // Lines are broken, so there is more text than base64; twice is more than any breaking needs.
    if (std::ranges::find(picture_types, type) == picture_types.end() || text.size() > 2 * Card::max_photo)
        return;
    std::string base64{ text };
    std::erase_if(base64, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
    if (base64.size() > Card::max_photo)
        return;
    const auto bytes = decode(base64);
    if (bytes.empty())
        return;
    card.photo_hash = sha1_of(bytes);
    card.photo_type = type;
    card.photo = std::move(base64);
}

std::size_t bytes_of(const Card& card)
{
    return card.name.size() + card.nickname.size() + card.photo.size();
}

}  // namespace

Card Card::from_element(const xmpp::Element& vcard)
{
    Card card;
    card.name = plain_nick(text_of(vcard, "FN"));
    card.nickname = plain_nick(text_of(vcard, "NICKNAME"));
    if (const auto* const picture = vcard.child("PHOTO", ns::vcard))
        read_photo(*picture, card);
    return card;
}

void Card::append_to(xmpp::Element& result, const xmpp::Jid& user, base::Arena& arena) const
{
    auto& vcard = result.add(arena, "vCard", ns::vcard);
    const auto shown = shown_name();
    vcard.add(arena, "FN").text = arena.copy(!name.empty() ? name : shown.empty() ? user.bare() : shown);
    if (!nickname.empty())
        vcard.add(arena, "NICKNAME").text = arena.copy(nickname);
    vcard.add(arena, "JABBERID").text = arena.copy(user.bare());
    if (photo.empty())
        return;
    auto& picture = vcard.add(arena, "PHOTO");
    picture.add(arena, "TYPE").text = arena.copy(photo_type);
    picture.add(arena, "BINVAL").text = arena.copy(photo);
}

Cards::Found Cards::find(const xmpp::Jid& user, Clock::time_point now)
{
    const auto found = by_user_.find(user.bare());
    if (found == by_user_.end())
        return {};
    entries_.splice(entries_.begin(), entries_, found->second);
    return { &found->second->card, now < found->second->fresh_until };
}

void Cards::put(const xmpp::Jid& user, Card card, Clock::time_point fresh_until)
{
    if (const auto old = by_user_.find(user.bare()); old != by_user_.end())
        forget(old->second);
    bytes_ += bytes_of(card);
    entries_.push_front({ std::string{ user.bare() }, std::move(card), fresh_until });
    by_user_.emplace(entries_.front().user, entries_.begin());
    while (entries_.size() > max_cards || (bytes_ > max_bytes && entries_.size() > 1))
        forget(std::prev(entries_.end()));
}

void Cards::forget(std::list<Entry>::iterator at)
{
    bytes_ -= bytes_of(at->card);
    by_user_.erase(at->user);
    entries_.erase(at);
}

}  // namespace component
