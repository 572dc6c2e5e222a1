#include "jingle/reason.hpp"

#include "jingle/codec.hpp"
#include "xmpp/ns.hpp"

namespace jingle {
namespace {

// Meant for people: line ends are fine in it, but it is dropped rather than refused when it is not
// presentable.
bool is_presentable(std::string_view text)
{
    if (text.size() > Reason::max_text)
        return false;
    for (const auto c : text)
        if ((chars::classes[static_cast<unsigned char>(c)] & chars::control) != 0 && c != '\n' && c != '\r'
            && c != '\t')
            return false;
    return true;
}

std::optional<std::string_view> sid_of(const xmpp::Element& condition)
{
    const auto* sid = condition.child("sid", xmpp::ns::jingle);
    if (sid == nullptr
        || check_text(trim(sid->text), chars::blank | chars::markup | chars::beyond_ascii, 1, limits::sid))
        return std::nullopt;
    return trim(sid->text);
}

}  // namespace

base::Result<void> read(const xmpp::Element& from, Reason& into, Reading& reading)
{
    bool has_condition = false;
    for (const auto& child : from.children()) {
        if (child.ns != xmpp::ns::jingle) {
            TRY_VOID(keep(child, into.extra, reading));
        } else if (child.name == "text") {
            if (is_presentable(child.text))
                into.text = child.text;
        } else if (const auto condition = base::find_value(condition_rows, child.name);
                   condition && !has_condition) {
            has_condition = true;
            into.condition = *condition;
            if (condition == Condition::alternative_session)
                into.alternative_sid = sid_of(child);
        }
    }
    return {};
}

void write(const Reason& value, xmpp::Writer& writer)
{
    writer.open(base::find_token(condition_rows, value.condition));
    if (value.alternative_sid)
        writer.open("sid").text(*value.alternative_sid).close();
    writer.close();
    if (value.text)
        writer.open("text").text(*value.text).close();
    write_extra(value.extra, writer);
}

}  // namespace jingle
