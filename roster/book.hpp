#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "roster/blocks.hpp"
#include "roster/lines.hpp"
#include "roster/links.hpp"
#include "roster/rows.hpp"
#include "roster/user_settings.hpp"
#include "xmpp/jid.hpp"

namespace roster {

/// What users and the operator have said: settings, blocks, call links, and the configured lines, which no
/// link may be called like. Each change is stored. Pure but for that.
class Book {
public:
    /// `storage` may be null: then nothing outlasts the process.
    Book(std::string domain, Lines lines, Storage* storage);

    /// Takes in what was stored; rows that pass a limit are left out.
    void load(const std::vector<UserSettings>& settings, const std::vector<Block>& blocks,
              const std::vector<CallLink>& links);

    [[nodiscard]] UserSettings settings_of(const xmpp::Jid& user) const;
    /// The same; null: the defaults.
    [[nodiscard]] const UserSettings* find_settings(const xmpp::Jid& user) const
    {
        return settings_.find(user.bare());
    }
    /// Each change is stored; false when it passes a limit, and then nothing has changed.
    bool change(const UserSettings& settings);
    /// The pattern may be a contact address of ours, which stands for its user.
    bool block(Block block);
    bool unblock(Block block);
    /// Of a user (bare), or of the operator when it is empty.
    [[nodiscard]] std::vector<std::string> blocked_by(std::string_view owner) const
    {
        return blocks_.of(owner);
    }
    bool add_link(const CallLink& link);
    /// False when it is no link of `owner`'s that still works.
    bool revoke_link(std::string_view name, const xmpp::Jid& owner);

    [[nodiscard]] bool blocks(std::string_view owner, const xmpp::Jid& caller) const
    {
        return blocks_.blocks(owner, caller);
    }
    [[nodiscard]] const Links& links() const noexcept { return links_; }
    [[nodiscard]] const Lines& lines() const noexcept { return lines_; }
    [[nodiscard]] const std::string& domain() const noexcept { return domain_; }
    /// The bare address of a link or a line.
    [[nodiscard]] xmpp::Jid address_of(std::string_view name) const;

protected:
    void set_lines(Lines lines) { lines_ = std::move(lines); }

private:
    [[nodiscard]] Block resolved(Block block) const;
    void forget_surplus(const xmpp::Jid& owner);

    std::string domain_;
    Lines lines_;
    Storage* storage_;
    Blocks blocks_;
    Links links_;
    SettingsBook settings_;
};

}  // namespace roster
