#include "component/records.hpp"

#include <algorithm>
#include <utility>

namespace component {
namespace {

std::string_view cut(std::string_view text)
{
    auto size = std::min(text.size(), Records::max_text);
    // Not within a character of UTF-8.
    while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
        --size;
    return text.substr(0, size);
}

// Each that changes something says whether it did: a record has dozens of fields, and nearly every step of a
// call leaves nearly all of them as they are.

bool set(std::string& text, std::string_view said)
{
    const auto wanted = cut(said);
    if (text == wanted)
        return false;
    text = wanted;
    return true;
}

/// A step is known by its first time.
bool set_once(std::optional<WallTime>& time, WallTime at)
{
    if (time)
        return false;
    time = at;
    return true;
}

bool add(bool& known, bool more)
{
    return more && !std::exchange(known, true);
}

/// The record of the leg's device; null for the caller's, and for those beyond the limit. A leg may begin as
/// a bare address that many devices answer to, and end as one of them.
DeviceRecord* device_of(CallRecord& record, const RecordEvent& event)
{
    if (event.leg == 0)
        return nullptr;
    const auto address = cut(event.address);
    const auto same = std::ranges::find_if(record.devices, [&](const DeviceRecord& device) {
        return device.leg == event.leg && (address.empty() || device.address == address);
    });
    if (same != record.devices.end())
        return &*same;
    if (record.devices.size() >= Records::max_devices)
        return nullptr;
    DeviceRecord device;
    device.leg = event.leg;
    device.address = address;
    device.asked = event.at;
    return &record.devices.emplace_back(std::move(device));
}

bool settle(DeviceRecord& device, DeviceFate fate, const RecordEvent& event)
{
    // "Stopped" is told of every other device of a call that was answered, also of those that refused.
    if (device.settled)
        return false;
    device.fate = fate;
    device.settled = event.at;
    device.reason = cut(event.reason);
    return true;
}

bool ring(DeviceRecord& device, WallTime at)
{
    const bool is_first = set_once(device.rang, at);
    return (!device.settled && std::exchange(device.fate, DeviceFate::rang) != DeviceFate::rang) || is_first;
}

bool apply_to_device(DeviceRecord& device, const RecordEvent& event)
{
    switch (event.step) {
    case RecordStep::ringing: return ring(device, event.at);
    case RecordStep::accepted: return settle(device, DeviceFate::answered, event);
    case RecordStep::refused: return settle(device, DeviceFate::refused, event);
    case RecordStep::stopped: return settle(device, DeviceFate::stopped, event);
    case RecordStep::gone: return settle(device, DeviceFate::gone, event);
    case RecordStep::started:
    case RecordStep::tried:
    case RecordStep::proceeded:
    case RecordStep::initiated:
    case RecordStep::resumed:
    case RecordStep::ended: return false;
    }
    return false;
}

bool start(CallRecord& record, const RecordEvent& event)
{
    bool changed = set(record.caller, event.address);
    changed |= set(record.callee, event.callee);
    changed |= set(record.sid, event.sid);
    changed |= set(record.rule, event.rule);
    return changed;
}

bool accept(CallRecord& record, const RecordEvent& event)
{
    bool changed = set_once(record.accepted, event.at);
    if (event.leg != 0 && !event.address.empty())
        changed |= set(record.callee, event.address);
    return changed;
}

bool resume(CallRecord& record)
{
    const bool had_ended = record.ended.has_value() || !record.reason.empty();
    record.ended.reset();
    record.reason.clear();
    return had_ended;
}

bool end(CallRecord& record, const RecordEvent& event)
{
    if (record.ended)
        return false;
    record.reason = cut(event.reason);
    record.ended = event.at;
    return true;
}

bool apply_to_call(CallRecord& record, const RecordEvent& event)
{
    switch (event.step) {
    case RecordStep::started: return start(record, event);
    case RecordStep::ringing: return set_once(record.ringing, event.at);
    case RecordStep::proceeded: return set_once(record.proceeded, event.at);
    case RecordStep::initiated: return set_once(record.initiated, event.at);
    case RecordStep::accepted: return accept(record, event);
    case RecordStep::resumed: return resume(record);
    case RecordStep::ended: return end(record, event);
    case RecordStep::tried:
    case RecordStep::refused:
    case RecordStep::stopped:
    case RecordStep::gone: return false;
    }
    return false;
}

/// Whatever is said of a device makes a record of it.
bool apply_to_devices(CallRecord& record, const RecordEvent& event)
{
    const auto before = record.devices.size();
    auto* const device = device_of(record, event);
    if (device == nullptr)
        return false;
    const bool is_new = record.devices.size() != before;
    return apply_to_device(*device, event) || is_new;
}

bool add(CandidateKinds& known, CandidateKinds more)
{
    const auto before = known;
    known.host |= more.host;
    known.srflx |= more.srflx;
    known.relay |= more.relay;
    return known != before;
}

}  // namespace

bool apply(CallRecord& record, const RecordEvent& event)
{
    bool changed = add(record.audio, event.audio);
    changed |= add(record.video, event.video);
    changed |= apply_to_call(record, event);
    if (event.step != RecordStep::started && event.step != RecordStep::resumed
        && event.step != RecordStep::ended)
        changed |= apply_to_devices(record, event);
    return changed;
}

const CallRecord* Records::apply(const RecordEvent& event)
{
    forget_ended();
    auto at = calls_.find(event.call);
    if (at == calls_.end()) {
        if (event.step != RecordStep::started)
            return nullptr;
        CallRecord record;
        record.id = event.call;
        record.started = event.at;
        at = calls_.emplace(event.call, std::move(record)).first;
    }
    if (event.step == RecordStep::ended)
        ended_ = event.call;
    return component::apply(at->second, event) ? &at->second : nullptr;
}

const CallRecord* Records::offered(const CallKey& call, unsigned leg, CandidateKinds kinds)
{
    forget_ended();
    const auto at = calls_.find(call);
    if (at == calls_.end())
        return nullptr;
    auto& known = leg == 0 ? at->second.caller_candidates : at->second.callee_candidates;
    return add(known, kinds) ? &at->second : nullptr;
}

const CallRecord* Records::find(const CallKey& call) const
{
    const auto at = calls_.find(call);
    return at == calls_.end() ? nullptr : &at->second;
}

std::vector<const CallRecord*> Records::newest(std::size_t limit) const
{
    std::vector<const CallRecord*> all;
    all.reserve(calls_.size());
    for (const auto& [id, record] : calls_)
        if (!record.ended)
            all.push_back(&record);
    const auto count = std::min(limit, all.size());
    std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(count), std::ranges::greater{},
                              &CallRecord::started);
    all.resize(count);
    return all;
}

void Records::resume(CallRecord record)
{
    const auto key = record.id;
    const auto [known, is_new] = calls_.try_emplace(key, std::move(record));
    // It was not moved from: there is one already.
    if (!is_new && (known->second.ended || !record.ended))
        known->second = std::move(record);  // NOLINT(bugprone-use-after-move)
}

void Records::forget_ended()
{
    if (const auto key = std::exchange(ended_, std::nullopt))
        calls_.erase(*key);
}

}  // namespace component
