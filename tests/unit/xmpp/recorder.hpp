#pragma once

#include <string>
#include <vector>

#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

/// Writes down what a Reader tells, as text.
class Recorder final : public xmpp::StreamHandler {
public:
    std::vector<std::string> events;

    void on_stream_open(const xmpp::Element& header) override
    {
        events.push_back("open " + xmpp::to_string(header));
    }
    void on_stanza(xmpp::Element& stanza) override { events.push_back(xmpp::to_string(stanza)); }
    void on_skipped(const xmpp::Element& envelope, xmpp::SkipReason reason) override
    {
        events.push_back("skipped " + xmpp::to_string(envelope) + ": " + std::string{ to_string(reason) });
    }
    void on_stream_close() override { events.push_back("close"); }
};

inline constexpr std::string_view stream_header
    = "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
      "xmlns='jabber:component:accept' id='s1'>";
