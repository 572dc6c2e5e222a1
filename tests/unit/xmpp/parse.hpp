#pragma once

#include <catch2/catch.hpp>

#include "xmpp/reader.hpp"

/// The element that `xml` is; the test ends when it is none.
inline xmpp::Element& parse(std::string_view xml, base::Arena& arena, xmpp::Pretty pretty = xmpp::Pretty::yes)
{
    const auto read = xmpp::parse_document(xml, arena, pretty);
    REQUIRE(read.has_value());
    return **read;
}
