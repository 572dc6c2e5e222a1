#pragma once

#include <optional>
#include <string_view>

#include "sdp/attribute_codecs.hpp"
#include "sdp/rules.hpp"

/// What most rows of the table of rules are made of: how a line of a usual form is read into a member and
/// written from it. Lines of a form of their own are read in rules.cpp.
namespace sdp {

using base::Errc;
using base::Result;

// The value that a member pointer means, in a Target or a Source.
template <class Place, class T>
auto& member(const Place& place, T Media::*pointer)
{
    return place.media->*pointer;
}
template <class Place, class T>
auto& member(const Place& place, T Description::*pointer)
{
    return place.description.*pointer;
}
template <class Place, class T>
auto& member(const Place& place, T TransportAttributes::*pointer)
{
    return place.transport.*pointer;
}

/// A line that may stand once may be repeated, but not with another value.
template <class T>
Result<void> set_once(std::optional<T>& slot, const T& value, const Fields& in)
{
    if (slot && !(*slot == value))
        return in.fail(Errc::duplicate, "stands twice with different values");
    slot = value;
    return {};
}

/// a=<name>
template <auto Member>
Result<void> read_flag(const Target& to, std::string_view, Fields& in)
{
    if (in.has_value())
        return in.fail(Errc::malformed, "takes no value");
    member(to, Member) = true;
    return {};
}

template <auto Member>
void write_flag(Writer& out, std::string_view name, const Source& from)
{
    if (member(from, Member))
        out.begin_attribute(name).end_line();
}

/// a=<name>:<one field that Check accepts>
template <auto Member, bool (*Check)(std::string_view)>
Result<void> read_text(const Target& to, std::string_view, Fields& in)
{
    TRY(const auto value, in.next(Check, "value"));
    TRY_VOID(set_once(member(to, Member), value, in));
    return in.end();
}

template <auto Member, bool (*Check)(std::string_view)>
void write_text(Writer& out, std::string_view name, const Source& from)
{
    if (const auto& value = member(from, Member))
        out.begin_attribute(name).text(":").checked(Check, *value).end_line();
}

/// a=<name>:<value with a codec>, once
template <auto Member, class T>
Result<void> read_one(const Target& to, std::string_view, Fields& in)
{
    TRY(const auto value, Codec<T>::read(in, to.arena));
    return set_once(member(to, Member), value, in);
}

template <auto Member, class T>
void write_one(Writer& out, std::string_view name, const Source& from)
{
    if (const auto& value = member(from, Member)) {
        Codec<T>::write(out.begin_attribute(name).text(":"), *value);
        out.end_line();
    }
}

/// a=<name>:<value with a codec>, up to Max times
template <auto Member, class T, std::size_t Max>
Result<void> read_each(const Target& to, std::string_view, Fields& in)
{
    auto& list = member(to, Member);
    if (list.size() == Max)
        return in.fail(Errc::too_long, "too many");
    TRY(const auto value, Codec<T>::read(in, to.arena));
    list.push_back(to.arena, value);
    return {};
}

template <auto Member, class T>
void write_each(Writer& out, std::string_view name, const Source& from)
{
    for (const auto& value : member(from, Member)) {
        Codec<T>::write(out.begin_attribute(name).text(":"), value);
        out.end_line();
    }
}

constexpr std::size_t max_words = 16;  // in one list of words

template <char Separator>
constexpr char separator_text = Separator;

/// a=<name>:<words with Separator between them>
template <auto Member, char Separator, bool (*Check)(std::string_view)>
Result<void> read_words(const Target& to, std::string_view, Fields& in)
{
    auto& list = member(to, Member);
    for (std::optional<std::string_view> rest = in.rest(); rest;) {
        const auto [word, after] = split(*rest, Separator);
        if (!Check(word))
            return in.fail_at(word, word.empty() ? Errc::missing : Errc::malformed, "word");
        if (list.size() == max_words)
            return in.fail_at(word, Errc::too_long, "too many words");
        list.push_back(to.arena, word);
        rest = after;
    }
    return {};
}

template <auto Member, char Separator, bool (*Check)(std::string_view)>
void write_words(Writer& out, std::string_view name, const Source& from)
{
    const auto& list = member(from, Member);
    if (list.empty())
        return;
    out.begin_attribute(name).text(":");
    for (const auto& word : list) {
        if (&word != list.begin())
            out.text({ &separator_text<Separator>, 1 });
        out.checked(Check, word);
    }
    out.end_line();
}

}  // namespace sdp
