#include "sdp/writer.hpp"

#include "sdp/grammar.hpp"

namespace sdp {

void Writer::end_line()
{
    end_value();
    out_.append("\r\n");
    line_start_ = out_.size();
    ++line_;
}

void Writer::end_value()
{
    const auto line = std::string_view{ out_ }.substr(line_start_);
    if (const auto unsafe = find_unsafe(line); unsafe != std::string_view::npos) {
        out_.resize(line_start_ + unsafe);
        fail(base::Errc::forbidden, "control character or invalid UTF-8 in a value");
    }
}

base::Result<void> Writer::finish()
{
    if (!error_)
        return {};
    out_.resize(start_);
    return tl::unexpected<base::Error>{ std::move(*error_) };
}

void Writer::fail(base::Errc code, std::string_view what)
{
    if (!error_)
        error_ = base::Error{ code, std::string{ what }, line_,
                              static_cast<std::uint32_t>(out_.size() - line_start_) + 1 };
}

}  // namespace sdp
