#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace component::web {

/// Appends `text` as a JSON string. What is no UTF-8 becomes U+FFFD, since a text frame must be UTF-8.
void append_json(std::string& out, std::string_view text);

/// Writes one JSON object to the end of a text; close() ends it.
class ObjectWriter {
public:
    explicit ObjectWriter(std::string& out)
        : out_{ out }
    {
        out_ += '{';
    }

    ObjectWriter& text(std::string_view key, std::string_view value);
    /// Left out when it is empty.
    ObjectWriter& text_if(std::string_view key, std::string_view value);
    ObjectWriter& number(std::string_view key, std::int64_t value);
    ObjectWriter& flag(std::string_view key, bool value);
    /// A value that is JSON already.
    ObjectWriter& raw(std::string_view key, std::string_view json);
    /// Starts a member; the value is the caller's to append.
    std::string& begin(std::string_view key);
    void close() { out_ += '}'; }

private:
    std::string& out_;
    bool first_ = true;
};

/// Appends "[a,b]", each item by `append(out, item)`.
template <class Items, class Append>
void append_list(std::string& out, const Items& items, Append append)
{
    out += '[';
    bool first = true;
    for (const auto& item : items) {
        if (!first)
            out += ',';
        first = false;
        append(out, item);
    }
    out += ']';
}

}  // namespace component::web
