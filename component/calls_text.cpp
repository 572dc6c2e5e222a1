#include "component/calls_text.hpp"

#include <array>

#include <fmt/format.h>

#include "component/wall_time.hpp"
#include "component/xml_text.hpp"
#include "jingle/call/call_id.hpp"

namespace component {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t address_width = 21;
constexpr std::size_t short_id_size = 8;

/// What a reason of Jingle (XEP-0166, 7.4) means for a call that nobody answered.
struct Result {
    std::string_view reason;
    std::string_view word;
};
constexpr std::array results{
    Result{ "busy", "busy" },         Result{ "decline", "declined" },      Result{ "timeout", "no answer" },
    Result{ "expired", "no answer" }, Result{ "cancel", "cancelled" },      Result{ "gone", "gone" },
    Result{ not_let_in, "refused" },  Result{ interrupted, "interrupted" },
};

std::string id_text(const CallRecord& call)
{
    return jingle::call::CallId{ call.id }.to_string();
}

/// Cut to `width` characters of UTF-8, with a mark where something is missing, and filled up to it.
std::string fitted(std::string_view text, std::size_t width)
{
    const auto clean = printable(text);
    std::string out;
    std::size_t characters = 0;
    std::size_t last_start = 0;
    for (const char c : clean) {
        if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
            if (characters == width)
                return out.substr(0, last_start) + "\u2026";
            last_start = out.size();
            ++characters;
        }
        out += c;
    }
    return out.append(width - characters, ' ');
}

std::string_view bare(std::string_view address)
{
    return address.substr(0, address.find('/'));
}

std::string length_text(milliseconds length)
{
    const auto seconds
        = std::max(std::chrono::floor<std::chrono::seconds>(length).count(), std::int64_t{ 0 });
    if (seconds < 3600)
        return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
    return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string talk_time(const CallRecord& call, WallTime now)
{
    return call.accepted ? length_text(call.ended.value_or(now) - *call.accepted) : "-";
}

std::string media_text(const CallRecord& call)
{
    if (call.audio && call.video)
        return "audio, video";
    return call.audio ? "audio" : call.video ? "video" : "-";
}

std::string kinds_text(CandidateKinds kinds)
{
    std::string text;
    const auto add = [&](bool is_there, std::string_view word) {
        if (is_there)
            text.append(text.empty() ? "" : ", ").append(word);
    };
    add(kinds.host, "host");
    add(kinds.srflx, "srflx");
    add(kinds.relay, "relay");
    return text.empty() ? "none" : text;
}

/// "+1.204 s" after the start of the call.
std::string after(const CallRecord& call, WallTime time)
{
    const auto elapsed = (time - call.started).count();
    return fmt::format("{:+}.{:03} s", elapsed / 1000, std::abs(elapsed % 1000));
}

std::string device_text(const CallRecord& call, const DeviceRecord& device)
{
    std::string text = "  " + fitted(device.address, 44) + "  asked " + after(call, device.asked);
    if (device.rang)
        text += ", rang " + after(call, *device.rang);
    if (device.settled)
        text.append(", ")
            .append(base::find_token(device_fate_rows, device.fate))
            .append(" ")
            .append(after(call, *device.settled));
    if (!device.reason.empty())
        text += " (" + printable(device.reason) + ")";
    return text + "\n";
}

/// Writes members of an object one after the other.
class JsonObject {
public:
    explicit JsonObject(std::string& out)
        : out_{ out }
    {
        out_ += '{';
    }
    void text(std::string_view name, std::string_view value)
    {
        begin(name);
        append_json(out_, value);
    }
    void time(std::string_view name, const std::optional<WallTime>& value)
    {
        if (value)
            text(name, to_utc_text(*value));
    }
    /// For a value that the caller appends.
    void begin(std::string_view name)
    {
        if (!is_first_)
            out_ += ',';
        is_first_ = false;
        append_json(out_, name);
        out_ += ':';
    }
    void end() { out_ += '}'; }

private:
    std::string& out_;
    bool is_first_ = true;
};

void append_words(std::string& out, std::initializer_list<std::pair<bool, std::string_view>> words)
{
    out += '[';
    bool is_first = true;
    for (const auto& [is_there, word] : words) {
        if (!is_there)
            continue;
        if (!is_first)
            out += ',';
        is_first = false;
        append_json(out, word);
    }
    out += ']';
}

void append_kinds(std::string& out, CandidateKinds kinds)
{
    append_words(out, { { kinds.host, "host" }, { kinds.srflx, "srflx" }, { kinds.relay, "relay" } });
}

void append_device(std::string& out, const DeviceRecord& device)
{
    JsonObject object{ out };
    object.text("address", device.address);
    object.text("fate", base::find_token(device_fate_rows, device.fate));
    if (!device.reason.empty())
        object.text("reason", device.reason);
    object.time("asked", device.asked);
    object.time("rang", device.rang);
    object.time("settled", device.settled);
    object.end();
}

}  // namespace

std::string_view result_of(const CallRecord& call) noexcept
{
    if (!call.ended)
        return call.accepted ? "in call" : "ringing";
    if (call.accepted)
        return "answered";
    for (const auto& row : results)
        if (row.reason == call.reason)
            return row.word;
    return "failed";
}

std::string short_id(const CallRecord& call)
{
    return id_text(call).substr(0, short_id_size);
}

std::string table_head()
{
    return fmt::format("{:<8} {:<25} {:>8} {:<11} {:<{}} {}\n", "ID", "STARTED", "TALKED", "RESULT", "CALLER",
                       address_width, "CALLEE");
}

std::string table_row(const CallRecord& call, WallTime now)
{
    auto row = fmt::format("{} {:<25} {:>8} {:<11} {} {}", short_id(call), to_local_text(call.started),
                           talk_time(call, now), result_of(call), fitted(bare(call.caller), address_width),
                           fitted(bare(call.callee), address_width));
    row.erase(row.find_last_not_of(' ') + 1);
    return row + "\n";
}

std::string full_text(const CallRecord& call, WallTime now)
{
    std::string text;
    const auto line = [&](std::string_view name, std::string_view value) {
        text += fmt::format("{:<11} {}\n", name, printable(value));
    };
    const auto step = [&](std::string_view name, const std::optional<WallTime>& time) {
        if (time)
            line(name, after(call, *time));
    };
    line("call", id_text(call));
    line("sid", call.sid);
    line("caller", call.caller);
    line("callee", call.callee);
    line("media", media_text(call));
    line("rule", call.rule.empty() ? "-" : call.rule);
    line("result", std::string{ result_of(call) } + (call.reason.empty() ? "" : " (" + call.reason + ")"));
    line("started", to_local_text(call.started));
    step("ringing", call.ringing);
    step("proceeded", call.proceeded);
    step("offered", call.initiated);
    step("accepted", call.accepted);
    if (call.ended)
        line("ended", to_local_text(*call.ended) + ", " + after(call, *call.ended));
    line("talked", talk_time(call, now));
    line("candidates",
         "caller " + kinds_text(call.caller_candidates) + "; callee " + kinds_text(call.callee_candidates));
    if (!call.devices.empty())
        text += "devices\n";
    for (const auto& device : call.devices)
        text += device_text(call, device);
    return text;
}

std::string json_line(const CallRecord& call)
{
    std::string out;
    JsonObject object{ out };
    object.text("id", id_text(call));
    object.text("sid", call.sid);
    object.text("caller", call.caller);
    object.text("callee", call.callee);
    object.begin("media");
    append_words(out, { { call.audio, "audio" }, { call.video, "video" } });
    object.text("rule", call.rule);
    object.text("result", result_of(call));
    if (!call.reason.empty())
        object.text("reason", call.reason);
    object.time("started", call.started);
    object.time("ringing", call.ringing);
    object.time("proceeded", call.proceeded);
    object.time("initiated", call.initiated);
    object.time("accepted", call.accepted);
    object.time("ended", call.ended);
    object.begin("candidates");
    JsonObject candidates{ out };
    candidates.begin("caller");
    append_kinds(out, call.caller_candidates);
    candidates.begin("callee");
    append_kinds(out, call.callee_candidates);
    candidates.end();
    object.begin("devices");
    out += '[';
    for (std::size_t i = 0; i < call.devices.size(); ++i) {
        if (i > 0)
            out += ',';
        append_device(out, call.devices[i]);
    }
    out += ']';
    object.end();
    return out + "\n";
}

}  // namespace component
