// SDP to Jingle XML and back with Carillon's libraries, text in and text out: translate_bench OFFER.sdp
// ITERATIONS JINGLE.xml
//
// Writes the XML it made to JINGLE.xml, for the others to read, and prints the CPU time of each way in
// microseconds as JSON.

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/arena.hpp"
#include "jingle/from_sdp.hpp"
#include "jingle/session.hpp"
#include "jingle/slots.hpp"
#include "jingle/to_sdp.hpp"
#include "sdp/description.hpp"
#include "xmpp/ns.hpp"
#include "xmpp/reader.hpp"
#include "xmpp/writer.hpp"

namespace {

/// What a translation needs twice: arena and text are emptied, not freed, between two of them, as in a
/// process that translates call after call. (Freed, a large text goes back to the system, and the page faults
/// are what is timed.)
class Translator {
public:
    const std::string& to_xml(std::string_view sdp)
    {
        arena_.reset();
        text_.clear();
        const auto description = checked(sdp::Description::parse(sdp, arena_));
        jingle::Slots slots;
        const auto jingle = checked(jingle::from_sdp(
            description,
            { .sid = "a73sjjvkla37jfea", .initiator = "romeo@montague.example/orchard", .slots = slots },
            arena_));
        xmpp::Writer writer{ text_, xmpp::ns::component };
        jingle.write(writer);
        return text_;
    }

    const std::string& to_sdp(std::string_view xml)
    {
        arena_.reset();
        text_.clear();
        const auto* const element = checked(xmpp::parse_document(xml, arena_));
        const auto jingle = checked(jingle::Jingle::from_element(*element, arena_));
        jingle::Slots slots;
        const auto description = checked(jingle::to_sdp(jingle, { .slots = slots }, arena_));
        if (const auto written = description.append_to(text_); !written)
            refuse(written.error());
        return text_;
    }

private:
    [[noreturn]] static void refuse(const base::Error& error)
    {
        throw std::runtime_error{ "the translation refused its input: " + error.what };
    }

    template <class T>
    static T checked(base::Result<T> result)
    {
        if (!result)
            refuse(result.error());
        return std::move(*result);
    }

    std::string text_;
    base::Arena arena_{ 4096 * 1024 };
};

double cpu_us()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

template <class Translate>
double each(int iterations, Translate translate)
{
    std::size_t bytes = 0;
    for (int i = 0; i < iterations / 4; ++i)
        bytes += translate().size();
    const auto start = cpu_us();
    for (int i = 0; i < iterations; ++i)
        bytes += translate().size();
    const auto cpu = cpu_us() - start;
    return bytes == 0 ? 0 : cpu / iterations;
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 4 || std::atoi(argv[2]) < 1) {
        std::fprintf(stderr, "usage: translate_bench OFFER.sdp ITERATIONS JINGLE.xml\n");
        return 64;
    }
    try {
        std::ifstream file{ argv[1], std::ios::binary };
        const std::string sdp{ std::istreambuf_iterator<char>{ file }, {} };
        Translator translator;
        const std::string xml = translator.to_xml(sdp);
        std::ofstream{ argv[3], std::ios::binary } << xml;
        const auto iterations = std::atoi(argv[2]);
        const auto there = each(iterations, [&] { return translator.to_xml(sdp); });
        const auto back = each(iterations, [&] { return translator.to_sdp(xml); });
        std::printf("{\"Carillon: SDP to XML\": %.2f, \"Carillon: XML to SDP\": %.2f}\n", there, back);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "translate_bench: %s\n", e.what());
        return 1;
    }
}
