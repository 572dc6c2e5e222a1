#include <chrono>

#include <boost/asio/ip/address.hpp>

#include "fake_server.hpp"
#include "notify_socket.hpp"
#include "program.hpp"

// The built binary against a server in this process.

namespace {

using Clock = std::chrono::steady_clock;

/// A listener for the binary to connect to, and the files it needs.
struct Stage {
    boost::asio::io_context io{ 1 };
    boost::asio::basic_socket_acceptor<component::Tcp, component::Executor> acceptor{
        io.get_executor(), { boost::asio::ip::make_address("127.0.0.1"), 0 }
    };
    TemporaryDirectory directory;
    std::filesystem::path file = directory.write(
        "carillon.toml",
        "[xmpp]\ndomain = \"call.example.org\"\nport = " + std::to_string(acceptor.local_endpoint().port())
            + "\nsecret_file = \"secret\"\nserved_domains = [\"example.org\"]\n");

    Stage() { directory.write("secret", "secret"); }

    template <class Condition>
    bool until(Condition condition)
    {
        const auto end = Clock::now() + std::chrono::seconds{ 10 };
        while (!condition() && Clock::now() < end) {
            io.restart();
            io.run_one_for(std::chrono::milliseconds{ 100 });
        }
        return condition();
    }

    std::shared_ptr<Peer> accept()
    {
        auto peer = std::make_shared<Peer>(acceptor.accept());
        peer->read();
        return peer;
    }

    std::shared_ptr<Peer> go_online()
    {
        auto peer = accept();
        peer->send("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
                   "xmlns:stream='http://etherx.jabber.org/streams' from='call.example.org' id='1'>");
        REQUIRE(until([&] { return peer->received.ends_with("</handshake>"); }));
        peer->send("<handshake/>");
        peer->received.clear();
        return peer;
    }
};

}  // namespace

TEST_CASE("app: connects, answers, says goodbye on SIGTERM, within two seconds", "[component][app]")
{
    Stage stage;
    const NotifySocket manager;
    Program program{ { "run", "-c", stage.file.string() } };

    CHECK(manager.wait_for("READY=1"));
    const auto peer = stage.go_online();
    CHECK(manager.wait_for("STATUS=Online as call.example.org at 127.0.0.1:"
                           + std::to_string(stage.acceptor.local_endpoint().port())));
    peer->send("<iq id='q1' type='get' from='alice@example.org/x' to='call.example.org'>"
               "<query xmlns='urn:example:nothing'/></iq>");
    CHECK(stage.until([&] { return peer->received.find("id='q1'") != std::string::npos; }));
    CHECK(peer->received.find("type='error'") != std::string::npos);
    peer->received.clear();

    const auto asked = Clock::now();
    program.send_signal(GENERATE(SIGTERM, SIGINT));
    CHECK(stage.until([&] { return peer->received == "</stream:stream>"; }));
    CHECK(manager.wait_for("STOPPING=1"));
    peer->send("</stream:stream>");
    peer->close();
    const auto outcome = program.wait();

    CHECK(outcome.code == 0);
    CHECK(Clock::now() - asked < std::chrono::seconds{ 2 });
    CHECK(outcome.err.find("secret") == std::string::npos);
}

TEST_CASE("app: stops in time when the server does not answer the goodbye", "[component][app]")
{
    Stage stage;
    Program program{ { "-c", stage.file.string() } };
    const auto peer = stage.go_online();
    const auto asked = Clock::now();

    program.send_signal(SIGTERM);
    const auto outcome = program.wait();

    CHECK(outcome.code == 0);
    CHECK(Clock::now() - asked < std::chrono::seconds{ 2 });
}

TEST_CASE("app: a second signal ends it at once", "[component][app]")
{
    Stage stage;
    Program program{ { "-c", stage.file.string() } };
    const auto peer = stage.go_online();

    program.send_signal(SIGTERM);
    REQUIRE(stage.until([&] { return peer->received.ends_with("</stream:stream>"); }));
    program.send_signal(SIGTERM);

    CHECK(program.wait().code == 0);
}

TEST_CASE("app: reads its configuration again on SIGHUP, and keeps the old one when it is wrong",
          "[component][app]")
{
    Stage stage;
    const NotifySocket manager;
    Program program{ { "-c", stage.file.string() } };
    const auto peer = stage.go_online();
    REQUIRE(manager.wait_for("READY=1"));

    program.send_signal(SIGHUP);
    CHECK(manager.wait_for("READY=1"));
    stage.directory.write("carillon.toml", "[xmpp]\n");
    program.send_signal(SIGHUP);
    CHECK(manager.wait_for("READY=1"));
    program.send_signal(SIGTERM);
    peer->close();
    const auto outcome = program.wait();

    CHECK(outcome.err.find("[log] is in force") != std::string::npos);
    CHECK(outcome.err.find("carillon.toml:1:1: [xmpp] domain is not set") != std::string::npos);
    CHECK(outcome.err.find("nothing was changed") != std::string::npos);
}

TEST_CASE("app: sends the watchdog's sign of life from its loop", "[component][app]")
{
    Stage stage;
    const NotifySocket manager;
    Program program{ { "-c", stage.file.string() }, { { "WATCHDOG_USEC", "20000" } } };
    const auto peer = stage.go_online();

    CHECK(manager.wait_for("WATCHDOG=1"));
    CHECK(manager.wait_for("WATCHDOG=1"));
    CHECK(manager.wait_for("WATCHDOG=1"));
}

TEST_CASE("app: a wrong configuration opens no socket", "[component][app]")
{
    Stage stage;
    stage.directory.write("carillon.toml",
                          "[xmpp]\ndomain = \"call.example.org\"\nport = "
                              + std::to_string(stage.acceptor.local_endpoint().port())
                              + "\nsecret_file = \"secret\"\nnonsense = 1\n");

    const auto outcome = Program{ { "-c", stage.file.string() } }.wait();

    CHECK(outcome.code == 78);
    stage.acceptor.non_blocking(true);
    component::error_code nobody;
    static_cast<void>(stage.acceptor.accept(nobody));
    CHECK(nobody == boost::asio::error::would_block);
}

TEST_CASE("app: logs JSON when told to", "[component][app]")
{
    Stage stage;
    std::ofstream{ stage.file, std::ios::app } << "[log]\nformat = \"json\"\n";
    Program program{ { "-c", stage.file.string() } };
    const auto peer = stage.go_online();
    program.send_signal(SIGTERM);
    peer->close();

    const auto outcome = program.wait();

    CHECK(outcome.err.starts_with("{\"time\":\""));
    CHECK(outcome.err.ends_with("\"message\":\"stopped\"}\n"));
}
