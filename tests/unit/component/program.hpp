#pragma once

#include <array>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

/// The built binary as a child process. Its stdout and stderr come through pipes; it is killed with this
/// object.
class Program {
public:
    using Variables = std::vector<std::pair<std::string, std::string>>;

    explicit Program(std::vector<std::string> arguments, const Variables& variables = {})
    {
        int out[2];
        int err[2];
        if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0)
            throw std::runtime_error{ "pipe" };
        arguments.insert(arguments.begin(), CARILLON);
        std::vector<char*> argv;
        for (auto& argument : arguments)
            argv.push_back(argument.data());
        argv.push_back(nullptr);
        process_ = fork();
        if (process_ == 0) {
            dup2(out[1], STDOUT_FILENO);
            dup2(err[1], STDERR_FILENO);
            for (const auto& [name, value] : variables)
                setenv(name.c_str(), value.c_str(), 1);
            execv(argv.front(), argv.data());
            _exit(127);
        }
        close(out[1]);
        close(err[1]);
        out_ = out[0];
        err_ = err[0];
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program()
    {
        if (process_ > 0) {
            kill(process_, SIGKILL);
            waitpid(process_, nullptr, 0);
        }
        close(out_);
        close(err_);
    }

    void send_signal(int number) const { kill(process_, number); }

    struct Outcome {
        int code = -1;  ///< the exit code; 128 + signal
        std::string out;
        std::string err;
    };

    /// Waits for the end, and reads all output meanwhile.
    Outcome wait()
    {
        Outcome outcome;
        std::array<pollfd, 2> ends{ pollfd{ out_, POLLIN, 0 }, pollfd{ err_, POLLIN, 0 } };
        while (ends[0].fd >= 0 || ends[1].fd >= 0) {
            poll(ends.data(), ends.size(), -1);
            read_end(ends[0], outcome.out);
            read_end(ends[1], outcome.err);
        }
        int status = 0;
        waitpid(process_, &status, 0);
        process_ = -1;
        outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return outcome;
    }

private:
    static void read_end(pollfd& end, std::string& into)
    {
        if (end.fd < 0 || end.revents == 0)
            return;
        std::array<char, 4096> buffer{};
        const auto size = read(end.fd, buffer.data(), buffer.size());
        if (size > 0)
            into.append(buffer.data(), static_cast<std::size_t>(size));
        else
            end.fd = -1;
    }

    pid_t process_ = -1;
    int out_ = -1;
    int err_ = -1;
};
