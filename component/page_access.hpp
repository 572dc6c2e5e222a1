#pragma once

#include <functional>
#include <string>
#include <vector>

#include "component/auth/jwt_key.hpp"
#include "component/confirmations.hpp"
#include "component/relaying.hpp"
#include "component/store.hpp"
#include "component/web/ports.hpp"
#include "component/web/text_seal.hpp"
#include "roster/roster.hpp"

namespace component {

struct PageAccessSettings {
    std::string instance_key;
    std::string audience;  ///< of tokens
    std::vector<auth::JwtKey> keys;
    std::vector<std::string> served_domains;
    std::vector<std::string> origins;  ///< for links without any of their own
    bool lets_guests_in = true;
    bool asks_accounts = true;  ///< whether owners of accounts may sign in
};

/// Who may come in by which token or link, and with which relays.
class PageAccess final : public web::Authenticator, public web::IceServers {
public:
    /// Brings relays that had to be asked for.
    using IceReady = std::function<void(const xmpp::Jid& page, const web::IceConfig& ice)>;

    PageAccess(PageAccessSettings settings, Store& store, roster::Roster& roster, Relaying& relaying);

    /// Until a page that an account's owner let in has to ask him again.
    static constexpr std::chrono::hours confirmed_for{ 24 };

    /// For pages that come from now on; the instance's key stays.
    void configure(PageAccessSettings settings);
    void connect(IceReady ice_ready) { ice_ready_ = std::move(ice_ready); }
    /// Lets the owners of XMPP accounts in; may be left out.
    void connect(Confirmations& confirmations) { confirmations_ = &confirmations; }

    void check(const web::Credentials& credentials, web::WallTime now, Done done) override;
    [[nodiscard]] bool still_good(const web::Identity& identity, web::WallTime now) const override;
    [[nodiscard]] std::string seal(std::string_view text) const override { return seal_.seal(text); }
    [[nodiscard]] std::optional<std::string> unseal(std::string_view sealed) const override
    {
        return seal_.unseal(sealed);
    }
    [[nodiscard]] std::optional<web::IceConfig> servers_for(const xmpp::Jid& page,
                                                            web::WallTime now) override;

private:
    [[nodiscard]] Checked check_token(const web::Credentials& credentials, web::WallTime now) const;
    void check_guest(const web::Credentials& credentials, web::WallTime now, Done done);
    void check_account(const web::Credentials& credentials, web::WallTime now, Done done);
    [[nodiscard]] Checked let_in(const roster::CallLink& link, const web::Credentials& credentials,
                                 web::WallTime now);

    PageAccessSettings settings_;
    Store& store_;
    roster::Roster& roster_;
    Relaying& relaying_;
    web::TextSeal seal_;
    IceReady ice_ready_;
    Confirmations* confirmations_ = nullptr;
};

}  // namespace component
