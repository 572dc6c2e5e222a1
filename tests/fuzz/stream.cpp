#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"
#include "xmpp/stanza.hpp"
#include "xmpp/writer.hpp"

// The stream reader gets the input in pieces whose sizes the input's first bytes give. Each stanza that comes
// out is written, read again and compared; the same bytes in one piece must tell the same story.
namespace {

constexpr xmpp::ReaderLimits limits{ .max_stanza_bytes = 4096,
                                     .max_kept_bytes = 2048,
                                     .max_depth = 6,
                                     .max_attributes = 8,
                                     .max_value_bytes = 256 };

void require(bool holds)
{
    if (!holds)
        std::abort();
}

class Comparer final : public xmpp::StreamHandler {
public:
    explicit Comparer(const xmpp::Element& expected)
        : expected_{ expected }
    {
    }
    int equal_stanzas = 0;
    void on_stream_open(const xmpp::Element&) override { }
    void on_stanza(xmpp::Element& stanza) override { equal_stanzas += equal(stanza, expected_) ? 1 : 0; }
    void on_skipped(const xmpp::Element&, xmpp::SkipReason) override { std::abort(); }
    void on_stream_close() override { }

private:
    const xmpp::Element& expected_;
};

class Listener final : public xmpp::StreamHandler {
public:
    std::string story;

    void on_stream_open(const xmpp::Element& header) override { story += "open" + to_string(header); }
    void on_stanza(xmpp::Element& stanza) override
    {
        (void)xmpp::Envelope::from_element(stanza);
        std::string xml = "<s xmlns='jabber:component:accept'>";
        const auto start = xml.size();
        xmpp::Writer{ xml, xmpp::ns::component }.element(stanza);
        require(xmpp::is_xml_text(xml));
        story.append(xml, start);

        Comparer comparer{ stanza };
        xmpp::Reader again{ comparer };
        require(again.feed(xml));
        require(comparer.equal_stanzas == 1);
    }
    void on_skipped(const xmpp::Element& envelope, xmpp::SkipReason reason) override
    {
        require(envelope.children().empty());
        // Which limit is seen first may depend on where the bytes were cut, that one is over may not.
        story
            += "skipped" + std::string{ envelope.name } + (reason == xmpp::SkipReason::too_long ? "!" : "?");
    }
    void on_stream_close() override { story += "close"; }
};

std::string read_in_pieces(std::string_view sizes, std::string_view bytes)
{
    Listener listener;
    xmpp::Reader reader{ listener, limits };
    auto is_open = true;
    for (std::size_t i = 0; is_open && !bytes.empty(); ++i) {
        const auto size = sizes.empty()
            ? bytes.size()
            : std::size_t{ 1 } + static_cast<unsigned char>(sizes[i % sizes.size()]);
        is_open = reader.feed(bytes.substr(0, size));
        bytes.remove_prefix(std::min(size, bytes.size()));
    }
    return listener.story + (is_open ? "" : "broken");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t max_sizes = 4;
    const std::string_view input{ reinterpret_cast<const char*>(data), size };
    const auto sizes = input.substr(0, std::min(max_sizes, size));
    const auto bytes = input.substr(sizes.size());

    require(read_in_pieces(sizes, bytes) == read_in_pieces({}, bytes));

    base::Arena arena;
    (void)xmpp::parse_document(bytes, arena, xmpp::Pretty::yes, limits);
    return 0;
}
