#include <catch2/catch.hpp>

#include "component/web/text_seal.hpp"

using component::web::TextSeal;

TEST_CASE("text seal: what was sealed comes back, and nothing else does", "[web][text_seal][hostile]")
{
    const TextSeal seal{ "instance key" };
    for (const std::string text : { "", "a", "ab", "abc", R"({"session":"x","generation":1})" }) {
        const auto sealed = seal.seal(text);
        CHECK(sealed.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
              == std::string::npos);
        CHECK(seal.unseal(sealed) == text);
        CHECK(seal.seal(text) != sealed);
        CHECK_FALSE(TextSeal{ "other key" }.unseal(sealed));
        for (std::size_t i = 0; i + 1 < sealed.size(); ++i) {
            auto forged = sealed;
            forged[i] = forged[i] == 'A' ? 'B' : 'A';
            CHECK_FALSE(seal.unseal(forged));
        }
        CHECK_FALSE(seal.unseal(sealed.substr(0, sealed.size() - 2)));
        CHECK_FALSE(seal.unseal(sealed + "AA"));
    }
    for (const auto* bad : { "", "a", "no seal at all, really not one", "====" })
        CHECK_FALSE(seal.unseal(bad));
    CHECK_FALSE(seal.unseal(std::string(20'000, 'A')));
}
