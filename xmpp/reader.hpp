#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/arena.hpp"
#include "base/result.hpp"
#include "xmpp/element.hpp"

namespace xmpp {

/// Limits of what is read from a stream. Past max_stanza_bytes the stream ends, since nothing more can be
/// told about where the stanza stops; the other limits cost only the stanza.
struct ReaderLimits {
    std::size_t max_stanza_bytes = 512 * 1024;  ///< ends the stream
    std::size_t max_kept_bytes = 256 * 1024;  ///< a longer stanza is skipped
    std::size_t max_depth = 16;  ///< of elements within a stanza, the stanza itself being 1
    std::size_t max_attributes = 32;  ///< of one element, namespace declarations counted apart
    std::size_t max_value_bytes = 64 * 1024;  ///< of one attribute
};

/// Why a stanza was not built. `unsupported_name`: a prefix before a name that starts with a character beyond
/// ASCII.
enum class SkipReason { too_long, too_deep, too_many_attributes, value_too_long, unsupported_name };

[[nodiscard]] std::string_view to_string(SkipReason reason) noexcept;

/// Why a stream ended from our side.
enum class StreamError { not_well_formed, restricted_xml, policy_violation };

/// Who listens to a Reader. An Element is valid until the callback returns. Callbacks may not throw, since
/// expat, which is C, stands between them and feed().
class StreamHandler {
public:
    virtual void on_stream_open(const Element& header) = 0;
    virtual void on_stanza(Element& stanza) = 0;
    /// `envelope` has the name and attributes of what was skipped and no children. When its own tag is over a
    /// limit it has what fits, and from, to, id and type wherever they stand.
    virtual void on_skipped(const Element& envelope, SkipReason reason) = 0;
    virtual void on_stream_close() = 0;

protected:
    StreamHandler() = default;
    ~StreamHandler() = default;
    StreamHandler(const StreamHandler&) = default;
    StreamHandler& operator=(const StreamHandler&) = default;
};

/// Reads one XML stream (RFC 6120) as it arrives in pieces: sans-IO, one expat parser, one arena for each
/// stanza. Top-level stanzas come out in the namespace ns::component whichever of component and client they
/// were written in.
class Reader {
public:
    explicit Reader(StreamHandler& handler, ReaderLimits limits = {});
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader();

    /// False when the stream is broken: see error(). Nothing is read then until reset(). What comes after the
    /// end of the stream is ignored. The handler may not call feed() or reset(), nor destroy the reader.
    [[nodiscard]] bool feed(std::string_view bytes);
    [[nodiscard]] StreamError error() const noexcept;
    /// Starts over for a new stream.
    void reset();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// One whole document as an Element in `arena`: for the command line and the tests. A declaration, comments
/// and blank text between elements are dropped when `pretty` is yes. Line and column of the mistake
/// otherwise.
enum class Pretty { no, yes };
[[nodiscard]] base::Result<Element*> parse_document(std::string_view xml, base::Arena& arena,
                                                    Pretty pretty = Pretty::no, ReaderLimits limits = {});

}  // namespace xmpp
