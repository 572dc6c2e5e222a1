#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "xmpp/cursor.hpp"
#include "xmpp/element.hpp"

namespace xmpp {

/// Appends XML to a buffer it does not own. Escapes everything; a namespace is declared where it changes.
/// Values must be UTF-8 without characters that XML 1.0 forbids: see is_xml_text().
/// The views given to open() must live until the matching close(). Until all that was opened is closed the
/// buffer is the writer's: it may be longer than what has been written.
class Writer {
public:
    /// `stream_ns` is the default namespace in force where the output goes, so a stanza needs no xmlns.
    Writer(std::string& out, std::string_view stream_ns);

    /// `ns` empty means: that of the parent.
    Writer& open(std::string_view name, std::string_view ns = {});
    Writer& attribute(std::string_view name, std::string_view value);
    Writer& attribute(std::string_view name, std::unsigned_integral auto value)
    {
        return number_attribute(name, value);
    }
    Writer& text(std::string_view text);
    Writer& close();

    /// The whole element without its tail; read again it is equal. Recursive: the depth is the caller's to
    /// bound.
    Writer& element(const Element& element);
    /// All of them; those in a namespace get a prefix that is declared beside them, xml:lang and the like
    /// keep theirs.
    Writer& attributes(const base::List<Attribute>& list);

    /// Bytes that are XML already: what another Writer made.
    Writer& raw(std::string_view xml);

private:
    struct Open {
        std::string_view name;
        std::string_view ns;
    };

    Writer& number_attribute(std::string_view name, unsigned long long value);
    void begin();
    void finish();
    [[nodiscard]] std::string_view current_ns() const noexcept;

    Cursor out_;
    std::vector<Open> open_;
    std::string_view stream_ns_;
    bool in_start_tag_ = false;
};

/// Appends `text` with & < > " ' and TAB, LF, CR escaped, so that it comes out of any attribute as it went
/// in.
void append_escaped(std::string& out, std::string_view text);

/// True when `text` is strict UTF-8 and has only characters that XML 1.0 allows (section 2.2).
[[nodiscard]] bool is_xml_text(std::string_view text) noexcept;

/// The element as text with every namespace declared.
[[nodiscard]] std::string to_string(const Element& element);

}  // namespace xmpp
