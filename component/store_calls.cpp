#include <set>
#include <tuple>

#include "component/store_file.hpp"
#include "roster/contact.hpp"

// The rows of the call records.

namespace component {
namespace {

std::int64_t to_bits(CandidateKinds kinds)
{
    return (kinds.host ? 1 : 0) | (kinds.srflx ? 2 : 0) | (kinds.relay ? 4 : 0);
}

CandidateKinds to_kinds(int bits)
{
    return { (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0 };
}

CallRecord read_call(SQLite::Statement& row)
{
    CallRecord call;
    call.id = columns::bytes<16>(row.getColumn(0));
    call.started = columns::time(row.getColumn(1));
    call.sid = columns::text(row.getColumn(2));
    call.caller = columns::text(row.getColumn(3));
    call.callee = columns::text(row.getColumn(4));
    call.audio = columns::flag(row.getColumn(5));
    call.video = columns::flag(row.getColumn(6));
    call.rule = columns::text(row.getColumn(7));
    call.ringing = columns::optional_time(row.getColumn(8));
    call.proceeded = columns::optional_time(row.getColumn(9));
    call.initiated = columns::optional_time(row.getColumn(10));
    call.accepted = columns::optional_time(row.getColumn(11));
    call.ended = columns::optional_time(row.getColumn(12));
    call.reason = columns::text(row.getColumn(13));
    call.caller_candidates = to_kinds(row.getColumn(14).getInt());
    call.callee_candidates = to_kinds(row.getColumn(15).getInt());
    return call;
}

DeviceRecord read_device(SQLite::Statement& row)
{
    DeviceRecord device;
    device.leg = row.getColumn(0).getUInt();
    device.address = columns::text(row.getColumn(1));
    device.fate
        = base::find_value(device_fate_rows, columns::text(row.getColumn(2))).value_or(DeviceFate::tried);
    device.reason = columns::text(row.getColumn(3));
    device.asked = columns::time(row.getColumn(4));
    device.rang = columns::optional_time(row.getColumn(5));
    device.settled = columns::optional_time(row.getColumn(6));
    return device;
}

/// The user that an address of a record belongs to or stands for, bare.
std::string user_of(const std::string& address)
{
    const auto jid = xmpp::Jid::parse(address);
    if (!jid)
        return address;  // it was cut
    const auto contact = roster::contact_of(*jid);
    return std::string{ contact ? contact->user.bare() : jid->bare() };
}

/// Who called and who was called or rung, by whichever address.
std::set<std::string> parties_of(const CallRecord& call)
{
    std::set<std::string> users{ user_of(call.caller), user_of(call.callee) };
    for (const auto& device : call.devices)
        users.insert(user_of(device.address));
    return users;
}

}  // namespace

void StoreFile::write(const CallRecord& call)
{
    run("INSERT INTO call VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id, started) DO UPDATE SET callee = excluded.callee, audio = excluded.audio, "
        "video = excluded.video, rule = excluded.rule, ringing = excluded.ringing, "
        "proceeded = excluded.proceeded, initiated = excluded.initiated, accepted = excluded.accepted, "
        "ended = excluded.ended, reason = excluded.reason, caller_candidates = excluded.caller_candidates, "
        "callee_candidates = excluded.callee_candidates",
        call.id, call.started, call.sid, call.caller, call.callee, call.audio, call.video, call.rule,
        call.ringing, call.proceeded, call.initiated, call.accepted, call.ended, call.reason,
        to_bits(call.caller_candidates), to_bits(call.callee_candidates));
    for (const auto& user : parties_of(call))
        run("INSERT OR IGNORE INTO call_party VALUES (?, ?, ?)", user, call.started, call.id);
    std::int64_t place = 0;
    for (const auto& device : call.devices)
        run("INSERT OR REPLACE INTO call_device VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", call.id, call.started,
            place++, std::int64_t{ device.leg }, device.address,
            base::find_token(device_fate_rows, device.fate), device.reason, device.asked, device.rang,
            device.settled);
}

template <class... Values>
std::vector<CallRecord> StoreFile::read_calls(const char* sql, const Values&... values)
{
    std::vector<CallRecord> calls;
    {
        auto& statement = prepared(sql);
        const columns::Use use{ statement };
        columns::bind_all(statement, values...);
        calls = columns::read_all(statement, read_call);
    }
    for (auto& call : calls)
        read_devices(call);
    return calls;
}

void StoreFile::read_devices(CallRecord& call)
{
    auto& statement = prepared("SELECT leg, address, fate, reason, asked, rang, settled FROM call_device "
                               "WHERE call = ? AND started = ? ORDER BY place");
    const columns::Use use{ statement };
    columns::bind_all(statement, call.id, call.started);
    call.devices = columns::read_all(statement, read_device);
}

std::vector<CallRecord> StoreFile::calls(const CallQuery& query)
{
    const auto since = query.since.value_or(WallTime::min());
    const auto limit = static_cast<std::int64_t>(query.limit);
    if (!query.party)
        return read_calls("SELECT * FROM call WHERE started >= ? ORDER BY started DESC LIMIT ?", since,
                          limit);
    return read_calls(
        "SELECT call.* FROM call_party p JOIN call ON call.id = p.call AND call.started = p.started "
        "WHERE p.user = ? AND p.started >= ? ORDER BY p.started DESC LIMIT ?",
        *query.party, since, limit);
}

std::vector<CallRecord> StoreFile::calls_of(std::string_view sid)
{
    return read_calls("SELECT * FROM call WHERE sid = ? ORDER BY started DESC", sid);
}

std::vector<CallRecord> StoreFile::calls_of(const CallKey& id)
{
    return read_calls("SELECT * FROM call WHERE id = ? ORDER BY started DESC", id);
}

std::vector<CallRecord> StoreFile::calls_between(const CallKey& first, const CallKey& last)
{
    return read_calls("SELECT * FROM call WHERE id >= ? AND id <= ? ORDER BY started DESC", first, last);
}

std::deque<CallRecord> StoreFile::running_calls()
{
    // There may be a hundred thousand. The journal, the records and the devices are each in the order of the
    // calls' ids, so that each is read once from its beginning to its end, and nothing is sorted.
    std::deque<CallRecord> calls;
    auto& statement = prepared("SELECT call.* FROM journal CROSS JOIN call ON call.id = journal.call "
                               "ORDER BY journal.call, call.started");
    const columns::Use use{ statement };
    while (statement.executeStep())
        calls.push_back(read_call(statement));
    read_devices(calls);
    return calls;
}

/// Of the calls that the journal holds, which are in order.
void StoreFile::read_devices(std::deque<CallRecord>& calls)
{
    auto& devices = prepared("SELECT leg, address, fate, reason, asked, rang, settled, d.call, started "
                             "FROM journal CROSS JOIN call_device d ON d.call = journal.call "
                             "ORDER BY journal.call, d.started, d.place");
    const columns::Use use{ devices };
    for (auto call = calls.begin(); call != calls.end() && devices.executeStep();) {
        const auto id = columns::bytes<16>(devices.getColumn(7));
        const auto started = columns::time(devices.getColumn(8));
        while (call != calls.end() && std::tie(call->id, call->started) < std::tie(id, started))
            ++call;
        if (call == calls.end() || call->id != id || call->started != started)
            continue;
        if (call->devices.empty())
            call->devices.reserve(2);  // who was asked, and who of them has answered
        call->devices.push_back(read_device(devices));
    }
}

}  // namespace component
