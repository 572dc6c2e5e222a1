#include "jingle/header_extension.hpp"

#include <array>

#include "jingle/codec.hpp"

namespace jingle {
namespace {

enum class Direction { sendrecv, sendonly, recvonly, inactive };
constexpr std::array<base::EnumRow<Direction>, 4> direction_rows{ {
    { Direction::sendrecv, "sendrecv" },
    { Direction::sendonly, "sendonly" },
    { Direction::recvonly, "recvonly" },
    { Direction::inactive, "inactive" },
} };

Senders of(Role role)
{
    return role == Role::initiator ? Senders::initiator : Senders::responder;
}
Role other(Role role)
{
    return role == Role::initiator ? Role::responder : Role::initiator;
}

// Both when it goes both ways, and when nobody can tell who wrote it: the direction of an extension only
// narrows.
std::optional<Senders> senders_of(Direction direction, std::optional<Role> writer)
{
    switch (direction) {
    case Direction::sendrecv: return std::nullopt;
    case Direction::inactive: return Senders::none;
    case Direction::sendonly: return writer ? std::optional{ of(*writer) } : std::nullopt;
    case Direction::recvonly: return writer ? std::optional{ of(other(*writer)) } : std::nullopt;
    }
    return std::nullopt;
}

// The same element with this id.
xmpp::Element with_id(const xmpp::Element& from, std::string_view id, base::Arena& arena)
{
    auto copy = from;
    copy.attributes = {};
    for (const auto& attribute : from.attributes)
        copy.attributes.push_back(arena, attribute);
    copy.set(arena, "id", id);
    return copy;
}

}  // namespace

base::Result<void> read(const xmpp::Element& from, HeaderExtension& into, Reading& reading)
{
    const auto id = from.attribute_or_empty("id");
    const auto slash = id.find('/');
    if (slash == std::string_view::npos)
        return read_rows(from, into, reading);
    // COMPAT(Conversations): id='4/recvonly', the raw start of a=extmap.
    const auto direction = base::find_value(direction_rows, id.substr(slash + 1));
    if (!direction)
        return base::fail(base::Errc::malformed, "id");
    TRY_VOID(read_rows(with_id(from, id.substr(0, slash), reading.arena), into, reading));
    if (!into.senders)
        into.senders = senders_of(*direction, reading.writer);
    return {};
}

}  // namespace jingle
