#include "xmpp/stanza.hpp"

#include <array>

#include "base/enum_table.hpp"
#include "xmpp/ns.hpp"

namespace xmpp {
namespace {

using base::EnumRow;

constexpr std::array kinds{
    EnumRow{ StanzaKind::iq, "iq" },
    EnumRow{ StanzaKind::message, "message" },
    EnumRow{ StanzaKind::presence, "presence" },
};

struct Field {
    std::string_view name;
    std::string_view Envelope::*member;
};
constexpr std::array<Field, 4> fields{ {
    { "from", &Envelope::from },
    { "to", &Envelope::to },
    { "id", &Envelope::id },
    { "type", &Envelope::type },
} };

}  // namespace

std::optional<Envelope> Envelope::from_element(const Element& element) noexcept
{
    const auto kind = base::find_value(kinds, element.name);
    if (!kind || element.ns != ns::component)
        return std::nullopt;
    Envelope envelope;
    envelope.kind = *kind;
    envelope.payload = element.first_child();
    for (const auto& a : element.attributes)
        for (const auto& field : fields)
            if (a.name == field.name && a.ns.empty())
                envelope.*field.member = a.value;
    return envelope;
}

}  // namespace xmpp
