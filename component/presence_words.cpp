#include "component/presence_words.hpp"

#include <array>
#include <charconv>

#include "base/enum_table.hpp"
#include "xmpp/caps.hpp"
#include "xmpp/ns.hpp"

namespace component {
namespace {

namespace ns = xmpp::ns;

using base::EnumRow;
using roster::Reply;
using roster::Request;
using roster::Show;

constexpr std::array request_rows{
    EnumRow<Request>{ Request::subscribe, "subscribe" },
    EnumRow<Request>{ Request::subscribed, "subscribed" },
    EnumRow<Request>{ Request::unsubscribe, "unsubscribe" },
    EnumRow<Request>{ Request::unsubscribed, "unsubscribed" },
    EnumRow<Request>{ Request::probe, "probe" },
};
constexpr std::array reply_rows{
    EnumRow<Reply>{ Reply::subscribed, "subscribed" },
    EnumRow<Reply>{ Reply::unsubscribed, "unsubscribed" },
    EnumRow<Reply>{ Reply::unavailable, "unavailable" },
    EnumRow<Reply>{ Reply::subscribe, "subscribe" },
    EnumRow<Reply>{ Reply::unsubscribe, "unsubscribe" },
};
constexpr std::array show_rows{
    EnumRow<Show>{ Show::chat, "chat" },
    EnumRow<Show>{ Show::away, "away" },
    EnumRow<Show>{ Show::extended_away, "xa" },
    EnumRow<Show>{ Show::do_not_disturb, "dnd" },
};

}  // namespace

std::optional<Request> request_of(std::string_view type)
{
    return base::find_value(request_rows, type);
}

std::string_view word_of(Reply reply)
{
    return base::find_token(reply_rows, reply);
}

roster::DevicePresence read_presence(const xmpp::Element& presence)
{
    roster::DevicePresence read;
    if (const auto* const show = presence.child("show", ns::component))
        read.show = base::find_value(show_rows, show->text).value_or(Show::available);
    if (const auto* const priority = presence.child("priority", ns::component)) {
        const auto text = priority->text;
        std::int8_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error == std::errc{} && end == text.data() + text.size())
            read.priority = value;
    }
    if (const auto* const c = presence.child("c", ns::caps))
        if (const auto caps = xmpp::Caps::from_element(*c))
            read.caps = *caps;
    return read;
}

}  // namespace component
