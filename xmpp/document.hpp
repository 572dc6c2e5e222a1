#pragma once

#include "xmpp/reader.hpp"

namespace xmpp {

/// The two readers that parse_document chooses from, for the tests that hold one against the other. Null from
/// read_plain is no verdict: the document is not plain XML (see PlainScanner), and expat has to read it.
[[nodiscard]] Element* read_plain(std::string_view xml, base::Arena& arena, Pretty pretty,
                                  const ReaderLimits& limits = {});
[[nodiscard]] base::Result<Element*> read_with_expat(std::string_view xml, base::Arena& arena, Pretty pretty,
                                                     const ReaderLimits& limits = {});

}  // namespace xmpp
