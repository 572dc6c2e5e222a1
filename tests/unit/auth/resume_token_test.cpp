#include <catch2/catch.hpp>

#include "component/auth/resume_token.hpp"

using component::auth::is_current;
using component::auth::ResumeToken;
using component::auth::seal;
using component::auth::unseal;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds now{ 1'800'000'000s };
const std::string key(32, 'k');

ResumeToken token()
{
    ResumeToken value;
    value.session = { 1, 2, 3, 0xFF };
    value.generation = 0xFFFE'0001;
    value.expires = now + 60s;
    return value;
}

}  // namespace

TEST_CASE("resume token: what was sealed is read back, until it is over", "[auth][resume]")
{
    const auto text = seal(token(), key);

    CHECK(unseal(text, key, now) == token());
    CHECK(unseal(text, key, now + 59s) == token());
    CHECK_FALSE(unseal(text, key, now + 60s));
    CHECK(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
          == std::string::npos);
}

TEST_CASE("resume token: another key, a change anywhere, a cut: none", "[auth][resume]")
{
    const auto text = seal(token(), key);

    CHECK_FALSE(unseal(text, std::string(32, 'l'), now));
    CHECK_FALSE(unseal("", key, now));
    CHECK_FALSE(unseal(text + "A", key, now));
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto changed = text;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK_FALSE(unseal(changed, key, now));
        CHECK_FALSE(unseal(text.substr(0, i), key, now));
    }
}

TEST_CASE("resume token: the newest counts, and the one before until the newest was shown", "[auth][resume]")
{
    auto value = token();
    value.generation = 5;

    CHECK(is_current(value, 5, true));
    CHECK(is_current(value, 5, false));
    CHECK(is_current(value, 6, false));
    CHECK_FALSE(is_current(value, 6, true));
    CHECK_FALSE(is_current(value, 7, false));
    CHECK_FALSE(is_current(value, 4, false));
}
