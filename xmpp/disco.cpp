#include "xmpp/disco.hpp"

#include <algorithm>

#include "xmpp/ns.hpp"

namespace xmpp {
namespace {

using base::Errc;

base::Result<std::string_view> required(const Element& element, std::string_view name)
{
    const auto value = element.attribute_or_empty(name);
    if (value.empty())
        return base::fail(Errc::missing, name);
    return value;
}

void set_if_any(Element& element, base::Arena& arena, std::string_view name, std::string_view value)
{
    if (!value.empty())
        element.set(arena, name, value);
}

std::string_view lang_of(const Element& element)
{
    for (const auto& a : element.attributes)
        if (a.name == "lang" && a.ns == ns::xml)
            return a.value;
    return {};
}

base::Result<Identity> read_identity(const Element& element)
{
    Identity identity;
    TRY(identity.category, required(element, "category"));
    TRY(identity.type, required(element, "type"));
    identity.name = element.attribute_or_empty("name");
    identity.lang = lang_of(element);
    return identity;
}

void append_identity(const Identity& identity, Element& query, base::Arena& arena)
{
    auto& element = query.add(arena, "identity");
    element.set(arena, "category", identity.category);
    element.set(arena, "type", identity.type);
    set_if_any(element, arena, "name", identity.name);
    if (!identity.lang.empty())
        element.attributes.push_back(arena, { "lang", identity.lang, ns::xml });
}

}  // namespace

base::Result<DiscoInfo> DiscoInfo::from_element(const Element& query, base::Arena& arena)
{
    if (!query.is("query", ns::disco_info))
        return base::fail(Errc::malformed, "disco#info");
    DiscoInfo info;
    info.node = query.attribute_or_empty("node");
    for (const auto& child : query.children()) {
        if (child.is("identity", ns::disco_info)) {
            TRY(auto identity, read_identity(child));
            info.identities.push_back(arena, identity);
        } else if (child.is("feature", ns::disco_info)) {
            TRY(auto feature, required(child, "var"));
            info.features.push_back(arena, feature);
        } else if (child.is("x", ns::data_forms)) {
            TRY(auto form, Form::from_element(child, arena));
            info.forms.push_back(arena, form);
        }
    }
    return info;
}

Element& DiscoInfo::append_to(Element& iq, base::Arena& arena) const
{
    auto& query = iq.add(arena, "query", ns::disco_info);
    set_if_any(query, arena, "node", node);
    for (const auto& identity : identities)
        append_identity(identity, query, arena);
    for (const auto feature : features)
        query.add(arena, "feature").set(arena, "var", feature);
    for (const auto& form : forms)
        form.append_to(query, arena);
    return query;
}

bool DiscoInfo::has_feature(std::string_view feature) const noexcept
{
    return std::find(features.begin(), features.end(), feature) != features.end();
}

base::Result<DiscoItems> DiscoItems::from_element(const Element& query, base::Arena& arena)
{
    if (!query.is("query", ns::disco_items))
        return base::fail(Errc::malformed, "disco#items");
    DiscoItems read;
    read.node = query.attribute_or_empty("node");
    for (const auto& child : query.children()) {
        if (!child.is("item", ns::disco_items))
            continue;
        TRY(auto jid, required(child, "jid"));
        read.items.push_back(arena,
                             { jid, child.attribute_or_empty("node"), child.attribute_or_empty("name") });
    }
    return read;
}

Element& DiscoItems::append_to(Element& iq, base::Arena& arena) const
{
    auto& query = iq.add(arena, "query", ns::disco_items);
    set_if_any(query, arena, "node", node);
    for (const auto& item : items) {
        auto& element = query.add(arena, "item");
        element.set(arena, "jid", item.jid);
        set_if_any(element, arena, "node", item.node);
        set_if_any(element, arena, "name", item.name);
    }
    return query;
}

}  // namespace xmpp
