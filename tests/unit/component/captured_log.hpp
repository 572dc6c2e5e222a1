#pragma once

#include <memory>
#include <string>
#include <vector>

#include "component/log.hpp"

/// Keeps the lines of the log as long as it lives, in place of stderr.
class CapturedLog {
public:
    CapturedLog() { component::log::capture(lines_); }
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;
    ~CapturedLog() { component::log::capture(nullptr); }

    [[nodiscard]] bool has(std::string_view part) const
    {
        for (const auto& line : lines_->all)
            if (line.find(part) != std::string::npos)
                return true;
        return false;
    }
    [[nodiscard]] std::string all() const
    {
        std::string text;
        for (const auto& line : lines_->all)
            text += line + "\n";
        return text;
    }

private:
    struct Lines final : component::log::Capture {
        void write(const component::log::Record& record) override { all.emplace_back(record.text); }
        std::vector<std::string> all;
    };
    std::shared_ptr<Lines> lines_ = std::make_shared<Lines>();
};
