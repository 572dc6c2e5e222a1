#include "jingle/slots.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "jingle/proto.hpp"
#include "sdp/grammar.hpp"
#include "sdp/inherit.hpp"

namespace jingle {

namespace {

std::string join(const base::List<std::string_view>& words)
{
    std::string joined;
    for (const auto word : words) {
        if (!joined.empty())
            joined += ' ';
        joined += word;
    }
    return joined;
}

/// The name of an m-line without a=mid: its media if that occurs once, else with its index.
std::string name_without_mid(const sdp::Description& description, std::size_t index)
{
    const auto media = description.media[index].media;
    const auto count = std::count_if(description.media.begin(), description.media.end(),
                                     [&](const sdp::Media& other) { return other.media == media; });
    std::string name{ media };
    if (count > 1)
        name += std::to_string(index);
    return name;
}

}  // namespace

std::optional<std::size_t> Slots::find_mid(std::string_view mid) const noexcept
{
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (base::is_same_name(slots_[i].mid, mid))
            return i;
    return std::nullopt;
}

std::optional<std::size_t> Slots::find_content(Role creator, std::string_view name) const noexcept
{
    for (std::size_t i = 0; i < slots_.size(); ++i)
        if (slots_[i].state == SlotState::active && slots_[i].creator == creator
            && base::is_same_name(slots_[i].name, name))
            return i;
    return find_name(name);
}

std::optional<std::size_t> Slots::find_name(std::string_view name) const noexcept
{
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        if (slots_[i].state != SlotState::active || !base::is_same_name(slots_[i].name, name))
            continue;
        if (found)
            return std::nullopt;
        found = i;
    }
    return found;
}

base::Result<void> Slots::learn(const sdp::Description& description, Role creator)
{
    if (description.media.size() < slots_.size())
        return base::fail(base::Errc::malformed, "fewer m-lines than the description before");
    slots_.reserve(description.media.size());
    for (std::size_t i = 0; i < description.media.size(); ++i)
        TRY_VOID(learn_one(description, i, creator));
    return {};
}

base::Result<void> Slots::learn_one(const sdp::Description& description, std::size_t index, Role creator)
{
    const auto& media = description.media[index];
    const auto is_new = index == slots_.size();
    if (is_new)
        slots_.emplace_back();
    auto& slot = slots_[index];
    const auto recycled = !is_new && media.mid && *media.mid != slot.mid;
    if (recycled && slot.state == SlotState::active)
        return base::fail(base::Errc::malformed, "another mid in an m-line that is live");

    const auto live = !sdp::is_rejected(media) && is_understood(media);
    slot.change = SlotChange::none;
    if (recycled)
        retired_.push_back(slot.name);
    if (is_new || recycled) {
        auto mid = media.mid ? std::string{ *media.mid } : name_without_mid(description, index);
        slot.mid.clear();
        if (find_mid(mid))
            return base::fail(base::Errc::duplicate, "two m-lines with one mid");
        slot.name.clear();
        slot.name = free_name(creator, mid);
        slot.mid = std::move(mid);
        slot.creator = creator;
    }
    if (is_new || recycled || (live && slot.state == SlotState::rejected))
        slot.change = SlotChange::added;
    else if (!live && slot.state == SlotState::active)
        slot.change = SlotChange::rejected;
    slot.state = live ? SlotState::active : SlotState::rejected;
    slot.media = media.media;
    slot.proto = media.proto;
    if (!live)
        slot.formats = join(media.formats);
    return {};
}

void Slots::renew(std::size_t index, Role creator)
{
    auto& slot = slots_[index];
    retired_.push_back(slot.name);
    const auto taken = [&](const std::string& name) {
        const auto has = [&](const Slot& other) { return other.name == name; };
        return std::find(retired_.begin(), retired_.end(), name) != retired_.end()
            || std::any_of(slots_.begin(), slots_.end(), has);
    };
    auto number = 2;
    while (taken(slot.mid + '-' + std::to_string(number)))
        ++number;
    slot.name = slot.mid + '-' + std::to_string(number);
    slot.creator = creator;
}

std::size_t Slots::add(Role creator, std::string_view name)
{
    const auto usable = name.size() <= max_mid_from_name && sdp::is_token(name) && !find_mid(name);
    Slot slot;
    slot.mid = usable ? std::string{ name } : free_number();
    slot.creator = creator;
    slot.name = name;
    slot.change = SlotChange::added;
    slots_.push_back(std::move(slot));
    return slots_.size() - 1;
}

std::string Slots::free_number() const
{
    for (std::size_t number = 0;; ++number) {
        auto text = std::to_string(number);
        if (!find_mid(text))
            return text;
    }
}

/// A mid that the SDP side chose is the name of its content, unless that name is taken by a content of other
/// mid.
std::string Slots::free_name(Role creator, std::string_view wanted) const
{
    const auto taken = [&](std::string_view name) {
        return std::any_of(slots_.begin(), slots_.end(), [&](const Slot& slot) {
            return slot.state == SlotState::active && slot.creator == creator
                && base::is_same_name(slot.name, name);
        });
    };
    std::string name{ wanted };
    for (auto number = 2; taken(name); ++number)
        name = std::string{ wanted } + '-' + std::to_string(number);
    return name;
}

}  // namespace jingle
