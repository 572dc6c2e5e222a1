// A test client that is driven line by line: commands on stdin, events as JSON lines on stdout.
// README.md in the folder above has the list of both.
#include <array>
#include <csignal>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <gloox/disco.h>
#include <poll.h>
#include <unistd.h>

#include "client.hpp"
#include "json.hpp"

namespace e2e {
namespace {

/// The rest of a command line; words are separated by one blank, "-" stands for an empty word.
class Words {
public:
    explicit Words(std::string_view line)
        : rest_{ line }
    {
    }

    std::string next()
    {
        const auto end = rest_.find(' ');
        const std::string word{ rest_.substr(0, end) };
        rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
        return word == "-" ? std::string{} : word;
    }

    std::string all() { return std::string{ std::exchange(rest_, {}) }; }

private:
    std::string_view rest_;
};

class Program {
public:
    /// False at the end of the input.
    bool run_once()
    {
        std::array<pollfd, 2> waits{ pollfd{ STDIN_FILENO, POLLIN, 0 },
                                     pollfd{ client_ ? client_->socket() : -1, POLLIN, 0 } };
        ::poll(waits.data(), waits.size(), -1);
        if (waits[1].revents != 0 && client_ && client_->recv(0) != gloox::ConnNoError
            && client_->socket() < 0)
            client_.reset();
        return waits[0].revents == 0 || read_commands();
    }

private:
    bool read_commands()
    {
        std::array<char, 65536> chunk{};
        const auto size = ::read(STDIN_FILENO, chunk.data(), chunk.size());
        if (size <= 0)
            return false;
        input_.append(chunk.data(), static_cast<std::size_t>(size));
        for (std::size_t end = 0; (end = input_.find('\n')) != std::string::npos; input_.erase(0, end + 1))
            obey(std::string_view{ input_ }.substr(0, end));
        return true;
    }

    void obey(std::string_view line)
    {
        Words words{ line };
        try {
            commands.at(words.next())(*this, words);
        } catch (const std::exception& error) {
            std::cout << json_object(
                { { "event", "refused" }, { "command", line }, { "reason", error.what() } })
                      << std::endl;
        }
    }

    void login(Words& w)
    {
        const gloox::JID jid{ w.next() };
        const std::string password = w.next(), host = w.next();
        client_ = std::make_unique<Client>(jid, password, host, std::stoi(w.next()));
        client_->connect(false);
    }

    Client& client()
    {
        if (!client_)
            throw std::logic_error{ "not logged in" };
        return *client_;
    }

    void leave(void (*how)(Client&))
    {
        how(client());
        client_.reset();
    }

    using Command = std::function<void(Program&, Words&)>;
    static const std::map<std::string, Command> commands;

    std::unique_ptr<Client> client_;
    std::string input_;
};

// Arguments are named first: the order in which a call evaluates them is not fixed.
const std::map<std::string, Program::Command> Program::commands{
    { "login", [](Program& p, Words& w) { p.login(w); } },
    { "logout", [](Program& p, Words&) { p.leave([](Client& c) { c.disconnect(); }); } },
    { "vanish", [](Program& p, Words&) { p.leave([](Client& c) { c.vanish(); }); } },
    { "lacks", [](Program& p, Words& w) { p.client().disco()->removeFeature(w.next()); } },
    { "hold", [](Program& p, Words& w) { p.client().hold_replies(w.next()); } },
    { "xml", [](Program& p, Words& w) { p.client().send_xml(w.all()); } },
    { "jingle",
      [](Program& p, Words& w) {
          const std::string action = w.next(), to = w.next(), sid = w.next(), id = w.next();
          p.client().send_jingle(action, to, sid, id, w.all());
      } },
    { "jmi",
      [](Program& p, Words& w) {
          const std::string name = w.next(), to = w.next(), sid = w.next(), id = w.next();
          p.client().send_jmi(name, to, sid, id, w.all());
      } },
    { "result",
      [](Program& p, Words& w) {
          const std::string to = w.next(), id = w.next();
          p.client().send_result(to, id);
      } },
    { "error",
      [](Program& p, Words& w) {
          const std::string to = w.next(), id = w.next(), type = w.next();
          p.client().send_error(to, id, type, w.all());
      } },
};

}  // namespace
}  // namespace e2e

int main()
{
    // gloox writes to a connection that the server has just closed: that is an error, not our end.
    std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): it can be ignored
    e2e::Program program;
    while (program.run_once()) { }
}
