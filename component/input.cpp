#include "component/input.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <memory>

#include "component/xml_text.hpp"

namespace component {
namespace {

struct CloseFile {
    void operator()(std::FILE* file) const
    {
        if (file != stdin)
            (void)std::fclose(file);
    }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

ExitCode fail(const std::string& name, int error)
{
    std::cerr << name << ": " << std::strerror(error) << '\n';
    return exit_no_input;
}

constexpr std::string_view white_space = " \t\r\n";

bool is_blank(std::string_view text)
{
    return text.find_first_not_of(white_space) == std::string_view::npos;
}

tl::unexpected<base::Error> empty_input()
{
    return tl::unexpected{ base::Error{ base::Errc::missing, "the input is empty", 1, 1 } };
}

}  // namespace

tl::expected<Input, ExitCode> read_input(const std::string& file, std::size_t max_bytes)
{
    const auto is_stdin = file == "-";
    Input input{ is_stdin ? "<stdin>" : file, {} };
    const File stream{ is_stdin ? stdin : std::fopen(file.c_str(), "rbe") };
    if (!stream)
        return tl::unexpected{ fail(input.name, errno) };
    std::string buffer(max_bytes + 1, '\0');
    buffer.resize(std::fread(buffer.data(), 1, buffer.size(), stream.get()));
    if (std::ferror(stream.get()) != 0)
        return tl::unexpected{ fail(input.name, errno) };
    if (buffer.size() > max_bytes) {
        report(input, { base::Errc::too_long, "more than " + std::to_string(max_bytes) + " bytes", 1, 1 });
        return tl::unexpected{ exit_bad_input };
    }
    input.text = std::move(buffer);
    return input;
}

bool looks_like_xml(std::string_view text) noexcept
{
    const auto start = text.find_first_not_of(white_space);
    return start != std::string_view::npos && text[start] == '<';
}

void report(const Input& input, const base::Error& error)
{
    std::cerr << input.name << ':' << error.line << ':' << error.column << ": " << printable(error.what)
              << ": " << base::to_string(error.code) << '\n';
}

int for_each_input(const Arguments& arguments, std::size_t max_bytes,
                   const std::function<base::Result<std::string>(const Input&)>& translate)
{
    int code = exit_ok;
    const auto failed = [&code](ExitCode with) { code = code == exit_ok ? with : code; };
    const auto files = arguments.files.empty() ? std::vector<std::string>{ "-" } : arguments.files;
    for (const auto& file : files) {
        const auto input = read_input(file, max_bytes);
        if (!input) {
            failed(input.error());
            continue;
        }
        const auto result
            = is_blank(input->text) ? base::Result<std::string>{ empty_input() } : translate(*input);
        if (!result) {
            report(*input, result.error());
            failed(exit_bad_input);
        } else if (!(std::cout << *result << std::flush)) {
            std::cerr << "stdout: cannot write\n";
            return exit_io;
        }
    }
    return code;
}

}  // namespace component
