#include "xmpp/form.hpp"

#include "xmpp/ns.hpp"

namespace xmpp {
namespace {

FormField read_field(const Element& element, base::Arena& arena)
{
    FormField field{ element.attribute_or_empty("var"), element.attribute_or_empty("type"), {} };
    for (const auto& child : element.children())
        if (child.is("value", ns::data_forms))
            field.values.push_back(arena, child.text);
    return field;
}

void append_field(const FormField& field, Element& x, base::Arena& arena)
{
    auto& element = x.add(arena, "field");
    if (!field.var.empty())
        element.set(arena, "var", field.var);
    if (!field.type.empty())
        element.set(arena, "type", field.type);
    if (!field.label.empty())
        element.set(arena, "label", field.label);
    if (field.required)
        element.add(arena, "required");
    for (const auto value : field.values)
        element.add(arena, "value").text = value;
    for (const auto& option : field.options) {
        auto& choice = element.add(arena, "option");
        choice.set(arena, "label", option.label);
        choice.add(arena, "value").text = option.value;
    }
}

}  // namespace

base::Result<Form> Form::from_element(const Element& x, base::Arena& arena)
{
    if (!x.is("x", ns::data_forms))
        return base::fail(base::Errc::malformed, "data form");
    Form form;
    form.type = x.attribute_or_empty("type");
    for (const auto& child : x.children())
        if (child.is("field", ns::data_forms))
            form.fields.push_back(arena, read_field(child, arena));
    return form;
}

Element& Form::append_to(Element& parent, base::Arena& arena) const
{
    auto& x = parent.add(arena, "x", ns::data_forms);
    if (!type.empty())
        x.set(arena, "type", type);
    if (!title.empty())
        x.add(arena, "title").text = title;
    if (!instructions.empty())
        x.add(arena, "instructions").text = instructions;
    for (const auto& field : fields)
        append_field(field, x, arena);
    return x;
}

const FormField* Form::field(std::string_view var) const noexcept
{
    for (const auto& f : fields)
        if (f.var == var)
            return &f;
    return nullptr;
}

std::optional<std::string_view> Form::form_type() const noexcept
{
    const auto* f = field("FORM_TYPE");
    if (f == nullptr || f->type != "hidden" || f->values.empty())
        return std::nullopt;
    return f->values.front();
}

}  // namespace xmpp
