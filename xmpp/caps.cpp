#include "xmpp/caps.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <vector>

#include <openssl/evp.h>

#include "xmpp/ns.hpp"

namespace xmpp {
namespace {

using base::Errc;
using base::Result;

/// A copy of the list in the order of `key`. Comparing string_views is comparing octets (i;octet), as 5.1
/// wants it.
template <class T, class Key>
std::vector<T> sorted_by(const base::List<T>& list, Key key)
{
    std::vector<T> sorted(list.begin(), list.end());
    std::stable_sort(sorted.begin(), sorted.end(), [&](const T& a, const T& b) { return key(a) < key(b); });
    return sorted;
}

template <class T, class Key>
bool has_neighbours(const std::vector<T>& sorted, Key key)
{
    return std::adjacent_find(sorted.begin(), sorted.end(),
                              [&](const T& a, const T& b) { return key(a) == key(b); })
        != sorted.end();
}

/// '<' ends each value: one that contains it could be read as two.
Result<void> append(std::string& out, std::string_view value, std::string_view what)
{
    if (value.find('<') != std::string_view::npos)
        return base::fail(Errc::forbidden, what);
    out.append(value).push_back('<');
    return {};
}

Result<void> append_identities(std::string& out, const DiscoInfo& info)
{
    const auto key = [](const Identity& i) { return std::tie(i.category, i.type, i.lang, i.name); };
    const auto sorted = sorted_by(info.identities, key);
    if (has_neighbours(sorted, key))
        return base::fail(Errc::duplicate, "identity");
    for (const auto& i : sorted) {
        for (const auto part : { i.category, i.type, i.lang }) {
            if (part.find_first_of("/<") != std::string_view::npos)
                return base::fail(Errc::forbidden, "identity");
            out.append(part).push_back('/');
        }
        TRY_VOID(append(out, i.name, "identity"));
    }
    return {};
}

Result<void> append_features(std::string& out, const DiscoInfo& info)
{
    const auto key = [](std::string_view feature) { return feature; };
    const auto sorted = sorted_by(info.features, key);
    if (has_neighbours(sorted, key))
        return base::fail(Errc::duplicate, "feature");
    for (const auto feature : sorted)
        TRY_VOID(append(out, feature, "feature"));
    return {};
}

/// More than one FORM_TYPE, as values or as fields, is ill-formed (5.4, step 3.5).
Result<std::string_view> only_form_type(const Form& form)
{
    const auto type = *form.form_type();
    for (const auto& field : form.fields)
        for (const auto value : field.values)
            if (field.var == "FORM_TYPE" && value != type)
                return base::fail(Errc::duplicate, "FORM_TYPE");
    return type;
}

Result<void> append_form(std::string& out, const Form& form)
{
    TRY(const auto type, only_form_type(form));
    TRY_VOID(append(out, type, "FORM_TYPE"));
    for (const auto& field : sorted_by(form.fields, [](const FormField& f) { return f.var; })) {
        if (field.var == "FORM_TYPE")
            continue;
        TRY_VOID(append(out, field.var, "field"));
        for (const auto value : sorted_by(field.values, [](std::string_view v) { return v; }))
            TRY_VOID(append(out, value, "field"));
    }
    return {};
}

Result<void> append_forms(std::string& out, const DiscoInfo& info)
{
    const auto key = [](const Form& form) { return form.form_type(); };
    auto sorted = sorted_by(info.forms, key);
    // A form without a hidden FORM_TYPE is passed over (5.4, step 3.6).
    std::erase_if(sorted, [&](const Form& form) { return !key(form); });
    if (has_neighbours(sorted, key))
        return base::fail(Errc::duplicate, "FORM_TYPE");
    for (const auto& form : sorted)
        TRY_VOID(append_form(out, form));
    return {};
}

struct Algorithm {
    std::string_view name;
    const EVP_MD* (*function)();
};
constexpr std::array algorithms{
    Algorithm{ "sha-1", EVP_sha1 },     Algorithm{ "sha-224", EVP_sha224 },
    Algorithm{ "sha-256", EVP_sha256 }, Algorithm{ "sha-384", EVP_sha384 },
    Algorithm{ "sha-512", EVP_sha512 },
};

const Algorithm* find_algorithm(std::string_view name) noexcept
{
    const auto* const found = std::ranges::find(algorithms, name, &Algorithm::name);
    return found != algorithms.end() ? found : nullptr;
}

Result<std::string> hash(std::string_view text, const Algorithm& algorithm)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, algorithm.function(), nullptr) != 1)
        return base::fail(Errc::unsupported, algorithm.name);
    std::array<unsigned char, 4 * (EVP_MAX_MD_SIZE / 3 + 1) + 1> base64{};
    const auto length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
    return std::string(base64.begin(), base64.begin() + length);
}

}  // namespace

bool Caps::can_hash(std::string_view hash) noexcept
{
    return find_algorithm(hash) != nullptr;
}

Result<Caps> Caps::from_element(const Element& c)
{
    if (!c.is("c", ns::caps))
        return base::fail(Errc::malformed, "caps");
    const Caps caps{ c.attribute_or_empty("node"), c.attribute_or_empty("ver"),
                     c.attribute_or_empty("hash") };
    if (caps.node.empty() || caps.ver.empty())
        return base::fail(Errc::missing, caps.node.empty() ? "node" : "ver");
    return caps;
}

Element& Caps::append_to(Element& presence, base::Arena& arena) const
{
    auto& c = presence.add(arena, "c", ns::caps);
    if (!hash.empty())
        c.set(arena, "hash", hash);
    c.set(arena, "node", node);
    c.set(arena, "ver", ver);
    return c;
}

Result<std::string> verification_string(const DiscoInfo& info)
{
    std::string out;
    TRY_VOID(append_identities(out, info));
    TRY_VOID(append_features(out, info));
    TRY_VOID(append_forms(out, info));
    return out;
}

Result<std::string> verification_hash(const DiscoInfo& info, std::string_view name)
{
    const auto* const algorithm = find_algorithm(name);
    if (algorithm == nullptr)
        return base::fail(Errc::unsupported, "hash");
    TRY(const auto text, verification_string(info));
    return hash(text, *algorithm);
}

bool matches(const Caps& caps, const DiscoInfo& info)
{
    const auto expected = verification_hash(info, caps.hash);
    return expected && *expected == caps.ver;
}

}  // namespace xmpp
