#include "component/translate_commands.hpp"

#include <iostream>
#include <optional>

#include <unistd.h>

#include "component/input.hpp"
#include "component/translation.hpp"
#include "component/xml_text.hpp"

namespace component {
namespace {

using jingle::Role;

constexpr std::array sdp2jingle_parameters{
    Parameter{ "--action", "What the request is (session-initiate)" },
    Parameter{ "--sid", "Session id (sdp2jingle)" },
    Parameter{ "--initiator", "JID of who started the session" },
    Parameter{ "--responder", "JID of who answers" },
    Parameter{ "--as", "Who wrote the SDP: initiator or responder (from the action)" },
    Parameter{ "--offer", "SDP that is answered" },
    Parameter{ "--for", "Write it for that client; --for help lists them" },
    Parameter{ "FILE", "SDP; - or none is stdin", Parameter::Kind::files },
};

constexpr std::string_view sdp2jingle_details = R"(DESCRIPTION
  Writes each description as one Jingle request (XEP-0166). What Jingle cannot say stands in the
  element <sdp xmlns='urn:carillon:sdp-carry:0'/>, so that `carillon jingle2sdp` gets it back.
  What is left out is told on stderr with its line and the reason.

  A terminal gets indented XML; otherwise each request is one line.

ACTIONS
  session-initiate, session-accept, content-add, content-accept, content-modify, content-remove,
  content-reject, description-info, transport-info (of a description or a fragment, RFC 8840),
  transport-replace, transport-accept, transport-reject. The default role is that of who writes
  such a request: the responder for session-accept and content-accept, else the initiator.
  No SDP says session-info, session-terminate or security-info.

EXIT STATUS
  0 done; 64 wrong usage; 65 FILE:LINE:COLUMN and what is wrong with the input; 66 a file cannot be
  read; 74 cannot write. Of several files all are tried, and the first mistake decides.

EXAMPLES
  carillon sdp2jingle < offer.sdp
  carillon sdp2jingle --action session-accept --sid a73sjjvkla37jfea --offer offer.sdp answer.sdp
  carillon sdp2jingle --for conversations offer.sdp)";

constexpr std::array jingle2sdp_parameters{
    Parameter{ "--as", "Whose SDP it becomes: initiator or responder (from the action)" },
    Parameter{ "--offer", "SDP that is answered: its order, protocols and rejected m-lines count" },
    Parameter{ "--current", "SDP that the same side said last, for content-modify, -remove, -reject" },
    Parameter{ "FILE", "XML; - or none is stdin", Parameter::Kind::files },
};

constexpr std::string_view jingle2sdp_details = R"(DESCRIPTION
  Writes each Jingle request as a session description, transport-info as a fragment (RFC 8840).
  A document is a <jingle/> or has one in it, as an <iq/> has; the first counts. It may be indented.
  The source is trusted: every line in the carry element is written back.
  What is left out is told on stderr with its line and the reason.

ACTIONS
  session-initiate, session-accept, content-add, content-accept, transport-info; with --current also
  content-modify, content-remove and content-reject, as the description after it.
  The default role: initiate and add are SDP of who asks, accept and reject of who answers.

EXIT STATUS
  0 done; 64 wrong usage; 65 FILE:LINE:COLUMN and what is wrong with the input; 66 a file cannot be
  read; 74 cannot write. Of several files all are tried, and the first mistake decides.

EXAMPLES
  carillon sdp2jingle < offer.sdp | carillon jingle2sdp
  carillon jingle2sdp --offer offer.sdp accept.xml)";

int usage_error(std::string_view command, const std::string& what)
{
    std::cerr << "carillon " << command << ": " << what << '\n';
    return exit_usage;
}

std::string joined(const std::vector<std::string>& requests)
{
    const auto for_people = ::isatty(STDOUT_FILENO) == 1;
    std::string out;
    for (const auto& request : requests)
        out.append(for_people ? indented(request) : request) += '\n';
    return out;
}

void tell(const Input& input, const std::vector<Remark>& remarks)
{
    for (const auto& remark : remarks)
        std::cerr << input.name << ':' << remark.place.line << ':' << remark.place.column << ": "
                  << printable(remark.text) << '\n';
}

/// The file of an option as a description; null without it.
tl::expected<std::unique_ptr<SdpText>, ExitCode> read_description(const Arguments& arguments,
                                                                  std::string_view option)
{
    if (!arguments.has(option))
        return nullptr;
    auto input = read_input(std::string{ arguments.value(option) }, sdp::max_bytes);
    if (!input)
        return tl::unexpected{ input.error() };
    auto text = SdpText::parse(std::move(input->text));
    if (text)
        return std::move(*text);
    report(*input, text.error());
    return tl::unexpected{ exit_bad_input };
}

enum class Wants { sdp, xml };

/// Absent unless the input is for the other command.
std::optional<base::Error> wrong_way_round(const Input& input, Wants wants)
{
    if (wants == Wants::sdp && looks_like_xml(input.text))
        return base::Error{ base::Errc::malformed, "XML, which `carillon jingle2sdp` reads", 1, 1 };
    if (wants == Wants::xml && input.text.starts_with("v="))
        return base::Error{ base::Errc::malformed, "SDP, which `carillon sdp2jingle` reads", 1, 1 };
    return std::nullopt;
}

int sdp2jingle(const Arguments& arguments)
{
    if (arguments.value("--for") == "help") {
        std::cout << profile_list();
        return exit_ok;
    }
    auto how = parse_sdp2jingle(arguments);
    if (!how)
        return usage_error("sdp2jingle", how.error());
    const auto offer = read_description(arguments, "--offer");
    if (!offer)
        return offer.error();
    if (*offer)
        how->offer = &(*offer)->description;
    return for_each_input(arguments, sdp::max_bytes, [&](const Input& input) -> base::Result<std::string> {
        if (const auto wrong = wrong_way_round(input, Wants::sdp))
            return tl::unexpected{ *wrong };
        TRY(const auto translated, sdp_to_jingle(input.text, *how));
        tell(input, translated.remarks);
        return joined(translated.texts);
    });
}

int jingle2sdp(const Arguments& arguments)
{
    auto how = parse_jingle2sdp(arguments);
    if (!how)
        return usage_error("jingle2sdp", how.error());
    const auto offer = read_description(arguments, "--offer");
    if (!offer)
        return offer.error();
    const auto current = read_description(arguments, "--current");
    if (!current)
        return current.error();
    if (*offer)
        how->offer = &(*offer)->description;
    if (*current)
        how->current = &(*current)->description;
    return for_each_input(arguments, max_xml_bytes, [&](const Input& input) -> base::Result<std::string> {
        if (const auto wrong = wrong_way_round(input, Wants::xml))
            return tl::unexpected{ *wrong };
        TRY(const auto translated, jingle_to_sdp(input.text, *how));
        tell(input, translated.remarks);
        return translated.texts.front();
    });
}

}  // namespace

const Command sdp2jingle_command{ "sdp2jingle", "Translate SDP to Jingle", sdp2jingle_parameters, sdp2jingle,
                                  sdp2jingle_details };
const Command jingle2sdp_command{ "jingle2sdp", "Translate Jingle to SDP", jingle2sdp_parameters, jingle2sdp,
                                  jingle2sdp_details };

}  // namespace component
