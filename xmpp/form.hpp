#pragma once

#include <optional>
#include <string_view>

#include "base/list.hpp"
#include "base/result.hpp"
#include "xmpp/element.hpp"

namespace xmpp {

/// A choice of a list field.
struct FormOption {
    std::string_view label;
    std::string_view value;

    friend bool operator==(const FormOption&, const FormOption&) = default;
};

/// A field of a data form (XEP-0004). Only a fixed field has no `var`. What is for people to fill it in by
/// (label, options, required) is written and not read.
struct FormField {
    std::string_view var;
    std::string_view type;  ///< empty when not given, which means text-single
    base::List<std::string_view> values;
    std::string_view label{};
    base::List<FormOption> options{};
    bool required = false;

    friend bool operator==(const FormField&, const FormField&) = default;
};

/// A data form as a set of values, as XEP-0128 hangs it into disco#info, or to be filled in; of what is read,
/// labels, options and tables are not kept.
struct Form {
    std::string_view type;  ///< form, submit, cancel, result
    base::List<FormField> fields;
    std::string_view title{};
    std::string_view instructions{};

    [[nodiscard]] static base::Result<Form> from_element(const Element& x, base::Arena& arena);
    Element& append_to(Element& parent, base::Arena& arena) const;

    [[nodiscard]] const FormField* field(std::string_view var) const noexcept;
    /// XEP-0068: the first value of the hidden field FORM_TYPE.
    [[nodiscard]] std::optional<std::string_view> form_type() const noexcept;

    friend bool operator==(const Form&, const Form&) = default;
};

}  // namespace xmpp
