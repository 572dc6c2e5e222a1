#include "fake_server/process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace bench {

Process::Process(const std::vector<std::string>& command)
{
    std::vector<char*> arguments;
    for (const auto& argument : command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", 0, 0);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    const int error = posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        throw std::system_error(error, std::generic_category(), command[0]);
}

Process::~Process()
{
    stop(std::chrono::seconds{ 5 });
}

std::uint64_t Process::cpu_ns() const
{
    std::uint64_t sum = 0;
    std::error_code error;
    for (const auto& task :
         std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task", error)) {
        std::uint64_t on_cpu = 0;
        std::ifstream{ task.path() / "schedstat" } >> on_cpu;
        sum += on_cpu;
    }
    return sum;
}

std::uint64_t Process::resident_kb() const
{
    return status_kb("VmRSS:");
}

std::uint64_t Process::peak_kb() const
{
    return status_kb("VmHWM:");
}

std::uint64_t Process::status_kb(std::string_view key) const
{
    std::ifstream status{ "/proc/" + std::to_string(pid_) + "/status" };
    for (std::string word; status >> word;) {
        std::uint64_t kb = 0;
        if (word == key && status >> kb)
            return kb;
    }
    return 0;
}

bool Process::is_running()
{
    if (pid_ > 0 && waitpid(pid_, &status_, WNOHANG) == pid_)
        pid_ = -1;
    return pid_ > 0;
}

int Process::stop(std::chrono::seconds patience)
{
    if (!is_running())
        return status_;
    kill(pid_, SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (is_running() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds{ 5 });
    if (pid_ <= 0)
        return status_;
    kill(pid_, SIGKILL);
    waitpid(pid_, &status_, 0);
    pid_ = -1;
    return -1;
}

PrivateDirectory::PrivateDirectory()
    : path_("/tmp/carillon-bench-XXXXXX")
{
    if (mkdtemp(path_.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), path_);
}

PrivateDirectory::~PrivateDirectory()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string PrivateDirectory::write(const std::string& name, const std::string& text)
{
    const auto path = path_ + "/" + name;
    std::ofstream{ path } << text;
    std::filesystem::permissions(path,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return path;
}

}  // namespace bench
