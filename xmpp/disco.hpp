#pragma once

#include <string_view>

#include "base/list.hpp"
#include "base/result.hpp"
#include "xmpp/element.hpp"
#include "xmpp/form.hpp"

namespace xmpp {

/// What an entity is (XEP-0030, 3.1).
struct Identity {
    std::string_view category;
    std::string_view type;
    std::string_view name;
    std::string_view lang;  ///< xml:lang

    friend bool operator==(const Identity&, const Identity&) = default;
};

/// The query of http://jabber.org/protocol/disco#info. As it is read, repeated entries included: see Caps.
struct DiscoInfo {
    std::string_view node;
    base::List<Identity> identities;
    base::List<std::string_view> features;
    base::List<Form> forms;  ///< XEP-0128

    /// Category and type of an identity and the var of a feature are required; unknown children are passed
    /// over.
    [[nodiscard]] static base::Result<DiscoInfo> from_element(const Element& query, base::Arena& arena);
    Element& append_to(Element& iq, base::Arena& arena) const;

    [[nodiscard]] bool has_feature(std::string_view feature) const noexcept;

    friend bool operator==(const DiscoInfo&, const DiscoInfo&) = default;
};

struct DiscoItem {
    std::string_view jid;
    std::string_view node;
    std::string_view name;

    friend bool operator==(const DiscoItem&, const DiscoItem&) = default;
};

/// The query of http://jabber.org/protocol/disco#items.
struct DiscoItems {
    std::string_view node;
    base::List<DiscoItem> items;

    [[nodiscard]] static base::Result<DiscoItems> from_element(const Element& query, base::Arena& arena);
    Element& append_to(Element& iq, base::Arena& arena) const;

    friend bool operator==(const DiscoItems&, const DiscoItems&) = default;
};

}  // namespace xmpp
