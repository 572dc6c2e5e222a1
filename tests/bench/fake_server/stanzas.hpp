#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// What one user's server hands to the component in the course of a call.
enum class Kind : std::uint8_t {
    propose,
    ringing,
    proceed,
    initiate,
    info_ringing,
    transport_info,
    accept,
    terminate,
    finish,
    result,
    disco_result,
};
inline constexpr std::size_t kinds = 11;

/// What differs from one stanza of a kind to the next. Everything else is constant, so that every run sends
/// the same bytes.
struct Blanks {
    std::string_view from = {}, to = {};
    std::string_view self = {};  ///< the sender's full JID again, for initiator and responder
    std::string_view id = {};
    std::string_view sid = {};
    std::string_view step = {};  ///< two digits: makes candidates differ
};

/// A stanza with blanks, cut into pieces once.
class Template {
public:
    explicit Template(std::string_view text);
    void append(std::string& out, const Blanks& blanks) const;

private:
    struct Piece {
        std::string text;
        std::string_view Blanks::*blank;  ///< what follows the text; null after the last piece
    };
    std::vector<Piece> pieces_;
};

/// One template for each kind. The session-initiate has 20 payload types and 10 candidates, as a browser's
/// audio and video offer has them.
[[nodiscard]] std::array<Template, kinds> make_templates();

}  // namespace bench
