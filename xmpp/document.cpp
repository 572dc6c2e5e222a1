#include "xmpp/document.hpp"

#include <algorithm>
#include <cstring>

#include "xmpp/expat.hpp"
#include "xmpp/plain_scanner.hpp"
#include "xmpp/reader.hpp"
#include "xmpp/tree_builder.hpp"

namespace xmpp {
namespace {

using base::Errc;

/// One run over one document; the first mistake is kept with its place.
class DocumentReader {
public:
    DocumentReader(TreeBuilder& builder, Pretty pretty)
        : pretty_{ pretty }
        , builder_{ builder }
        , parser_{ make_parser(this) }
    {
        XML_SetElementHandler(parser_.get(), on_start, on_end);
        XML_SetCharacterDataHandler(parser_.get(), on_text);
        XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
        XML_SetProcessingInstructionHandler(parser_.get(), on_instruction);
        XML_SetCommentHandler(parser_.get(), on_comment);
    }

    base::Result<Element*> read(std::string_view xml)
    {
        const auto status = XML_Parse(parser_.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE);
        if (!error_ && status == XML_STATUS_ERROR)
            error_ = make_error(Errc::malformed, XML_ErrorString(XML_GetErrorCode(parser_.get())));
        if (error_)
            return tl::unexpected{ *error_ };
        return root_;
    }

private:
    [[nodiscard]] base::Error make_error(Errc code, std::string_view what) const
    {
        return { code, std::string{ what },
                 static_cast<std::uint32_t>(XML_GetCurrentLineNumber(parser_.get())),
                 static_cast<std::uint32_t>(XML_GetCurrentColumnNumber(parser_.get()) + 1) };
    }

    void stop(Errc code, std::string_view what)
    {
        if (error_)
            return;
        error_ = make_error(code, what);
        (void)XML_StopParser(parser_.get(), XML_FALSE);
    }

    void start(const char* name, const char** attributes)
    {
        if (error_)
            return;
        switch (builder_.open(name, attributes)) {
        case TreeBuilder::Status::ok: break;
        case TreeBuilder::Status::skip: return stop(Errc::too_long, to_string(builder_.skip_reason()));
        case TreeBuilder::Status::ill_formed: return stop(Errc::malformed, "namespace prefix");
        }
        if (root_ == nullptr)
            root_ = builder_.current();
    }

    static void on_start(void* self, const char* name, const char** attributes)
    {
        static_cast<DocumentReader*>(self)->start(name, attributes);
    }
    static void on_end(void* self, const char*)
    {
        auto& reader = *static_cast<DocumentReader*>(self);
        if (!reader.error_)
            reader.builder_.close();
    }
    static void on_text(void* self, const char* bytes, int size)
    {
        static_cast<DocumentReader*>(self)->builder_.text(bytes, static_cast<std::size_t>(size));
    }
    static void on_doctype(void* self, const char*, const char*, const char*, int)
    {
        static_cast<DocumentReader*>(self)->stop(Errc::forbidden, "document type declaration");
    }
    static void on_instruction(void* self, const char*, const char*)
    {
        static_cast<DocumentReader*>(self)->stop(Errc::forbidden, "processing instruction");
    }
    static void on_comment(void* self, const char*)
    {
        auto& reader = *static_cast<DocumentReader*>(self);
        if (reader.pretty_ == Pretty::no)
            reader.stop(Errc::forbidden, "comment");
    }

    Pretty pretty_;
    TreeBuilder& builder_;
    ParserPtr parser_;
    Element* root_ = nullptr;
    std::optional<base::Error> error_;
};

TreeBuilder make_builder(base::Arena& arena, Pretty pretty, const ReaderLimits& limits)
{
    const auto blank = pretty == Pretty::yes ? TreeBuilder::BlankText::drop : TreeBuilder::BlankText::keep;
    TreeBuilder builder{ limits, TreeBuilder::Scope::document, blank };
    builder.use(arena);
    return builder;
}

}  // namespace

std::string_view to_string(SkipReason reason) noexcept
{
    switch (reason) {
    case SkipReason::too_long: return "too long";
    case SkipReason::too_deep: return "elements too deep";
    case SkipReason::too_many_attributes: return "too many attributes";
    case SkipReason::value_too_long: return "attribute value too long";
    case SkipReason::unsupported_name: return "name beyond ASCII behind a prefix";
    }
    return "over a limit";
}

base::Result<Element*> parse_document(std::string_view xml, base::Arena& arena, Pretty pretty,
                                      ReaderLimits limits)
{
    if (xml.size() > limits.max_stanza_bytes)
        return base::fail(Errc::too_long, "document");
    if (auto* const root = read_plain(xml, arena, pretty, limits); root != nullptr)
        return root;
    return read_with_expat(xml, arena, pretty, limits);
}

Element* read_plain(std::string_view xml, base::Arena& arena, Pretty pretty, const ReaderLimits& limits)
{
    auto* const copy = static_cast<char*>(arena.allocate(xml.size() + 1, 1));
    std::memcpy(copy, xml.data(), xml.size());
    const auto* const end = copy + xml.size();
    copy[xml.size()] = '\0';
    auto* at = PlainScanner::skip_blanks(copy);
    auto builder = make_builder(arena, pretty, limits);
    builder.expect(TreeBuilder::Texts::lasting);
    PlainScanner scanner{ builder };
    if (scanner.read(at, end) != PlainScanner::Outcome::whole || PlainScanner::skip_blanks(at) != end)
        return nullptr;
    return scanner.root();
}

base::Result<Element*> read_with_expat(std::string_view xml, base::Arena& arena, Pretty pretty,
                                       const ReaderLimits& limits)
{
    auto builder = make_builder(arena, pretty, limits);
    return DocumentReader{ builder, pretty }.read(xml);
}

}  // namespace xmpp
