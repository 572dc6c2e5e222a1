#include "roster/lines.hpp"

namespace roster {

Lines::Lines(std::vector<Line> lines)
{
    for (auto& line : lines) {
        auto name = line.name;
        by_name_.try_emplace(std::move(name), std::move(line));
    }
}

const Line* Lines::find(std::string_view name) const
{
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &found->second;
}

}  // namespace roster
