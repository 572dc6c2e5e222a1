#include "component/call_link.hpp"

#include <array>

#include "component/auth/link_secret.hpp"

namespace component {
namespace {

constexpr std::size_t max_slug = 20;
constexpr std::size_t name_end = 6;
// Nothing that is read as something else on the phone; 32 signs, so that no byte favours one.
constexpr std::string_view name_signs = "abcdefghijkmnpqrstuvwxyz23456789";
static_assert(name_signs.size() == 32);

std::string slug_of(std::string_view title)
{
    std::string slug;
    for (const char c : title) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool is_plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (slug.size() >= max_slug)
            break;
        if (is_plain)
            slug += lower;
        else if (!slug.empty() && slug.back() != '-')
            slug += '-';
    }
    while (slug.ends_with('-'))
        slug.pop_back();
    return slug.empty() ? "link" : slug;
}

}  // namespace

MadeLink make_link(const LinkWishes& wishes, roster::WallTime now,
                   const std::function<void(std::span<std::uint8_t>)>& random)
{
    auth::LinkSecret secret{};
    random(secret);
    std::array<std::uint8_t, name_end> end{};
    random(end);
    MadeLink made;
    made.token = auth::to_text(secret);
    auto& row = made.row;
    row.name = slug_of(wishes.title) + "-";
    for (const auto byte : end)
        row.name += name_signs[byte % name_signs.size()];
    row.owner = wishes.owner;
    row.secret_hash = auth::hash_of(secret);
    row.title = wishes.title;
    row.uses_left = wishes.uses;
    row.expires = wishes.expires;
    row.made = now;
    return made;
}

std::string link_url(std::string_view public_url, std::string_view token)
{
    if (public_url.empty())
        return {};
    while (public_url.ends_with('/'))
        public_url.remove_suffix(1);
    return std::string{ public_url } + "/c#" + std::string{ token };
}

}  // namespace component
