#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "xmpp/form.hpp"

namespace component {

/// What the user has filled in, of all steps.
using FormValues = std::map<std::string, std::vector<std::string>, std::less<>>;

/// A field of a form to fill in or to read, with its own text.
struct AdHocField {
    std::string var;
    std::string type;  ///< of XEP-0004
    std::string label;
    std::vector<std::string> values{};
    std::vector<std::pair<std::string, std::string>> options{};  ///< label, value
    bool required = false;
};

struct AdHocForm {
    std::string title;
    std::string instructions;
    std::vector<AdHocField> fields;
};

inline constexpr std::size_t max_form_values = 600;  ///< of one field
inline constexpr std::size_t max_form_value_bytes = 1100;  ///< a JID has 1023 a part

/// For the wire; `type` is form or result. What was filled in before stands in place of the defaults.
[[nodiscard]] xmpp::Form to_form(const AdHocForm& form, std::string_view type, const FormValues& filled,
                                 base::Arena& arena);

/// The values that `submitted` has for the fields of `asked`. An error `missing` is for the user to mend;
/// anything else no client that shows the form would have sent. Fields that were not asked for are passed
/// over.
[[nodiscard]] base::Result<FormValues> read_values(const xmpp::Form& submitted, const AdHocForm& asked);

/// The first value; empty when there is none.
[[nodiscard]] std::string_view first_value(const FormValues& values, std::string_view var);
[[nodiscard]] bool is_checked(const FormValues& values, std::string_view var);

}  // namespace component
