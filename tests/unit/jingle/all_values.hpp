#pragma once

#include <tuple>
#include <type_traits>

#include "jingle/codec.hpp"
#include "jingle/message.hpp"
#include "jingle/session.hpp"

/// Every value that has a table, so that a test that runs over this tests a new row by its being there.
template <class... T>
struct TypeList {
    template <class Function>
    static void for_each(Function function)
    {
        (function.template operator()<T>(), ...);
    }
};

using AllValues
    = TypeList<jingle::SctpMap, jingle::DataChannel, jingle::Fingerprint, jingle::Group,
               jingle::ExtensionParameter, jingle::HeaderExtension, jingle::FeedbackParameter,
               jingle::Feedback, jingle::SourceParameter, jingle::Source, jingle::SourceGroup,
               jingle::Candidate, jingle::RemoteCandidate, jingle::Transport, jingle::Parameter,
               jingle::PayloadType, jingle::Bandwidth, jingle::Crypto, jingle::ZrtpHash, jingle::Encryption,
               jingle::MediaStream, jingle::RtpDescription, jingle::RtpInfo, jingle::Dtmf, jingle::Content,
               jingle::Jingle, jingle::ProposedDescription, jingle::Message>;

template <class Member>
struct Plain {
    using type = Member;
};
template <class Member>
struct Plain<std::optional<Member>> {
    using type = Member;
};
template <class Member>
using plain_t = typename Plain<Member>::type;

template <class Row>
inline constexpr bool is_body = false;
template <class T>
inline constexpr bool is_body<jingle::Body<T>> = true;

/// A text that the rule lets pass.
inline std::string sample_text(const jingle::Rule& rule)
{
    return std::string(std::max<std::size_t>(rule.shortest, 1), 'a');
}

/// A value that the row lets pass, as it is written.
template <class T, class Member>
std::string sample(const jingle::Field<T, Member>& row)
{
    using Value = plain_t<Member>;
    if constexpr (std::same_as<Value, std::string_view>)
        return sample_text(row.rule);
    else if constexpr (std::same_as<Value, bool>)
        return row.rule.as_digit ? "1" : "true";
    else if constexpr (std::is_enum_v<Value>)
        return std::string{ enum_rows(Value{}).front().token };
    else
        return std::to_string(std::max<std::uint64_t>(row.rule.least, 1));
}

template <class T, class Member>
constexpr bool is_required(const jingle::Field<T, Member>& row)
{
    return !jingle::is_optional<Member> && !std::same_as<Member, bool> && !row.rule.may_miss;
}

template <class Row>
inline constexpr bool is_always_written = false;
template <class T, class Member>
inline constexpr bool
    is_always_written<jingle::Field<T, Member>> = !jingle::is_optional<Member> && !std::same_as<Member, bool>;

/// An element with what T always writes and nothing else.
template <class T>
xmpp::Element* minimal(std::string_view name, std::string_view ns, base::Arena& arena)
{
    auto* element = xmpp::Element::create(arena, name, ns);
    const auto add = [&](const auto& row) {
        if constexpr (is_body<std::remove_cvref_t<decltype(row)>>)
            element->text = arena.copy(sample_text(row.rule));
        else if constexpr (is_always_written<std::remove_cvref_t<decltype(row)>>)
            element->set(arena, row.name, arena.copy(sample(row)));
    };
    std::apply([&](const auto&... row) { (add(row), ...); }, attribute_rows(static_cast<const T*>(nullptr)));
    if constexpr (std::same_as<T, jingle::Fingerprint>)
        element->text = "AB:CD:EF";
    return element;
}
