#include <iostream>

#include <catch2/catch.hpp>

#include "unit/jingle/translate/lines.hpp"
#include "unit/jingle/translate/support.hpp"

using namespace translate;
using jingle::Action;
using jingle::Role;

namespace {

std::vector<std::filesystem::path> corpus()
{
    std::vector<std::filesystem::path> all;
    for (const auto* folder : { "corpus/aiortc", "corpus/chromium", "corpus/firefox" })
        for (auto& path : documents::files(folder, ".sdp"))
            all.push_back(path);
    return all;
}

/// The offer that SCENARIO.answer.sdp or SCENARIO.answer-gathered.sdp answers; empty for an offer.
std::filesystem::path offer_of(const std::filesystem::path& path)
{
    auto name = path.filename().string();
    const auto at = name.find(".answer");
    if (at == std::string::npos)
        return {};
    return path.parent_path() / name.replace(at, std::string_view{ ".answer" }.size(), ".offer");
}

std::string round_trip(Leg& leg, const std::string& text, Action action, Role writer)
{
    return leg.to_text(leg.to_xml(text, action, writer), writer);
}

}  // namespace

TEST_CASE("corpus: no line of real SDP is lost on the way through Jingle", "[jingle][translate]")
{
    std::size_t files = 0;
    std::size_t lost = 0;
    for (const auto& path : corpus()) {
        CAPTURE(path.string());
        auto offer = offer_of(path);
        if (!offer.empty() && !std::filesystem::exists(offer))
            offer = offer.parent_path()
                / (path.filename().string().substr(0, path.filename().string().find(".answer"))
                   + ".offer.sdp");
        const auto action = offer.empty() ? Action::session_initiate : Action::session_accept;
        const auto writer = offer.empty() ? Role::initiator : Role::responder;
        const auto text = documents::slurp(path);

        Leg leg;
        if (!offer.empty())
            leg.offered(documents::slurp(offer));
        const auto once = round_trip(leg, text, action, writer);
        CAPTURE(once);
        const auto lost_lines = lines::lost(text, once);
        for (const auto& line : lost_lines)
            std::cout << path.string() << ": lost " << line << '\n';
        CHECK(joined(lines::gained(text, once)) == "");

        Leg again;
        if (!offer.empty())
            again.offered(documents::slurp(offer));
        CHECK(round_trip(again, once, action, writer) == once);
        lost += lost_lines.size();
        ++files;
    }
    std::cout << "summary: corpus through the libraries: " << files << " files, " << lost << " lines lost\n";
    CHECK(files == 372);
    CHECK(lost == 0);
}
