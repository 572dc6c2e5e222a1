#include "component/ad_hoc_form.hpp"

#include <algorithm>

namespace component {
namespace {

using base::Errc;
using base::fail;

bool is_boolean(std::string_view text)
{
    return text == "0" || text == "1" || text == "false" || text == "true";
}

bool has_control(std::string_view text)
{
    return std::ranges::any_of(text,
                               [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_option(const AdHocField& field, std::string_view value)
{
    return std::ranges::any_of(field.options, [&](const auto& option) { return option.second == value; });
}

base::Result<std::vector<std::string>> read_field(const xmpp::FormField& given, const AdHocField& asked)
{
    const bool many = asked.type == "list-multi" || asked.type == "text-multi";
    if (given.values.size() > (many ? max_form_values : 1))
        return fail(Errc::too_long, asked.var);
    std::vector<std::string> values;
    for (const auto value : given.values) {
        if (value.size() > max_form_value_bytes)
            return fail(Errc::too_long, asked.var);
        if (has_control(value))
            return fail(Errc::forbidden, asked.var);
        if (asked.type == "boolean" && !is_boolean(value))
            return fail(Errc::malformed, asked.var);
        if (asked.type.starts_with("list-") && !is_option(asked, value))
            return fail(Errc::unknown_token, asked.var);
        if (!value.empty())
            values.emplace_back(value);
    }
    return values;
}

}  // namespace

xmpp::Form to_form(const AdHocForm& form, std::string_view type, const FormValues& filled, base::Arena& arena)
{
    xmpp::Form out;
    out.type = type;
    out.title = arena.copy(form.title);
    out.instructions = arena.copy(form.instructions);
    for (const auto& field : form.fields) {
        xmpp::FormField row{ arena.copy(field.var), arena.copy(field.type), {} };
        row.label = arena.copy(field.label);
        row.required = field.required;
        const auto before = filled.find(field.var);
        for (const auto& value : before != filled.end() ? before->second : field.values)
            row.values.push_back(arena, arena.copy(value));
        for (const auto& [label, value] : field.options)
            row.options.push_back(arena, { arena.copy(label), arena.copy(value) });
        out.fields.push_back(arena, row);
    }
    return out;
}

base::Result<FormValues> read_values(const xmpp::Form& submitted, const AdHocForm& asked)
{
    if (submitted.type != "submit")
        return fail(Errc::malformed, "type of the form");
    FormValues all;
    for (const auto& field : asked.fields) {
        const auto* given = submitted.field(field.var);
        std::vector<std::string> values;
        if (given != nullptr) {
            TRY(values, read_field(*given, field));
        }
        if (values.empty() && field.required)
            return fail(Errc::missing, "Please fill in: " + field.label + ".");
        all.insert_or_assign(field.var, std::move(values));
    }
    return all;
}

std::string_view first_value(const FormValues& values, std::string_view var)
{
    const auto found = values.find(var);
    return found == values.end() || found->second.empty() ? std::string_view{} : found->second.front();
}

bool is_checked(const FormValues& values, std::string_view var)
{
    const auto value = first_value(values, var);
    return value == "1" || value == "true";
}

}  // namespace component
