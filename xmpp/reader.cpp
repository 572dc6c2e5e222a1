#include "xmpp/reader.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "xmpp/expat.hpp"
#include "xmpp/plain_scanner.hpp"
#include "xmpp/tree_builder.hpp"

namespace xmpp {
namespace {

/// Fed to expat at a time, so that sizes are looked at this often.
constexpr std::size_t piece_bytes = 16 * 1024;

/// The start of a stanza that is kept until more of it comes, before expat gets it: each time it is read
/// anew.
constexpr std::size_t max_cut_bytes = 16 * 1024;
constexpr int max_cuts = 4;

}  // namespace

/// Expat reads the start tag of the stream, and from there on each stanza that the scanner of plain XML
/// leaves to it, up to that stanza's end. It remembers every name it ever saw, at up to 20 times its size,
/// and a stream lasts for months: so each time it begins anew, with the stream's start tag.
class Reader::Impl {
public:
    Impl(StreamHandler& handler, const ReaderLimits& limits)
        : handler_{ handler }
        , limits_{ limits }
        , builder_{ limits, TreeBuilder::Scope::stream }
        , scanner_{ builder_ }
    {
        reset();
    }

    void reset();
    bool feed(std::string_view bytes);
    [[nodiscard]] StreamError error() const noexcept { return error_; }

private:
    // Expat's callbacks.
    static void on_start(void* self, const char* name, const char** attributes);
    static void on_end(void* self, const char* name);
    static void on_text(void* self, const char* bytes, int size);
    static void on_doctype(void* self, const char* name, const char* system, const char* pub, int has_subset);
    static void on_instruction(void* self, const char* target, const char* text);
    static void on_comment(void* self, const char* text);

    void start(const char* name, const char** attributes);
    void end();
    void open_stream(const char* name, TreeBuilder::Status status);
    void end_stanza();
    void start_skipping(SkipReason reason);
    void start_parser();
    void hand_over();
    void renew_parser();
    void stop(StreamError error);
    void read(std::string_view bytes);
    std::size_t scan(std::string_view bytes);
    PlainScanner::Outcome scan_stanza(char*& at, const char* end);
    bool keep(std::string_view cut);
    std::size_t parse(std::string_view piece);
    void check_sizes();

    [[nodiscard]] bool is_in_stanza() const noexcept { return depth_ > 1; }
    /// Where the current event stands, in bytes since the parser was made.
    [[nodiscard]] std::size_t event_start() const
    {
        return static_cast<std::size_t>(std::max<XML_Index>(0, XML_GetCurrentByteIndex(parser_.get())));
    }
    [[nodiscard]] std::size_t event_end() const
    {
        return event_start() + static_cast<std::size_t>(XML_GetCurrentByteCount(parser_.get()));
    }

    StreamHandler& handler_;
    ReaderLimits limits_;
    TreeBuilder builder_;
    PlainScanner scanner_;
    std::vector<char> scanned_;  ///< what the scanner works on
    std::string cut_;  ///< the start of a plain stanza
    int cuts_ = 0;  ///< how many times it was not enough
    bool is_expat_reading_ = true;
    base::Arena stream_arena_{ 1024 };  ///< the header and the namespaces it declares
    base::Arena stanza_arena_;
    ParserPtr parser_;
    std::string root_name_;  ///< as written, prefix included
    std::size_t stream_bytes_ = 0;  ///< fed to expat since the stream began
    std::size_t parsed_bytes_ = 0;  ///< fed to this parser
    std::size_t stanza_start_ = 0;  ///< as event_start()
    std::size_t depth_ = 0;  ///< open elements, the stream's included
    Element* stanza_ = nullptr;
    std::optional<SkipReason> skipping_;
    bool replaying_ = false;  ///< the parser is being told the stream's start tag once more
    bool closed_ = false;
    bool broken_ = false;
    StreamError error_ = StreamError::not_well_formed;
};

void Reader::Impl::reset()
{
    builder_.reset();
    builder_.use(stream_arena_);
    stream_arena_.reset();
    stanza_arena_.reset();
    root_name_.clear();
    cut_.clear();
    cuts_ = 0;
    stream_bytes_ = 0;
    depth_ = 0;
    stanza_ = nullptr;
    skipping_.reset();
    closed_ = false;
    broken_ = false;
    start_parser();
}

void Reader::Impl::start_parser()
{
    if (!parser_ || XML_ParserReset(parser_.get(), nullptr) == XML_FALSE)
        parser_ = create_parser();
    auto* parser = parser_.get();
    prepare_parser(parser, this);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    XML_SetProcessingInstructionHandler(parser, on_instruction);
    XML_SetCommentHandler(parser, on_comment);
    parsed_bytes_ = 0;
    is_expat_reading_ = true;
}

/// For a stanza: the stream's start tag comes before.
void Reader::Impl::renew_parser()
{
    start_parser();
    cuts_ = 0;
    const auto start_tag = "<" + root_name_ + ">";
    replaying_ = true;
    (void)XML_Parse(parser_.get(), start_tag.data(), static_cast<int>(start_tag.size()), XML_FALSE);
    replaying_ = false;
    parsed_bytes_ = start_tag.size();
}

bool Reader::Impl::feed(std::string_view bytes)
{
    if (!bytes.empty() && !cut_.empty()) {
        const auto whole = std::exchange(cut_, {}).append(bytes);
        read(whole);
    } else {
        read(bytes);
    }
    return !broken_;
}

void Reader::Impl::read(std::string_view bytes)
{
    scanned_.assign(bytes.begin(), bytes.end());
    scanned_.push_back('\0');
    while (!bytes.empty() && !broken_ && !closed_)
        bytes.remove_prefix(is_expat_reading_ ? parse(bytes.substr(0, piece_bytes)) : scan(bytes));
}

/// `bytes` are the last ones of `scanned_`. Returns how many are done with: whole stanzas and what is between
/// them, and the start of one, which it keeps.
std::size_t Reader::Impl::scan(std::string_view bytes)
{
    const auto* const end = scanned_.data() + scanned_.size() - 1;
    auto* at = scanned_.data() + scanned_.size() - 1 - bytes.size();
    auto outcome = PlainScanner::Outcome::whole;
    builder_.expect(TreeBuilder::Texts::lasting);
    while (outcome == PlainScanner::Outcome::whole && (at = PlainScanner::skip_blanks(at)) != end)
        outcome = scan_stanza(at, end);
    builder_.expect(TreeBuilder::Texts::passing);
    const auto done = bytes.size() - static_cast<std::size_t>(end - at);
    if (outcome == PlainScanner::Outcome::cut_short && keep(bytes.substr(done)))
        return bytes.size();
    if (outcome != PlainScanner::Outcome::whole)
        renew_parser();
    return done;
}

/// `at` goes on behind the stanza when it is whole.
PlainScanner::Outcome Reader::Impl::scan_stanza(char*& at, const char* end)
{
    auto* const start = at;
    auto outcome = scanner_.read(at, end);
    if (outcome == PlainScanner::Outcome::whole
        && static_cast<std::size_t>(at - start) > limits_.max_kept_bytes) {
        at = start;
        outcome = PlainScanner::Outcome::not_plain;
    }
    if (outcome == PlainScanner::Outcome::whole) {
        cuts_ = 0;
        handler_.on_stanza(*scanner_.root());
    } else {
        builder_.close_all_but_root();
    }
    stanza_arena_.reset();
    return outcome;
}

/// False when expat shall have it.
bool Reader::Impl::keep(std::string_view cut)
{
    if (++cuts_ > max_cuts || cut.size() > std::min(max_cut_bytes, limits_.max_kept_bytes))
        return false;
    cut_ = cut;
    return true;
}

/// Returns how many bytes are done with.
std::size_t Reader::Impl::parse(std::string_view piece)
{
    // Expat takes a stream that begins like UTF-16 for that, whatever it is told.
    for (std::size_t i = 0; i < piece.size() && stream_bytes_ + i < 2; ++i)
        if (const auto byte = static_cast<unsigned char>(piece[i]); byte == 0 || byte >= 0xFE) {
            stop(StreamError::not_well_formed);
            return piece.size();
        }
    const auto before = parsed_bytes_;
    parsed_bytes_ += piece.size();
    const auto status = XML_Parse(parser_.get(), piece.data(), static_cast<int>(piece.size()), XML_FALSE);
    auto done = piece.size();
    if (status == XML_STATUS_SUSPENDED) {
        done = event_end() - before;
        is_expat_reading_ = false;
    } else if (status == XML_STATUS_ERROR) {
        stop(StreamError::not_well_formed);  // Unless the error is that it has been stopped.
    } else {
        check_sizes();
    }
    stream_bytes_ += done;
    return done;
}

void Reader::Impl::check_sizes()
{
    // Outside a stanza the bytes that expat has not come to the end of may be the start of one.
    const auto size = parsed_bytes_ - (is_in_stanza() ? stanza_start_ : event_start());
    if (size > limits_.max_stanza_bytes)
        stop(StreamError::policy_violation);
    else if (size > limits_.max_kept_bytes && is_in_stanza() && !skipping_)
        start_skipping(SkipReason::too_long);
}

void Reader::Impl::stop(StreamError error)
{
    if (broken_ || closed_)
        return;
    broken_ = true;
    error_ = error;
    (void)XML_StopParser(parser_.get(), XML_FALSE);
}

void Reader::Impl::start(const char* name, const char** attributes)
{
    if (broken_ || replaying_)
        return;
    ++depth_;
    if (depth_ == 2)
        stanza_start_ = event_start();
    // Only what ends within the limit is looked at, however the bytes were cut. It seldom takes asking expat.
    if (depth_ > 2 && !skipping_ && parsed_bytes_ - stanza_start_ > limits_.max_kept_bytes
        && event_end() - stanza_start_ > limits_.max_kept_bytes)
        start_skipping(SkipReason::too_long);
    if (skipping_)
        return;
    const auto status = builder_.open(name, attributes);
    if (depth_ == 1)
        return open_stream(name, status);
    if (depth_ == 2)
        stanza_ = builder_.current();
    if (status == TreeBuilder::Status::ill_formed)
        stop(StreamError::not_well_formed);
    else if (status == TreeBuilder::Status::skip)
        start_skipping(builder_.skip_reason());
}

void Reader::Impl::open_stream(const char* name, TreeBuilder::Status status)
{
    if (status == TreeBuilder::Status::ok) {
        root_name_ = name;
        builder_.use(stanza_arena_);
        handler_.on_stream_open(*builder_.current());
        hand_over();
        return;
    }
    stop(status == TreeBuilder::Status::skip ? StreamError::policy_violation : StreamError::not_well_formed);
}

void Reader::Impl::start_skipping(SkipReason reason)
{
    skipping_ = reason;
    builder_.close_all_but_root();
}

void Reader::Impl::end()
{
    if (broken_)
        return;
    --depth_;
    if (depth_ == 0) {
        closed_ = true;
        handler_.on_stream_close();
        return;
    }
    if (!skipping_)
        builder_.close();
    if (depth_ == 1)
        end_stanza();
}

void Reader::Impl::end_stanza()
{
    const auto size = event_end() - stanza_start_;
    if (size > limits_.max_stanza_bytes)
        return stop(StreamError::policy_violation);
    // The same answer however the bytes were cut: the size at the end decides.
    if (size > limits_.max_kept_bytes)
        skipping_ = SkipReason::too_long;
    if (skipping_) {
        auto* envelope = Element::create(stanza_arena_, stanza_->name, stanza_->ns);
        envelope->attributes = stanza_->attributes;
        handler_.on_skipped(*envelope, *skipping_);
    } else {
        handler_.on_stanza(*stanza_);
    }
    skipping_.reset();
    stanza_ = nullptr;
    stanza_arena_.reset();
    hand_over();
}

/// To the scanner, after the current event.
void Reader::Impl::hand_over()
{
    (void)XML_StopParser(parser_.get(), XML_TRUE);
}

void Reader::Impl::on_start(void* self, const char* name, const char** attributes)
{
    static_cast<Impl*>(self)->start(name, attributes);
}

void Reader::Impl::on_end(void* self, const char*)
{
    static_cast<Impl*>(self)->end();
}

void Reader::Impl::on_text(void* self, const char* bytes, int size)
{
    auto& impl = *static_cast<Impl*>(self);
    if (impl.is_in_stanza() && !impl.skipping_)
        impl.builder_.text(bytes, static_cast<std::size_t>(size));
}

void Reader::Impl::on_doctype(void* self, const char*, const char*, const char*, int)
{
    static_cast<Impl*>(self)->stop(StreamError::restricted_xml);
}

void Reader::Impl::on_instruction(void* self, const char*, const char*)
{
    static_cast<Impl*>(self)->stop(StreamError::restricted_xml);
}

void Reader::Impl::on_comment(void* self, const char*)
{
    static_cast<Impl*>(self)->stop(StreamError::restricted_xml);
}

Reader::Reader(StreamHandler& handler, ReaderLimits limits)
    : impl_{ std::make_unique<Impl>(handler, limits) }
{
}

Reader::~Reader() = default;

bool Reader::feed(std::string_view bytes)
{
    return impl_->feed(bytes);
}

StreamError Reader::error() const noexcept
{
    return impl_->error();
}

void Reader::reset()
{
    impl_->reset();
}

}  // namespace xmpp
