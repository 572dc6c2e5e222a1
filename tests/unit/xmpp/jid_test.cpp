#include <algorithm>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "xmpp/jid.hpp"

using xmpp::Jid;

TEST_CASE("jid: an address is prepared part by part", "[xmpp][jid]")
{
    const auto [text, full, local, domain, resource]
        = GENERATE(table<std::string, std::string, std::string, std::string, std::string>({
            { "example.org", "example.org", "", "example.org", "" },
            { "EXAMPLE.org.", "example.org", "", "example.org", "" },
            { "Bob@Example.ORG/Phone", "bob@example.org/Phone", "bob", "example.org", "Phone" },
            { "example.org/foo@bar", "example.org/foo@bar", "", "example.org", "foo@bar" },
            { "a@b/c/d@e", "a@b/c/d@e", "a", "b", "c/d@e" },
            { "bob\\40b.example@call.example.org", "bob\\40b.example@call.example.org", "bob\\40b.example",
              "call.example.org", "" },
            { "a!#$%()*+,-.;=?[\\]^_`{|}~@b", "a!#$%()*+,-.;=?[\\]^_`{|}~@b", "a!#$%()*+,-.;=?[\\]^_`{|}~",
              "b", "" },
            { "a@b/ \"&'/:<>@ ", "a@b/ \"&'/:<>@ ", "a", "b", " \"&'/:<>@ " },
            { "a@[2001:DB8::1]", "a@[2001:db8::1]", "a", "[2001:db8::1]", "" },
            { "a@127.0.0.1", "a@127.0.0.1", "a", "127.0.0.1", "" },
            { "a@x_y.local", "a@x_y.local", "a", "x_y.local", "" },
            { "\u00c9t\u00e9@example.org", "\u00e9t\u00e9@example.org", "\u00e9t\u00e9", "example.org", "" },
            { "stra\u00dfe@example.org", "strasse@example.org", "strasse", "example.org", "" },
            { "a@M\u00dcNCHEN.example", "a@m\u00fcnchen.example", "a", "m\u00fcnchen.example", "" },
            { "a@b/\u00c9\ufb00", "a@b/\u00c9ff", "a", "b", "\u00c9ff" },
            { "a@b/\U0001F600", "a@b/\U0001F600", "a", "b", "\U0001F600" },
            { "a@x\uff0ey", "a@x.y", "a", "x.y", "" },
            { "a@x\uff0e", "a@x", "a", "x", "" },
            { "\u00adA@b", "a@b", "a", "b", "" },
        }));
    CAPTURE(text);

    const auto jid = Jid::parse(text);

    REQUIRE(jid);
    CHECK(jid->full() == full);
    CHECK(jid->local() == local);
    CHECK(jid->domain() == domain);
    CHECK(jid->resource() == resource);
    CHECK(jid->is_full() == !resource.empty());
    CHECK(jid->to_bare().full() == jid->bare());
    CHECK(Jid::parse(jid->full()) == jid);
    CHECK(Jid::parse(text) == jid);  // From the cache this time, where it is not ASCII.
}

TEST_CASE("jid: what is no address is refused", "[xmpp][jid]")
{
    const auto text = GENERATE(
        as<std::string>{}, "", "@", "/", "@example.org", "a@", "a@/b", "example.org/", "a@b/", "a b@c",
        "a\"b@c", "a&b@c", "a'b@c", "a:b@c", "a<b@c", "a>b@c", "a@b@c", "a\tb@c", "a\x7f@c", "a@b c",
        "a@b:5222", "a@b\\c", "a@..", "a@.", "a@.b", "a@b..c", "a@b..", "a@-b", "a@b-.c", "a@[::1", "a@::1",
        "a@[]", "a@[:g]", "a@b/\x01", "a@b/\n", "a@b/\x7f", "a\xff@b", "a@b/\xed\xa0\x80", "a@b/\xc0\xaf",
        "a\uff20b@c", "a@b\uff20c", "a@b\uff0fc", "\u00ad@b", "a@\u00ad", "a@b/\u00ad", "\u00a0@b",
        "\u05d01@b", "a@b/\u2028", "a@b\ufffe", "a@b\uff1a1");
    CAPTURE(text);
    CHECK_FALSE(Jid::parse(text));
    CHECK_FALSE(Jid::parse(text));
}

TEST_CASE("jid: what is prepared already is told apart as what is not", "[xmpp][jid]")
{
    const auto local = GENERATE("", "alice@", "bob\\40b.example@");
    const auto domain = GENERATE("a.example", "x", "xn--bcher-kva.example", "10.0.0.1", "a_b.example");
    const auto resource = GENERATE("", "/Phone 1", "/a/b@c");
    const auto text = std::string{ local } + domain + resource;
    const auto jid = xmpp::Jid::parse(text);
    // The same with a letter to lower takes the long way.
    std::string shouted = text;
    const auto domain_at = std::string_view{ local }.size();
    std::transform(
        shouted.begin(),
        shouted.begin() + static_cast<std::ptrdiff_t>(domain_at + std::string_view{ domain }.size()),
        shouted.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    const auto prepared = xmpp::Jid::parse(shouted);

    REQUIRE(jid);
    REQUIRE(prepared);
    CHECK(jid->full() == text);
    CHECK(*jid == *prepared);
    CHECK(jid->local() == prepared->local());
    CHECK(jid->domain() == prepared->domain());
    CHECK(jid->resource() == prepared->resource());
}

TEST_CASE("jid: each part may have 1023 bytes and each label 63", "[xmpp][jid]")
{
    const std::string longest(Jid::max_part, 'a');
    const std::string label(63, 'b');
    std::string wide;
    while (wide.size() < Jid::max_part - 1)
        wide += "\u00e9";

    CHECK(Jid::parse(longest + "@b/" + longest));
    CHECK_FALSE(Jid::parse(longest + "a@b"));
    CHECK_FALSE(Jid::parse("a@b/" + longest + "a"));
    CHECK(Jid::parse(wide + "@b/" + wide));
    CHECK_FALSE(Jid::parse(wide + "\u00e9@b"));
    CHECK(Jid::parse("a@" + label + ".c"));
    CHECK_FALSE(Jid::parse("a@" + label + "b.c"));
    std::string domain;
    for (int i = 0; i < 16; ++i)
        domain += label.substr(1) + ".";
    CHECK(Jid::parse("a@" + domain + std::string(15, 'c')));
    CHECK_FALSE(Jid::parse("a@" + domain + std::string(16, 'c')));
}

TEST_CASE("jid: preparation may not grow a part beyond its limit", "[xmpp][jid]")
{
    std::string ligatures;
    for (int i = 0; i < 300; ++i)
        ligatures += "\ufdfa";  // Eighteen letters each under NFKC.
    CHECK_FALSE(Jid::parse("a@b/" + ligatures));
}

TEST_CASE("jid: more addresses than the cache holds are prepared all the same", "[xmpp][jid]")
{
    for (std::size_t round = 0; round < 2; ++round)
        for (std::size_t i = 0; i < xmpp::prepared_cache_limit + 10; ++i) {
            const auto jid = Jid::parse("\u00c9" + std::to_string(i) + "@b");
            REQUIRE(jid);
            REQUIRE(jid->local() == "\u00e9" + std::to_string(i));
        }
}

TEST_CASE("jid: a resource can be put on a bare address", "[xmpp][jid]")
{
    const auto jid = *Jid::parse("a@b/old");

    CHECK(jid.with_resource("new")->full() == "a@b/new");
    CHECK(jid.to_bare().with_resource("new") == Jid::parse("a@b/new"));
    CHECK_FALSE(jid.with_resource(""));
    CHECK_FALSE(jid.with_resource("\x01"));
    CHECK_FALSE(Jid{}.with_resource("x"));
    CHECK(Jid{}.empty());
    CHECK(*Jid::parse("a@b") < *Jid::parse("b@b"));
}

TEST_CASE("jid: escaping follows XEP-0106", "[xmpp][jid]")
{
    // The examples of XEP-0106, sections 5 and 6, and the corners of section 4.
    const auto [text, escaped] = GENERATE(table<std::string, std::string>({
        { "space cadet", "space\\20cadet" },
        { "call me \"ishmael\"", "call\\20me\\20\\22ishmael\\22" },
        { "at&t guy", "at\\26t\\20guy" },
        { "d'artagnan", "d\\27artagnan" },
        { "/.fanboy", "\\2f.fanboy" },
        { "::foo::", "\\3a\\3afoo\\3a\\3a" },
        { "<foo>", "\\3cfoo\\3e" },
        { "user@host", "user\\40host" },
        { "c:\\net", "c\\3a\\net" },
        { "c:\\\\net", "c\\3a\\\\net" },
        { "c:\\cool stuff", "c\\3a\\cool\\20stuff" },
        { "c:\\5commas", "c\\3a\\5c5commas" },
        { "treasure\\2island", "treasure\\2island" },
        { "\\40", "\\5c40" },
        { "\\5c", "\\5c5c" },
        { "\\\\40", "\\\\5c40" },
        { "a\\", "a\\" },
        { "a\\2", "a\\2" },
        { "a\\00", "a\\00" },
        { "bob@b.example", "bob\\40b.example" },
        { "\u00e9@b", "\u00e9\\40b" },
    }));
    CAPTURE(text);
    CHECK(xmpp::escape_local(text) == escaped);
    CHECK(xmpp::unescape_local(escaped) == text);
}

TEST_CASE("jid: what cannot be escaped gives nothing", "[xmpp][jid]")
{
    CHECK(xmpp::escape_local("").empty());
    CHECK(xmpp::escape_local(" a").empty());
    CHECK(xmpp::escape_local("a ").empty());
    CHECK(xmpp::unescape_local("\\20a\\20b\\20") == "\\20a b\\20");
    CHECK(xmpp::unescape_local("\\20") == "\\20");
    CHECK(xmpp::escape_local("a\\2Fb") == "a\\5c2Fb");
    CHECK(xmpp::unescape_local("") == "");
}

TEST_CASE("jid: escaped text is a local part and comes back", "[xmpp][jid]")
{
    const auto holds = rc::check([] {
        const auto nasty
            = rc::gen::element<std::string>(" ", "\"", "&", "'", "/", ":", "<", ">", "@", "\\", "2", "0", "5",
                                            "c", "3", "a", "e", "4", "\\40", "\\5c", "\u00e9", "b");
        auto pieces = *rc::gen::container<std::vector<std::string>>(nasty);
        std::string text;
        for (const auto& piece : pieces)
            text += piece;
        RC_PRE(!text.empty() && text.front() != ' ' && text.back() != ' ');

        const auto jid = Jid::parse(xmpp::escape_local(text) + "@call.example.org/x");

        RC_ASSERT(jid.has_value());
        RC_ASSERT(xmpp::unescape_local(jid->local()) == text);
    });
    CHECK(holds);
}
