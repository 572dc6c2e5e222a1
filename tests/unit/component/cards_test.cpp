#include <catch2/catch.hpp>

#include "component/cards.hpp"
#include "jingle/call/nick.hpp"
#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

using namespace std::chrono_literals;
using component::Card;
using component::Cards;

namespace {

const Cards::Clock::time_point start{ 24h };
const auto bob = *xmpp::Jid::parse("bob@b.test");

Card read(const std::string& children)
{
    base::Arena arena;
    const auto xml = "<vCard xmlns='vcard-temp'>" + children + "</vCard>";
    return Card::from_element(**xmpp::parse_document(arena.copy(xml), arena));
}

std::string photo(std::string_view type, const std::string& base64)
{
    return "<PHOTO><TYPE>" + std::string{ type } + "</TYPE><BINVAL>" + base64 + "</BINVAL></PHOTO>";
}

}  // namespace

TEST_CASE("cards: names and the picture are passed on, nothing else", "[component][cards]")
{
    const auto card = read("<FN> Bob\nBuilder </FN><NICKNAME>bobby</NICKNAME><TEL>secret</TEL>"
                           + photo("image/png", "aGVs\n bG8=\n"));
    CHECK(card.name == "Bob Builder");
    CHECK(card.nickname == "bobby");
    CHECK(card.shown_name() == "bobby");
    CHECK(card.photo == "aGVsbG8=");
    CHECK(card.photo_hash == "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");  // sha1("hello")

    base::Arena arena;
    auto* result = xmpp::Element::create(arena, "iq", "jabber:component:accept");
    card.append_to(*result, bob, arena);
    CHECK(xmpp::to_string(*result->first_child())
          == "<vCard xmlns='vcard-temp'><FN>Bob Builder</FN><NICKNAME>bobby</NICKNAME>"
             "<JABBERID>bob@b.test</JABBERID><PHOTO><TYPE>image/png</TYPE><BINVAL>aGVsbG8=</BINVAL></PHOTO>"
             "</vCard>");
}

TEST_CASE("cards: without a card the name is the address", "[component][cards]")
{
    base::Arena arena;
    auto* result = xmpp::Element::create(arena, "iq", "jabber:component:accept");
    Card{}.append_to(*result, bob, arena);
    CHECK(xmpp::to_string(*result->first_child())
          == "<vCard xmlns='vcard-temp'><FN>bob@b.test</FN><JABBERID>bob@b.test</JABBERID></vCard>");
}

TEST_CASE("cards: a picture that is none, or too large, stays away", "[component][cards][hostile]")
{
    const auto children
        = GENERATE(photo("image/svg+xml", "aGVsbG8="), photo("text/html", "aGVsbG8="),
                   photo("image/png", "not base64!"), photo("image/png", "aGVsbG8"), photo("image/png", ""),
                   std::string{ "<PHOTO/>" }, photo("image/png", std::string(Card::max_photo + 4, 'A')),
                   photo("image/png", std::string(3 * Card::max_photo, ' ')),
                   std::string{ "<PHOTO><EXTVAL>http://x.test/</EXTVAL></PHOTO>" });
    CHECK(read(children) == Card{});
}

TEST_CASE("cards: a long name is cut between characters", "[component][cards][hostile]")
{
    constexpr auto longest = jingle::call::max_nick;
    std::string name;
    for (std::size_t i = 0; i < longest; ++i)
        name += "ß";
    const auto card = read("<FN>x" + name + "</FN>");
    CHECK(card.name.size() == longest - 1);
    CHECK(xmpp::is_xml_text(card.name));
    CHECK(read("<FN>  \n </FN>").name.empty());
}

TEST_CASE("cards: a name that could be taken for an address, or turns text around, is none of that",
          "[component][cards][hostile]")
{
    const auto card = read("<FN>boss@bank.example</FN><NICKNAME>bob\u202Egro.live\u2066</NICKNAME>");
    CHECK(card.name.empty());
    CHECK(card.shown_name() == "bobgro.live");
    base::Arena arena;
    auto* result = xmpp::Element::create(arena, "iq", "jabber:component:accept");
    read("<FN>boss@bank.example</FN>").append_to(*result, bob, arena);
    CHECK(xmpp::to_string(*result->first_child()).find("<FN>bob@b.test</FN>") != std::string::npos);
}

TEST_CASE("cards: kept for a time, bounded by number and bytes", "[component][cards][hostile]")
{
    Cards cards;
    CHECK(cards.find(bob, start).card == nullptr);
    Card named;
    named.name = "Bob";
    cards.put(bob, named, start + 1h);
    CHECK(cards.find(bob, start).fresh);
    CHECK(cards.find(bob, start + 1h).card->name == "Bob");
    CHECK_FALSE(cards.find(bob, start + 1h).fresh);

    for (std::size_t i = 0; i < Cards::max_cards + 10; ++i)
        cards.put(*xmpp::Jid::parse("u" + std::to_string(i) + "@b.test"), {}, start);
    CHECK(cards.size() == Cards::max_cards);
    CHECK(cards.find(bob, start).card == nullptr);
    Card large;
    large.photo = std::string(Card::max_photo, 'A');
    for (std::size_t i = 0; i < 300; ++i)
        cards.put(*xmpp::Jid::parse("u" + std::to_string(i) + "@b.test"), large, start);
    CHECK(cards.bytes() <= Cards::max_bytes);
    CHECK(cards.size() < 300);
}
