#include "jingle/leg_contents.hpp"

#include <algorithm>

#include "jingle/limits.hpp"

namespace jingle {
namespace {

std::string_view client_name(const LegContent& content)
{
    return content.alias.empty() ? std::string_view{ content.name } : std::string_view{ content.alias };
}

/// The content of that creator, else the first of that name.
template <class NameOf>
LegContent* find_in(std::vector<LegContent>& contents, Role creator, std::string_view name, NameOf name_of)
{
    LegContent* any = nullptr;
    for (auto& content : contents) {
        if (name_of(content) != name)
            continue;
        if (content.creator == creator)
            return &content;
        if (any == nullptr)
            any = &content;
    }
    return any;
}

}  // namespace

LegContent* LegContents::find(Role creator, std::string_view name) noexcept
{
    return find_in(contents_, creator, name, [](const LegContent& c) { return std::string_view{ c.name }; });
}

LegContent* LegContents::find_alias(Role creator, std::string_view alias) noexcept
{
    return find_in(contents_, creator, alias, client_name);
}

LegContent* LegContents::note(Role creator, std::string_view name)
{
    if (auto* known = find(creator, name); known != nullptr && known->creator == creator)
        return known;
    if (contents_.size() >= limits::contents)
        return nullptr;
    auto& made = contents_.emplace_back();
    made.creator = creator;
    made.name = name;
    return &made;
}

std::string LegContents::free_alias() const
{
    for (std::size_t number = 0;; ++number) {
        auto alias = "c~" + std::to_string(number);
        const auto taken = std::any_of(contents_.begin(), contents_.end(), [&](const LegContent& content) {
            return content.name == alias || content.alias == alias;
        });
        if (!taken)
            return alias;
    }
}

void LegContents::forget(Role creator, std::string_view name)
{
    std::erase_if(contents_, [&](const LegContent& c) { return c.creator == creator && c.name == name; });
}

}  // namespace jingle
