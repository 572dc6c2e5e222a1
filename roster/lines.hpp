#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "roster/text_map.hpp"
#include "xmpp/jid.hpp"

namespace roster {

enum class LineStrategy : std::uint8_t { all, in_order };

/// An address of the operator's, NAME@ our domain, behind which one or several users are.
struct Line {
    std::string name;  ///< prepared local part
    std::string title;
    std::vector<xmpp::Jid> members;  ///< bare
    LineStrategy strategy = LineStrategy::all;
    std::chrono::seconds ring{ 20 };  ///< of each member, in order

    friend bool operator==(const Line&, const Line&) = default;
};

/// The lines by their names.
class Lines {
public:
    Lines() = default;
    explicit Lines(std::vector<Line> lines);

    [[nodiscard]] const Line* find(std::string_view name) const;
    [[nodiscard]] std::size_t size() const noexcept { return by_name_.size(); }

private:
    TextMap<Line> by_name_;
};

}  // namespace roster
