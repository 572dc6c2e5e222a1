#include <boost/asio/post.hpp>

#include "component/link.hpp"
#include "fake_server.hpp"

using namespace std::chrono_literals;

namespace {

constexpr std::string_view stream_end = "</stream:stream>";

std::string stream_error(std::string_view condition)
{
    return "<stream:error><" + std::string{ condition }
    + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>";
}

component::LinkOptions with(auto change)
{
    auto options = Lab::quick();
    change(options);
    return options;
}

}  // namespace

TEST_CASE("link: connects, proves the secret, passes stanzas both ways", "[component][link]")
{
    Lab lab;
    lab.link->start();
    const auto peer = lab.greet();
    CHECK(peer->received
          == "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
             "xmlns:stream='http://etherx.jabber.org/streams' to='call.example.org'><handshake>"
              + component::handshake_digest("3BF9", "secret") + "</handshake>");
    CHECK_FALSE(lab.link->online());
    peer->received.clear();
    lab.recorder.then = [&](const std::string& event) {
        if (event == "iq 1")
            lab.link->out() += "<iq id='1' type='result'/>";
    };

    peer->send("<handshake/>");
    peer->send("<iq id='1' type='get'/>");

    CHECK(lab.until([&] { return peer->received == "<iq id='1' type='result'/>"; }));
    CHECK(lab.recorder.events == std::vector<std::string>{ "online", "iq 1" });
    CHECK(lab.recorder.batches >= 1);
    CHECK(lab.log.has("online as call.example.org at 127.0.0.1:"));
    CHECK_FALSE(lab.log.has("secret"));
}

TEST_CASE("link: a host name is looked up", "[component][link]")
{
    Lab lab{ with([](auto& options) {
        options.host = "localhost";
        options.close_timeout = 10ms;
    }) };
    lab.link->start();

    lab.go_online();
    CHECK(lab.stop());
}

TEST_CASE("link: a refusal is logged with what to do, and tried again", "[component][link]")
{
    struct Row {
        std::string condition;
        std::string advice;
    };
    const auto row = GENERATE(values<Row>({
        { "not-authorized", "compare the secret" },
        { "conflict", "stop the other one" },
        { "host-unknown", "add it to the server's configuration" },
        { "reset", "see the server's log" },
    }));
    Lab lab;
    lab.link->start();
    const auto refused = lab.greet();

    refused->send(stream_error(row.condition));
    CHECK(lab.until([&] { return refused->received.ends_with(stream_end); }));
    refused->close();

    lab.go_online();
    CHECK(lab.recorder.events == std::vector<std::string>{ "online" });
    CHECK(lab.log.has("ended the stream with " + row.condition));
    CHECK(lab.log.has(row.advice));
}

TEST_CASE("link: host-unknown comes before any id, as Prosody sends it", "[component][link]")
{
    Lab lab;
    lab.link->start();
    const auto refused = lab.accept();
    refused->send("<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
                  "xmlns='jabber:component:accept' id=''>"
                  + stream_error("host-unknown"));
    refused->close();

    lab.go_online();
    CHECK(lab.log.has("host-unknown"));
}

TEST_CASE("link: comes back when the server closes the stream", "[component][link]")
{
    Lab lab;
    lab.link->start();
    const auto peer = lab.go_online();

    peer->send(stream_end);
    CHECK(lab.until([&] { return peer->received == stream_end; }));
    CHECK(lab.until([&] { return !lab.link->online(); }));
    peer->close();

    lab.go_online();
    CHECK(lab.recorder.events == std::vector<std::string>{ "online", "offline", "online" });
    CHECK(lab.log.has("the server closed the stream"));
}

TEST_CASE("link: comes back when the connection is cut", "[component][link]")
{
    Lab lab;
    lab.link->start();
    const auto peer = lab.go_online();

    SECTION("cleanly")
    {
        peer->close();
    }
    SECTION("with RST")
    {
        peer->reset();
    }

    lab.go_online();
    CHECK(lab.recorder.events == std::vector<std::string>{ "online", "offline", "online" });
    CHECK(lab.log.has("the server cut the connection"));
}

TEST_CASE("link: what it cannot read it answers with a stream error, and comes back", "[component][link]")
{
    struct Row {
        std::string input;
        std::string condition;
    };
    const auto row = GENERATE(values<Row>({
        { "<iq></nonsense>", "not-well-formed" },
        { "<!-- a -->", "restricted-xml" },
    }));
    Lab lab;
    lab.link->start();
    const auto peer = lab.go_online();
    lab.recorder.then = [&](const std::string& event) {
        if (event == "iq before")
            lab.link->out() += "<iq id='answer'/>";
    };

    peer->send("<iq id='before'/>" + row.input);

    CHECK(lab.until([&] { return peer->received == "<iq id='answer'/>" + stream_error(row.condition); }));
    CHECK(lab.until([&] { return lab.recorder.count("offline") == 1; }));
    peer->close();
    lab.go_online();
    CHECK(lab.log.has(row.condition));
}

TEST_CASE("link: a skipped stanza is told and the stream goes on", "[component][link]")
{
    Lab lab{ with([](auto& options) { options.reader.max_kept_bytes = 1000; }) };
    lab.link->start();
    const auto peer = lab.go_online();

    peer->send("<message id='big'>" + std::string(2000, 'x') + "</message><iq id='1'/>");

    CHECK(lab.until([&] { return lab.recorder.count("iq 1") == 1; }));
    CHECK(lab.recorder.events == std::vector<std::string>{ "online", "skipped message big", "iq 1" });
}

TEST_CASE("link: a server that takes the connection and says nothing is given up", "[component][link]")
{
    Lab lab{ with([](auto& options) { options.setup_timeout = 20ms; }) };
    lab.link->start();

    const auto mute = lab.accept();
    CHECK(lab.until([&] { return mute->is_over; }));
    const auto again = lab.accept();

    CHECK(lab.log.has("did not answer in 20 ms"));
    CHECK(lab.recorder.events.empty());
}

TEST_CASE("link: nobody listens, so it tries again and again", "[component][link]")
{
    Lab lab{ with([](auto& options) { options.host = "127.0.0.2"; }) };  // the lab listens on 127.0.0.1 only
    int delays = 0;
    component::Link link{ lab.io, with([](auto& options) {
                              options.host = "127.0.0.1";
                              options.port = 1;
                          }),
                          lab.recorder, [&] {
                              ++delays;
                              return 0U;
                          } };
    link.start();

    CHECK(lab.until([&] { return delays == 5; }));
    CHECK(lab.log.has("cannot connect to 127.0.0.1:1: Connection refused: is the server running"));
    CHECK(lab.log.has("next attempt in 2 ms"));
}

TEST_CASE("link: a name that nobody knows is looked up again and again", "[component][link]")
{
    Lab lab{ with([](auto& options) { options.host = "no such host"; }) };
    lab.link->start();

    CHECK(lab.until([&] { return lab.log.has("cannot look up no such host"); }));
    CHECK(lab.until([&] { return lab.log.has("next attempt"); }));
    CHECK(lab.stop());
}

TEST_CASE("link: a server that does not read is given up before the buffer grows past its limit",
          "[component][link]")
{
    constexpr std::size_t limit = 1'000'000;
    Lab lab{ with([](auto& options) { options.max_unsent = limit; }) };
    lab.link->start();
    const auto peer = lab.go_online();
    const auto never_read = [&] { return lab.recorder.count("offline") == 1; };
    const auto silent = peer;  // reads on, but the loop below does not give it a turn
    const std::string stanza = "<message id='1'>" + std::string(1000, 'x') + "</message>";

    std::size_t largest = 0;
    while (!never_read()) {
        lab.link->out() += stanza;
        largest = std::max(largest, lab.link->out().size());
        lab.link->flush();
    }

    CHECK(largest <= limit + stanza.size());
    CHECK(lab.log.has("the server does not read what we send"));
    CHECK(lab.link->dropped_bytes() > 0);
    lab.recorder.events.clear();
    lab.go_online();
    CHECK(lab.recorder.events == std::vector<std::string>{ "online" });
}

TEST_CASE("link: much output arrives whole and in order", "[component][link]")
{
    Lab lab;
    lab.link->start();
    const auto peer = lab.go_online();
    std::string all;

    for (int i = 0; i < 3000; ++i) {
        const auto stanza
            = "<message id='" + std::to_string(i) + "'>" + std::string(1000, 'x') + "</message>";
        all += stanza;
        lab.link->out() += stanza;
        lab.link->flush();
        if (i % 100 == 0)
            lab.io.poll_one();
    }

    CHECK(lab.until([&] { return peer->received.size() == all.size(); }));
    CHECK(peer->received == all);
}

TEST_CASE("link: what is said first does not wait for the long stanzas that came with it",
          "[component][link]")
{
    const auto [size, waits] = GENERATE(table<std::size_t, bool>({ { 100, true }, { 5000, false } }));
    CAPTURE(size);
    Lab lab;
    lab.link->start();
    const auto peer = lab.go_online();
    std::vector<bool> waited;
    lab.recorder.then = [&](const std::string& event) {
        if (event == "iq word")
            lab.link->out() += "<iq id='relayed'/>";
        else
            waited.push_back(!lab.link->out().empty());
    };
    peer->send("<iq id='word'/><iq id='large'><x>" + std::string(size, 'x') + "</x></iq>");
    CHECK(lab.until([&] { return !waited.empty() && !peer->received.empty(); }));
    CHECK(waited == std::vector{ waits });
    CHECK(peer->received == "<iq id='relayed'/>");
}

TEST_CASE("link: what is written while offline is dropped and counted", "[component][link]")
{
    Lab lab;
    lab.link->start();
    lab.link->out() += "<iq id='early'/>";
    lab.link->flush();
    CHECK(lab.link->dropped_bytes() == 16);
    lab.link->out() += "<iq id='unflushed'/>";

    const auto peer = lab.go_online();
    lab.link->out() += "<iq id='1'/>";
    lab.link->flush();

    CHECK(lab.until([&] { return peer->received == "<iq id='1'/>"; }));
    CHECK(lab.link->dropped_bytes() == 36);
}

TEST_CASE("link: stop sends what is left, says goodbye, waits for the server's", "[component][link]")
{
    Lab lab;
    lab.link->start();
    const auto peer = lab.go_online();
    lab.link->out() += "<iq id='last'/>";

    lab.link->stop([&] { lab.stopped = true; });
    CHECK(lab.recorder.events.back() == "offline");
    CHECK(lab.until([&] { return peer->received.ends_with(stream_end); }));
    CHECK(peer->received == "<iq id='last'/></stream:stream>");
    CHECK_FALSE(lab.stopped);

    peer->send("<iq id='crossed'/></stream:stream>");
    peer->close();
    CHECK(lab.until([&] { return lab.stopped; }));
    CHECK(lab.recorder.events == std::vector<std::string>{ "online", "offline" });
    CHECK(peer->received.find("unavailable") == std::string::npos);
}

TEST_CASE("link: stop does not wait for a server that does not answer", "[component][link]")
{
    Lab lab{ with([](auto& options) { options.close_timeout = 10ms; }) };
    lab.link->start();
    const auto peer = lab.go_online();

    CHECK(lab.stop());
    CHECK(lab.until([&] { return peer->is_over; }));
}

TEST_CASE("link: stop works at any time", "[component][link]")
{
    SECTION("before start")
    {
        Lab lab;
        CHECK(lab.stop());
    }
    SECTION("while it connects")
    {
        Lab lab;
        lab.link->start();
        CHECK(lab.stop());
    }
    SECTION("before the handshake")
    {
        Lab lab{ with([](auto& options) { options.close_timeout = 10ms; }) };
        lab.link->start();
        const auto peer = lab.accept();
        CHECK(lab.stop());
        CHECK(lab.recorder.events.empty());
    }
    SECTION("while it waits for the next attempt")
    {
        Lab lab{ with([](auto& options) { options.backoff_min = options.backoff_max = 1h; }) };
        lab.link->start();
        lab.go_online()->close();
        REQUIRE(lab.until([&] { return lab.log.has("next attempt"); }));
        CHECK(lab.stop());
    }
    SECTION("from within the handler")
    {
        Lab lab{ with([](auto& options) { options.close_timeout = 10ms; }) };
        lab.link->start();
        const auto peer = lab.go_online();
        lab.recorder.then = [&](const std::string& event) {
            if (event == "iq 1")
                lab.link->stop([&] { lab.stopped = true; });
        };
        peer->send("<iq id='1'/><iq id='2'/>");
        CHECK(lab.until([&] { return lab.stopped; }));
        CHECK(lab.recorder.events == std::vector<std::string>{ "online", "iq 1", "offline" });
    }
}

TEST_CASE("link: a handler may cut the connection in the middle of a batch", "[component][link]")
{
    Lab lab;
    lab.link->start();
    const auto peer = lab.go_online();
    lab.recorder.then = [&](const std::string& event) {
        if (event == "iq 1")
            lab.link->drop("the test says so");
    };

    peer->send("<iq id='1'/><iq id='2'/>");
    CHECK(lab.until([&] { return peer->is_over; }));

    lab.go_online();
    CHECK(lab.recorder.events == std::vector<std::string>{ "online", "iq 1", "offline", "online" });
    CHECK(lab.log.has("the test says so"));
}

TEST_CASE("link: may go at any time", "[component][link]")
{
    Lab lab;
    lab.link->start();
    SECTION("while it connects") { }
    SECTION("while online, with output")
    {
        lab.go_online();
        lab.link->out() += "<iq/>";
        lab.link->flush();
    }
    const auto events = lab.recorder.events;

    lab.link.reset();
    while (lab.io.poll() > 0)
        lab.io.restart();

    CHECK(lab.recorder.events == events);
}

TEST_CASE("link: what a handler throws comes out of the loop", "[component][link]")
{
    Lab lab;
    lab.link->start();
    const auto peer = lab.go_online();
    lab.recorder.then = [](const std::string&) { throw std::runtime_error{ "broken" }; };
    peer->send("<iq id='1'/>");

    CHECK_THROWS_WITH(lab.until([] { return false; }), "broken");
}

TEST_CASE("link: a space goes out when nothing else does", "[component][link]")
{
    Lab lab{ with([](auto& options) { options.keep_alive = 5ms; }) };
    lab.link->start();
    const auto peer = lab.go_online();

    CHECK(lab.until([&] { return peer->received == "  "; }));
}

TEST_CASE("link: a silent server is pinged, and given up when it does not answer", "[component][link]")
{
    Lab lab{ with([](auto& options) {
        options.ping_to = "example.org";
        options.ping_after = 5ms;
        options.ping_timeout = 50ms;
    }) };
    lab.link->start();
    const auto peer = lab.go_online();
    const std::string ping = "<iq from='call.example.org' to='example.org' id='ping-1' type='get'>"
                             "<ping xmlns='urn:xmpp:ping'/></iq>";
    REQUIRE(lab.until([&] { return peer->received == ping; }));

    SECTION("no answer")
    {
        CHECK(lab.until([&] { return peer->is_over; }));
        CHECK(lab.log.has("no answer to a ping"));
        lab.go_online();
    }
    SECTION("an answer, which the handler does not hear of")
    {
        const auto type = GENERATE(as<std::string>{}, "result", "error");
        peer->send("<iq from='example.org' to='call.example.org' id='ping-1' type='" + type + "'/>");
        CHECK(lab.until([&] { return peer->received.find("ping-2") != std::string::npos; }));
        CHECK(lab.recorder.events == std::vector<std::string>{ "online" });
    }
}

TEST_CASE("link: the back-off starts over only after a stable time online", "[component][link]")
{
    const auto stable_after = GENERATE(as<component::LinkOptions::Duration>{}, 0h, 1h);
    Lab lab{ with([&](auto& options) {
        options.stable_after = stable_after;
        options.backoff_max = 8ms;
    }) };
    lab.link->start();
    for (int i = 0; i < 3; ++i)
        lab.go_online()->close();
    lab.go_online();

    CHECK(lab.log.has("next attempt in 4 ms") == (stable_after != 0h));
}
