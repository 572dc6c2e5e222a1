#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include "roster/rows.hpp"
#include "xmpp/jid.hpp"

/// How values stand in columns, each both ways.
namespace component::columns {

inline void bind(SQLite::Statement& statement, int place, std::int64_t value)
{
    statement.bind(place, value);
}
inline void bind(SQLite::Statement& statement, int place, std::string_view value)
{
    statement.bind(place, std::string{ value });
}
inline void bind(SQLite::Statement& statement, int place, const xmpp::Jid& value)
{
    statement.bind(place, value.full());
}
inline void bind(SQLite::Statement& statement, int place, roster::WallTime value)
{
    statement.bind(place, std::int64_t{ value.time_since_epoch().count() });
}
template <std::size_t N>
void bind(SQLite::Statement& statement, int place, const std::array<std::uint8_t, N>& value)
{
    statement.bind(place, value.data(), static_cast<int>(value.size()));
}
/// Bytes of any kind, told from text by this wrapper.
struct Blob {
    std::string_view bytes;
};
inline void bind(SQLite::Statement& statement, int place, Blob value)
{
    statement.bind(place, value.bytes.data(), static_cast<int>(value.bytes.size()));
}
template <class T>
void bind(SQLite::Statement& statement, int place, const std::optional<T>& value)
{
    if (value)
        bind(statement, place, *value);
    else
        statement.bind(place);
}
/// Texts without line feeds: origins, resources (resourceprep forbids them).
inline void bind(SQLite::Statement& statement, int place, const std::vector<std::string>& lines)
{
    std::string all;
    for (const auto& line : lines)
        all.append(line).append("\n");
    statement.bind(place, all);
}

template <class... Values>
void bind_all(SQLite::Statement& statement, const Values&... values)
{
    int place = 0;
    (bind(statement, ++place, values), ...);
}

/// Readies a statement, and gives its locks back even when it fails.
class Use {
public:
    explicit Use(SQLite::Statement& statement)
        : statement_{ statement }
    {
        statement_.tryReset();
        statement_.clearBindings();
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() { statement_.tryReset(); }

private:
    SQLite::Statement& statement_;
};

/// `read` of each row.
template <class Read>
auto read_all(SQLite::Statement& statement, Read read)
{
    std::vector<decltype(read(statement))> all;
    while (statement.executeStep())
        all.push_back(read(statement));
    return all;
}

inline std::string text(const SQLite::Column& column)
{
    return column.getString();
}
inline xmpp::Jid jid(const SQLite::Column& column)
{
    return xmpp::Jid::parse(column.getString()).value_or(xmpp::Jid{});
}
inline bool flag(const SQLite::Column& column)
{
    return column.getInt() != 0;
}
inline roster::WallTime time(const SQLite::Column& column)
{
    return roster::WallTime{ std::chrono::milliseconds{ column.getInt64() } };
}
inline std::optional<roster::WallTime> optional_time(const SQLite::Column& column)
{
    if (column.isNull())
        return std::nullopt;
    return time(column);
}
template <std::size_t N>
std::array<std::uint8_t, N> bytes(const SQLite::Column& column)
{
    std::array<std::uint8_t, N> value{};
    if (static_cast<std::size_t>(column.getBytes()) == N)
        std::memcpy(value.data(), column.getBlob(), N);
    return value;
}
inline std::vector<std::string> lines(const SQLite::Column& column)
{
    std::vector<std::string> all;
    const auto joined = column.getString();
    for (std::size_t start = 0; start < joined.size();) {
        const auto end = joined.find('\n', start);
        all.push_back(joined.substr(start, end - start));
        start = end == std::string::npos ? joined.size() : end + 1;
    }
    return all;
}

/// What LIKE must not take for a wildcard.
inline std::string like_literal(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '!')
            out += '!';
        out += c;
    }
    return out;
}

}  // namespace component::columns
