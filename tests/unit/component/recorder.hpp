#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "component/link.hpp"
#include "xmpp/writer.hpp"

/// A LinkHandler that writes down what it hears: "online", "offline", "skipped NAME", or the stanza as text.
class Recorder final : public component::LinkHandler {
public:
    void on_online() override { note("online"); }
    void on_offline() override { note("offline"); }
    void on_stanza(xmpp::Element& stanza) override
    {
        note(std::string{ stanza.name } + " " + std::string{ stanza.attribute_or_empty("id") });
    }
    void on_skipped(const xmpp::Element& envelope, xmpp::SkipReason /*reason*/) override
    {
        note("skipped " + std::string{ envelope.name } + " "
             + std::string{ envelope.attribute_or_empty("id") });
    }
    void on_batch_end() override
    {
        ++batches;
        if (then_batch)
            then_batch();
    }

    [[nodiscard]] std::size_t count(std::string_view what) const
    {
        return static_cast<std::size_t>(std::ranges::count(events, what));
    }

    std::vector<std::string> events;
    std::size_t batches = 0;
    std::function<void(const std::string& event)> then;  ///< what the handler does about it
    std::function<void()> then_batch;

private:
    void note(std::string event)
    {
        events.push_back(std::move(event));
        if (then)
            then(events.back());
    }
};
