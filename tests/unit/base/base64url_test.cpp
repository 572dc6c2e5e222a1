#include <catch2/catch.hpp>

#include "base/base64url.hpp"

using base::from_base64url;
using base::to_base64url;

TEST_CASE("base64url: there and back, for each number of bytes and each byte", "[base][base64url]")
{
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        CAPTURE(i);
        CHECK(from_base64url(to_base64url(bytes)) == bytes);
        bytes += static_cast<char>(i * 7);
    }
    CHECK(to_base64url("\xFB\xFF") == "-_8");
}

TEST_CASE("base64url: only the one text for some bytes is taken", "[base][base64url]")
{
    CHECK(from_base64url("") == "");
    CHECK(from_base64url("-_8") == "\xFB\xFF");
    CHECK_FALSE(from_base64url("-_8="));
    CHECK_FALSE(from_base64url("+/8"));
    CHECK_FALSE(from_base64url("-_9"));  // bits are left over
    CHECK_FALSE(from_base64url("A"));
    CHECK_FALSE(from_base64url("AAAAA"));
    CHECK_FALSE(from_base64url(" -_8"));
    CHECK_FALSE(from_base64url("-_8\n"));
    CHECK_FALSE(from_base64url(std::string_view{ "AA\0A", 4 }));
}
