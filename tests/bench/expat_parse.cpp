// What every relay has to pay: expat reads the same bytes, with namespaces as Carillon does, and does nothing
// with them. Prints the CPU time per stanza of each round as JSON.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <expat.h>

namespace {

constexpr std::size_t read_size = 65'536;  ///< as much as a relay reads at once
constexpr std::string_view header = "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' "
                                    "xmlns='jabber:component:accept' from='call.bench.test' id='bench'>";

using Parser = std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)>;

bool parse(std::string_view stream)
{
    const Parser parser{ XML_ParserCreateNS(nullptr, '|'), &XML_ParserFree };
    XML_SetReparseDeferralEnabled(parser.get(), XML_FALSE);
    if (XML_Parse(parser.get(), header.data(), static_cast<int>(header.size()), XML_FALSE) != XML_STATUS_OK)
        return false;
    for (; !stream.empty(); stream.remove_prefix(std::min(read_size, stream.size()))) {
        const auto chunk = stream.substr(0, read_size);
        void* const buffer = XML_GetBuffer(parser.get(), static_cast<int>(chunk.size()));
        std::memcpy(buffer, chunk.data(), chunk.size());
        if (XML_ParseBuffer(parser.get(), static_cast<int>(chunk.size()), XML_FALSE) != XML_STATUS_OK)
            return false;
    }
    return true;
}

double cpu_us()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 4) {
        std::fprintf(stderr, "usage: expat_parse FILE STANZAS ROUNDS\n");
        return 64;
    }
    std::ifstream file{ argv[1], std::ios::binary };
    const std::string bytes{ std::istreambuf_iterator<char>{ file }, {} };
    const double stanzas = std::atof(argv[2]);
    std::vector<double> rounds;
    for (int i = std::atoi(argv[3]); i > 0; --i) {
        const auto before = cpu_us();
        if (bytes.empty() || !parse(bytes)) {
            std::fprintf(stderr, "expat_parse: %s is not the inside of a stream\n", argv[1]);
            return 1;
        }
        rounds.push_back((cpu_us() - before) / stanzas);
    }
    std::ranges::sort(rounds);
    std::printf("{\"cpu_us_per_stanza\": %.3f, \"best\": %.3f}\n",
                rounds.empty() ? 0 : rounds[rounds.size() / 2], rounds.empty() ? 0 : rounds.front());
}
