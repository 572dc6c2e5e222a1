#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <SQLiteCpp/Database.h>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "fake_server.hpp"
#include "notify_socket.hpp"
#include "program.hpp"

// The built binary against a server in this process.

namespace {

using Clock = std::chrono::steady_clock;

/// Two that it gives itself, as promised, and two for a machine that is busy with a build.
constexpr std::chrono::seconds stop_within{ 4 };

/// A listener for the binary to connect to, and the files it needs.
struct Stage {
    boost::asio::io_context io{ 1 };
    boost::asio::basic_socket_acceptor<component::Tcp, component::Executor> acceptor{
        io.get_executor(), { boost::asio::ip::make_address("127.0.0.1"), 0 }
    };
    TemporaryDirectory directory;
    std::filesystem::path file = directory.write("carillon.toml", minimal());

    Stage() { directory.write("secret", "secret"); }

    std::string minimal()
    {
        return "[xmpp]\ndomain = \"call.example.org\"\nport = "
            + std::to_string(acceptor.local_endpoint().port())
            + "\nsecret_file = \"secret\"\nserved_domains = [\"example.org\"]\n";
    }

    /// `more` stands behind the keys of [xmpp].
    void configure(const std::string& more) { directory.write("carillon.toml", minimal() + more); }

    bool hears(const Peer& peer, std::string_view what)
    {
        return until([&] { return peer.received.find(what) != std::string::npos; });
    }

    /// Whether a call of alice's rings at bob's; he has refused it otherwise.
    bool rings(Peer& peer, const std::string& sid)
    {
        peer.received.clear();
        peer.send("<message from='alice@example.org/x' to='bob\\40example.org@call.example.org' id='m" + sid
                  + "' type='chat'><propose xmlns='urn:xmpp:jingle-message:0' id='" + sid
                  + "'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose></message>");
        const auto refused = [&] { return peer.received.find("type='error'") != std::string::npos; };
        const auto rang = [&] { return peer.received.find("to='bob@example.org'") != std::string::npos; };
        CHECK(until([&] { return refused() || rang(); }));
        return rang();
    }

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
    CHECK(Clock::now() - asked < stop_within);
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
    CHECK(Clock::now() - asked < stop_within);
}

TEST_CASE("app: stops in time when the server does not read, and much waits for it", "[component][app]")
{
    Stage stage;
    Program program{ { "-c", stage.file.string() } };
    const auto peer = stage.go_online();
    // Nothing is read from here on, and the answers are more than the buffers of the kernel take.
    std::string pings;
    for (int i = 0; i < 60'000; ++i)
        pings += "<iq id='q1' type='get' from='alice@example.org/x' to='call.example.org'><ping "
                 "xmlns='urn:xmpp:ping'/></iq>";
    peer->send(pings);
    const auto asked = Clock::now();

    program.send_signal(SIGTERM);

    CHECK(program.wait().code == 0);
    CHECK(Clock::now() - asked < stop_within);
}

TEST_CASE("app: a server that does not keep up gets no new calls until it does", "[component][app][limits]")
{
    Stage stage;
    stage.acceptor.set_option(boost::asio::socket_base::receive_buffer_size{ 64 * 1024 });
    Program program{ { "-c", stage.file.string() } };
    const auto peer = stage.go_online();
    REQUIRE(stage.rings(*peer, "s1"));
    peer->received.clear();
    // Nothing is read for a while: 12 MiB of answers wait, of which the kernel takes a part.
    const auto ping = "<iq id='q' type='get' to='call.example.org' from='eve@example.org/"
        + std::string(1000, 'x') + "'><ping xmlns='urn:xmpp:ping'/></iq>";
    std::string pings;
    for (int i = 0; i < 12'000; ++i)
        pings += ping;
    peer->send(pings);
    peer->send("<message from='carol@example.org/x' to='bob\\40example.org@call.example.org' id='late' "
               "type='chat'><propose xmlns='urn:xmpp:jingle-message:0' id='s2'><description "
               "xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose></message>");
    peer->send("<message from='bob@example.org/y' to='alice\\40example.org@call.example.org' id='r' "
               "type='chat'><ringing xmlns='urn:xmpp:jingle-message:0' id='s1'/></message>");

    CHECK(stage.hears(*peer, "<ringing xmlns='urn:xmpp:jingle-message:0' id='s1'"));
    const auto refusal = peer->received.find("id='late'");
    REQUIRE(refusal != std::string::npos);
    CHECK(peer->received.find("<resource-constraint", refusal) != std::string::npos);
    CHECK(stage.rings(*peer, "s3"));
    program.send_signal(SIGTERM);
    peer->close();
    const auto said = program.wait().err;
    const auto lags = said.find("the server does not keep up: ");
    REQUIRE(lags != std::string::npos);
    CHECK(said.find("the server does not keep up: ", lags + 1) == std::string::npos);
    CHECK(said.find("let in again; 1 were refused while the server did not", lags) != std::string::npos);
    CHECK(said.find("cutting the connection") == std::string::npos);
}

TEST_CASE("app: stops in time when the disk hangs, and calls go on meanwhile", "[component][app]")
{
    Stage stage;
    stage.configure("[store]\npath = \"calls.sqlite3\"\n");
    const auto hangs = stage.directory.path() / "hangs";
    Program program{ { "-c", stage.file.string() },
                     { { "LD_PRELOAD", HANGING_DISK },
                       { "DISK_HANGS_WHEN", hangs.string() },
                       { "ASAN_OPTIONS", "verify_asan_link_order=0" } } };
    const auto peer = stage.go_online();
    REQUIRE(stage.rings(*peer, "s1"));
    stage.directory.write("hangs", "");
    CHECK(stage.rings(*peer, "s2"));
    const auto asked = Clock::now();

    program.send_signal(SIGTERM);

    CHECK(stage.until([&] { return peer->received.ends_with("</stream:stream>"); }));
    const auto outcome = program.wait();
    CHECK(outcome.code == 0);
    CHECK(Clock::now() - asked < stop_within);
    CHECK(outcome.err.find("the disk does not follow") != std::string::npos);
}

TEST_CASE("app: calls are taken up from what is left of the journal", "[component][app][damage]")
{
    struct Row {
        std::string name;
        std::function<void(const std::filesystem::path& file)> harm;
        bool goes_on;
        std::string said;
    };
    const auto execute = [](const char* sql) {
        return [sql](const std::filesystem::path& file) {
            SQLite::Database{ file.string(), SQLite::OPEN_READWRITE }.exec(sql);
        };
    };
    const std::vector<Row> rows{
        { "nothing is wrong", [](const auto&) {}, true, "1 calls go on where they were" },
        { "a row is garbage beside it", execute("INSERT INTO journal VALUES (x'00', x'ff')"), true,
          "1 calls cannot be read" },
        { "the row is cut off", execute("UPDATE journal SET state = substr(state, 1, length(state) / 2)"),
          false, "1 calls cannot be read" },
        { "the row is of another version", execute("UPDATE journal SET state = x'4a7f' || substr(state, 3)"),
          false, "1 calls cannot be read" },
        { "the tables are of a later version",
          execute("ALTER TABLE journal ADD COLUMN mood TEXT; PRAGMA user_version = 99"), true,
          "written by a later version" },
        { "the file is garbage, and its log is gone",
          [](const auto& file) {
              std::ofstream{ file } << std::string(100'000, 'x');
              std::filesystem::remove(file.string() + "-wal");
          },
          false, "is kept as " },
    };
    const auto& row = rows.at(GENERATE_COPY(range(std::size_t{ 0 }, rows.size())));
    CAPTURE(row.name);
    Stage stage;
    stage.configure("[store]\npath = \"calls.sqlite3\"\n");
    {
        Program program{ { "-c", stage.file.string() } };
        const auto peer = stage.go_online();
        REQUIRE(stage.rings(*peer, "s1"));
        program.send_signal(SIGKILL);
        (void)program.wait();
    }
    row.harm(stage.directory.path() / "calls.sqlite3");

    Program program{ { "-c", stage.file.string() } };
    const auto peer = stage.go_online();
    // He said nothing yet, so he is asked again, if anything is known of the call.
    CHECK(stage.rings(*peer, "s2"));
    peer->send("<message from='alice@example.org/x' to='bob\\40example.org@call.example.org' id='r1'>"
               "<retract xmlns='urn:xmpp:jingle-message:0' id='s1'/></message>");
    constexpr std::string_view retract = "<retract xmlns='urn:xmpp:jingle-message:0' id='s1'";
    if (row.goes_on) {
        CHECK(stage.hears(*peer, retract));  // behind the row of the journal
    } else {
        peer->send("<iq id='last' type='get' from='alice@example.org/x' to='call.example.org'><ping "
                   "xmlns='urn:xmpp:ping'/></iq>");
        REQUIRE(stage.hears(*peer, "id='last'"));
        CHECK(peer->received.find(retract) == std::string::npos);
    }
    program.send_signal(SIGTERM);
    peer->close();
    const auto outcome = program.wait();
    CHECK(outcome.code == 0);
    INFO(outcome.err);
    CHECK(outcome.err.find(row.said) != std::string::npos);
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

TEST_CASE("app: SIGHUP puts the new configuration in force for calls that begin then",
          "[component][app][reload]")
{
    Stage stage;
    const NotifySocket manager;
    Program program{ { "-c", stage.file.string() } };
    const auto peer = stage.go_online();
    REQUIRE(manager.wait_for("READY=1"));
    REQUIRE(stage.rings(*peer, "s1"));

    stage.configure("[[policy.rule]]\nfrom = \"alice@example.org\"\naction = \"reject\"\n");
    program.send_signal(SIGHUP);
    REQUIRE(manager.wait_for("READY=1"));
    CHECK_FALSE(stage.rings(*peer, "s2"));
    // The call that rang before goes on ringing.
    peer->send("<message from='bob@example.org/y' to='alice\\40example.org@call.example.org' id='r1'>"
               "<ringing xmlns='urn:xmpp:jingle-message:0' id='s1'/></message>");
    CHECK(stage.hears(*peer, "<ringing xmlns='urn:xmpp:jingle-message:0' id='s1'/>"));

    stage.configure("");
    program.send_signal(SIGHUP);
    REQUIRE(manager.wait_for("READY=1"));
    CHECK(stage.rings(*peer, "s3"));
}

TEST_CASE("app: a configuration with a mistake changes nothing, and each mistake is told",
          "[component][app][reload]")
{
    Stage stage;
    stage.configure("[store]\npath = \"calls.sqlite3\"\n");
    const NotifySocket manager;
    Program program{ { "-c", stage.file.string() } };
    const auto peer = stage.go_online();
    REQUIRE(manager.wait_for("READY=1"));

    struct Row {
        std::string text;
        std::vector<std::string> mistakes;
    };
    const auto row = GENERATE(values<Row>({
        { "[limits]\ncalls_per_user = 0\nrings = 1\n",
          { "carillon.toml:11:18: [limits] calls_per_user", "carillon.toml:12:1: unknown key \"rings\"" } },
        { "[auth.jwt]\naudience = \"a\"\nkeys = [{ kid = \"1\", alg = \"HS256\", file = \"absent\" }]\n",
          { "carillon.toml: [auth.jwt] key \"1\"" } },
        { "[turn]\nsource = \"secret\"\nsecret_file = \"absent\"\nuris = [\"turn:t.test\"]\n",
          { "carillon.toml: [turn] secret_file" } },
    }));
    stage.configure("[store]\npath = \"calls.sqlite3\"\n[[policy.rule]]\naction = \"reject\"\n" + row.text);
    Program order{ { "ctl", "reload", "-c", stage.file.string() } };
    const auto said = order.wait();

    CHECK(said.code == 78);
    for (const auto& mistake : row.mistakes)
        CHECK(said.err.find(mistake) != std::string::npos);
    CHECK(said.err.find("nothing was changed") != std::string::npos);
    CHECK(stage.rings(*peer, "s1"));
    program.send_signal(SIGTERM);
    peer->close();
    const auto outcome = program.wait();
    for (const auto& mistake : row.mistakes)
        CHECK(outcome.err.find(mistake) != std::string::npos);
}

TEST_CASE("app: ctl reloads, names what waits for a restart, and sets the level of the log",
          "[component][app][reload]")
{
    Stage stage;
    const std::string store = "[store]\npath = \"calls.sqlite3\"\n";
    stage.configure(store);
    Program program{ { "-c", stage.file.string() } };
    const auto peer = stage.go_online();
    const auto ctl = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "ctl");
        words.insert(words.end(), { "-c", stage.file.string() });
        return Program{ words }.wait();
    };

    stage.configure("secret = \"x\"\n" + store
                    + "[http]\nlisten = \"127.0.0.1:1\"\n[limits]\nring_timeout = \"30s\"\n");
    const auto reloaded = ctl({ "reload" });
    CHECK(reloaded.code == 0);
    CHECK(reloaded.out.find("carillon.toml is in force") != std::string::npos);
    CHECK(reloaded.out.find("needs a restart: [xmpp] secret, [http] listen\n") != std::string::npos);
    stage.configure(store);
    CHECK(ctl({ "reload" }).out.find("restart") == std::string::npos);

    CHECK(ctl({ "log-level", "debug" }).code == 0);
    CHECK(ctl({ "log-level", "loud" }).code == 64);
    CHECK(ctl({ "links" }).code == 0);
    CHECK(ctl({ "log-level" }).code == 64);
    CHECK(ctl({ "drain", "debug" }).code == 64);
    CHECK(ctl({ "drain" }).code == 0);
    CHECK_FALSE(stage.rings(*peer, "s1"));
    CHECK(ctl({ "resume" }).code == 0);
    CHECK(stage.rings(*peer, "s2"));

    program.send_signal(SIGTERM);
    peer->close();
    CHECK(program.wait().err.find(" debug ") != std::string::npos);
    CHECK(ctl({ "drain" }).code == 69);
    CHECK_FALSE(std::filesystem::exists(stage.directory.path() / "calls.sqlite3.ctl"));
}

TEST_CASE("app: the socket for ctl is its owner's, takes one line, and outlives who says nothing",
          "[component][app][hostile]")
{
    Stage stage;
    stage.configure("[store]\npath = \"calls.sqlite3\"\n");
    Program program{ { "-c", stage.file.string() } };
    const auto peer = stage.go_online();
    const auto socket = stage.directory.path() / "calls.sqlite3.ctl";

    using std::filesystem::perms;
    CHECK(std::filesystem::status(socket).permissions() == (perms::owner_read | perms::owner_write));
    namespace local = boost::asio::local;
    std::vector<local::stream_protocol::socket> silent;
    for (int i = 0; i < 4; ++i)
        silent.emplace_back(stage.io).connect(socket.string());
    local::stream_protocol::socket flood{ stage.io };
    flood.connect(socket.string());
    boost::system::error_code error;
    boost::asio::write(flood, boost::asio::buffer(std::string(100'000, 'x')), error);
    std::string answer;
    boost::asio::read(flood, boost::asio::dynamic_buffer(answer), error);
    CHECK(answer.empty());

    const auto said = Program{ { "ctl", "drain", "-c", stage.file.string() } }.wait();
    CHECK(said.code == 0);
    CHECK(said.out.find("lets in no new calls") != std::string::npos);
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
