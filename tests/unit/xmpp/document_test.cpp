#include <catch2/catch.hpp>

#include "parse.hpp"
#include "xmpp/writer.hpp"

using base::Errc;
using xmpp::Pretty;

TEST_CASE("document: layout, comments and the declaration are dropped when it is pretty", "[xmpp][document]")
{
    const std::string xml = "<?xml version=\"1.0\"?>\n<!-- a -->\n<a xmlns='urn:a'>\n <!-- b -->\n <b> </b>\n"
                            " <c>x <!-- y --> z</c> tail\n</a>\n<!-- c -->\n";
    base::Arena arena;
    CHECK(to_string(parse(xml, arena)) == "<a xmlns='urn:a'><b> </b><c>x  z</c> tail&#10;</a>");
}

TEST_CASE("document: everything is kept when it is not", "[xmpp][document]")
{
    base::Arena arena;
    CHECK(to_string(parse("<?xml version='1.0'?><a>\n<b/> </a>", arena, Pretty::no)) == "<a>&#10;<b/> </a>");
    CHECK(to_string(parse("<iq xmlns='jabber:client'><x/></iq>", arena, Pretty::no))
          == "<iq xmlns='jabber:client'><x/></iq>");
}

TEST_CASE("document: a mistake is named with its place", "[xmpp][document]")
{
    const auto [xml, pretty, code, line, column]
        = GENERATE(table<std::string, Pretty, Errc, std::uint32_t, std::uint32_t>({
            { "", Pretty::yes, Errc::malformed, 1, 1 },
            { "<a>\n <b></a>", Pretty::yes, Errc::malformed, 2, 7 },
            { "<a/><b/>", Pretty::yes, Errc::malformed, 1, 5 },
            { "<a>", Pretty::yes, Errc::malformed, 1, 4 },
            { "<a>\n<p:b/></a>", Pretty::yes, Errc::malformed, 2, 1 },
            { "<a>\n <!-- x --></a>", Pretty::no, Errc::forbidden, 2, 2 },
            { "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", Pretty::yes, Errc::forbidden, 1, 13 },
            { "<a>\n\n<?php x?></a>", Pretty::yes, Errc::forbidden, 3, 1 },
            { "<a>&b;</a>", Pretty::yes, Errc::malformed, 1, 4 },
            { "<a><b><c><d/></c></b></a>", Pretty::yes, Errc::too_long, 1, 10 },
            { "<a>" + std::string(400, 'x') + "</a>", Pretty::yes, Errc::too_long, 0, 0 },
        }));
    CAPTURE(xml);
    base::Arena arena;
    const auto read = xmpp::parse_document(
        xml, arena, pretty, { .max_stanza_bytes = 400, .max_kept_bytes = 400, .max_depth = 3 });
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == code);
    CHECK(read.error().line == line);
    CHECK(read.error().column == column);
}
