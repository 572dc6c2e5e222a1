#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

/// What is known of a stanza from its first two tags. Values are raw text (still escaped), views into the
/// stanza.
struct Envelope {
    std::string_view name = {}, from = {}, to = {}, id = {}, type = {};
    std::string_view child = {}, child_xmlns = {}, child_id = {}, action = {}, sid = {};
    std::string_view text = {};  ///< the whole stanza
};

/// Cuts a component's stream into stanzas and reads their envelopes. It trusts the component's XML to be
/// well-formed: it only follows tags and quotes, so that the server costs a fraction of what it measures.
class Scanner {
public:
    void append(std::string_view bytes);
    /// The next whole stanza or the stream's opening tag (`name` is then "stream:stream"); empty when more
    /// bytes are needed. Views hold until the next append().
    [[nodiscard]] std::optional<Envelope> next();
    [[nodiscard]] bool at_end() const noexcept { return ended_; }

private:
    /// Where the tag that starts at `from` ends (one past '>'), 0 when its end has not come yet.
    [[nodiscard]] std::size_t tag_end(std::size_t from) const noexcept;

    std::string buffer_;
    std::size_t start_ = 0;  ///< where the stanza begins
    std::size_t at_ = 0;  ///< everything before this was scanned
    int depth_ = 0;
    bool ended_ = false;
};

}  // namespace bench
