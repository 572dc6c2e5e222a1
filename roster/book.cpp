#include "roster/book.hpp"

#include "roster/contact.hpp"
#include "roster/pattern.hpp"

namespace roster {

Book::Book(std::string domain, Lines lines, Storage* storage)
    : domain_{ std::move(domain) }
    , lines_{ std::move(lines) }
    , storage_{ storage }
{
}

xmpp::Jid Book::address_of(std::string_view name) const
{
    return xmpp::Jid::parse(std::string{ name } + "@" + domain_).value_or(xmpp::Jid{});
}

void Book::load(const std::vector<UserSettings>& settings, const std::vector<Block>& blocks,
                const std::vector<CallLink>& links)
{
    for (const auto& row : settings)
        settings_.put(row);
    for (const auto& row : blocks)
        blocks_.add(row);
    for (const auto& row : links)
        links_.put(row);
}

UserSettings Book::settings_of(const xmpp::Jid& user) const
{
    if (const auto* known = settings_.find(user.bare()))
        return *known;
    UserSettings defaults;
    defaults.user = user.to_bare();
    return defaults;
}

bool Book::change(const UserSettings& settings)
{
    if (!settings_.put(settings))
        return false;
    if (storage_ == nullptr)
        return true;
    if (is_default(settings))
        storage_->erase(settings);
    else
        storage_->put(settings);
    return true;
}

/// With the pattern as it is kept.
Block Book::resolved(Block block) const
{
    const auto pattern = Pattern::parse(block.pattern);
    if (!pattern)
        return block;
    block.pattern = pattern->to_string();
    if (pattern->kind == Pattern::Kind::address)
        if (const auto jid = xmpp::Jid::parse(pattern->name))
            block.pattern = user_behind(*jid, domain_).full();
    return block;
}

bool Book::block(Block block)
{
    block = resolved(std::move(block));
    if (!blocks_.add(block))
        return false;
    if (storage_ != nullptr)
        storage_->put(block);
    return true;
}

bool Book::unblock(Block block)
{
    block = resolved(std::move(block));
    if (!blocks_.remove(block))
        return false;
    if (storage_ != nullptr)
        storage_->erase(block);
    return true;
}

bool Book::add_link(const CallLink& link)
{
    // An address means one thing: a link that is called like a line would take its calls.
    if (lines_.find(link.name) != nullptr || !links_.put(link))
        return false;
    forget_surplus(link.owner);
    if (storage_ != nullptr)
        storage_->put(link);
    return true;
}

void Book::forget_surplus(const xmpp::Jid& owner)
{
    const auto* surplus = links_.surplus_of(owner.bare());
    if (surplus == nullptr)
        return;
    const auto row = *surplus;
    links_.erase(row.name);
    if (storage_ != nullptr)
        storage_->erase(row);
}

bool Book::revoke_link(std::string_view name, const xmpp::Jid& owner)
{
    const auto* link = links_.find(name);
    if (link == nullptr || link->revoked || link->owner != owner.to_bare())
        return false;
    auto revoked = *link;
    revoked.revoked = true;
    return add_link(revoked);
}

}  // namespace roster
