#pragma once

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>

#include <boost/json.hpp>

namespace support {

namespace json = boost::json;

/// Validates against a JSON Schema (draft 2020-12), the keywords that ours uses; any other one throws. An
/// object whose type and properties are given may have no others: the schema says what we send, all of it.
class JsonSchema {
public:
    explicit JsonSchema(const std::string& file)
    {
        std::ostringstream text;
        text << std::ifstream{ file }.rdbuf();
        root_ = json::parse(text.str());
    }

    [[nodiscard]] const json::object& root() const { return root_.as_object(); }
    [[nodiscard]] const json::object& definition(std::string_view name) const
    {
        return root().at("$defs").at(json::string_view{ name.data(), name.size() }).as_object();
    }

    /// What is wrong with `value` as a `name` of $defs; empty when nothing is.
    [[nodiscard]] std::string problem(const json::value& value, std::string_view name) const
    {
        return check(definition(name), value, std::string{ name });
    }
    [[nodiscard]] std::string problem(std::string_view text, std::string_view name) const
    {
        return problem(json::parse(json::string_view{ text.data(), text.size() }), name);
    }

private:
    static std::size_t code_points(const json::string& text)
    {
        return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        }));
    }

    static bool has_type(const json::value& value, std::string_view type)
    {
        if (type == "object")
            return value.is_object();
        if (type == "array")
            return value.is_array();
        if (type == "string")
            return value.is_string();
        if (type == "boolean")
            return value.is_bool();
        if (type == "null")
            return value.is_null();
        if (type == "integer")
            return value.is_int64() || value.is_uint64();
        if (type == "number")
            return value.is_number();
        throw std::logic_error{ "type " + std::string{ type } };
    }

    [[nodiscard]] std::string check_object(const json::object& schema, const json::value& value,
                                           const std::string& path) const
    {
        if (!value.is_object())
            return {};
        const auto& object = value.get_object();
        if (const auto* required = schema.if_contains("required"))
            for (const auto& name : required->as_array())
                if (!object.contains(name.as_string()))
                    return path + ": lacks " + std::string{ name.as_string().c_str() };
        const auto* properties = schema.if_contains("properties");
        if (properties == nullptr)
            return {};
        for (const auto& [name, member] : object) {
            const auto* wanted = properties->as_object().if_contains(name);
            if (wanted == nullptr && schema.contains("type"))
                return path + ": has " + std::string{ name };
            if (wanted == nullptr)
                continue;
            if (auto found = check(wanted->as_object(), member, path + "." + std::string{ name });
                !found.empty())
                return found;
        }
        return {};
    }

    [[nodiscard]] std::string check_array(const json::object& schema, const json::value& value,
                                          const std::string& path) const
    {
        if (!value.is_array())
            return {};
        const auto& array = value.get_array();
        if (const auto* low = schema.if_contains("minItems");
            low && array.size() < low->to_number<std::size_t>())
            return path + ": too few";
        if (const auto* high = schema.if_contains("maxItems");
            high && array.size() > high->to_number<std::size_t>())
            return path + ": too many";
        if (schema.contains("uniqueItems"))
            for (auto item = array.begin(); item != array.end(); ++item)
                if (std::find(array.begin(), item, *item) != item)
                    return path + ": twice";
        const auto* items = schema.if_contains("items");
        for (std::size_t i = 0; items != nullptr && i < array.size(); ++i)
            if (auto found = check(items->as_object(), array[i], path + "[" + std::to_string(i) + "]");
                !found.empty())
                return found;
        return {};
    }

    [[nodiscard]] static std::string check_scalar(const json::object& schema, const json::value& value,
                                                  const std::string& path)
    {
        if (value.is_string()) {
            const auto length = code_points(value.get_string());
            if (const auto* low = schema.if_contains("minLength");
                low && length < low->to_number<std::size_t>())
                return path + ": too short";
            if (const auto* high = schema.if_contains("maxLength");
                high && length > high->to_number<std::size_t>())
                return path + ": too long";
            if (const auto* pattern = schema.if_contains("pattern"); pattern
                && !std::regex_search(value.get_string().c_str(), std::regex{ pattern->as_string().c_str() }))
                return path + ": pattern";
        }
        if (value.is_number()) {
            const auto number = value.to_number<double>();
            if (const auto* low = schema.if_contains("minimum"); low && number < low->to_number<double>())
                return path + ": too low";
            if (const auto* high = schema.if_contains("maximum"); high && number > high->to_number<double>())
                return path + ": too high";
        }
        return {};
    }

    [[nodiscard]] std::string check_choice(const json::object& schema, const json::value& value,
                                           const std::string& path) const
    {
        const auto* choices = schema.if_contains("oneOf");
        if (choices == nullptr)
            return {};
        std::size_t matches = 0;
        std::string problems;
        for (const auto& choice : choices->as_array()) {
            const auto found = check(choice.as_object(), value, path);
            matches += found.empty() ? 1 : 0;
            problems += "\n  " + found;
        }
        return matches == 1 ? "" : path + ": matches " + std::to_string(matches) + " of oneOf" + problems;
    }

    [[nodiscard]] std::string check(const json::object& schema, const json::value& value,
                                    const std::string& path) const
    {
        static const std::regex known{
            R"(\$ref|type|const|enum|properties|required|items|(min|max)(Length|Items|imum)|uniqueItems|pattern|oneOf|description)"
        };
        for (const auto& [keyword, content] : schema)
            if (!std::regex_match(std::string{ keyword }, known))
                throw std::logic_error{ "keyword " + std::string{ keyword } };
        if (const auto* ref = schema.if_contains("$ref")) {
            constexpr std::string_view prefix = "#/$defs/";
            return check(definition(std::string_view{ ref->as_string().c_str() }.substr(prefix.size())),
                         value, path);
        }
        if (const auto* type = schema.if_contains("type");
            type && !has_type(value, type->as_string().c_str()))
            return path + ": wants " + type->as_string().c_str();
        if (const auto* wanted = schema.if_contains("const"); wanted && *wanted != value)
            return path + ": wants " + json::serialize(*wanted);
        if (const auto* words = schema.if_contains("enum")) {
            const auto& list = words->as_array();
            if (std::find(list.begin(), list.end(), value) == list.end())
                return path + ": no such word";
        }
        for (auto found : { check_object(schema, value, path), check_array(schema, value, path),
                            check_scalar(schema, value, path), check_choice(schema, value, path) })
            if (!found.empty())
                return found;
        return {};
    }

    json::value root_;
};

/// The published schema of carillon.v1.
inline const JsonSchema& protocol()
{
    static const JsonSchema schema{ PROTOCOL_SCHEMA };
    return schema;
}

}  // namespace support
