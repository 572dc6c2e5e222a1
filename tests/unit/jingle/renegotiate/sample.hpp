#pragma once

#include <string>

/// A small description of two m-lines, with what tests change in it.
namespace sample {

inline std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

inline std::string session(const std::string& group)
{
    return "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE " + group + "\r\n";
}

inline const std::string offer_transport
    = "a=ice-ufrag:aaaa\r\na=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa\r\na=ice-options:trickle\r\n"
      "a=fingerprint:sha-1 "
      "52:2B:27:6A:35:6B:DF:39:01:3D:FA:BE:A2:CD:43:E1:41:EC:C9:E8\r\na=setup:actpass\r\n";

inline std::string audio(const std::string& mid = "0")
{
    return "m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\nc=IN IP4 0.0.0.0\r\n" + offer_transport + "a=mid:" + mid
        + "\r\na=extmap:1 urn:one\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
          "a=fmtp:111 useinbandfec=1\r\na=rtcp-fb:111 nack\r\na=rtpmap:0 PCMU/8000\r\na=ssrc:1 cname:a\r\n";
}

inline std::string video(const std::string& mid = "1")
{
    return "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\n" + offer_transport + "a=mid:" + mid
        + "\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=ssrc:2 cname:a\r\n";
}

/// The same, as the other side answers it.
inline std::string answered(std::string text)
{
    text = replaced(std::move(text), "actpass", "active");
    text = replaced(std::move(text), "aaaa", "bbbb");
    text = replaced(std::move(text), "52:2B", "11:22");
    return replaced(std::move(text), "o=- 1", "o=- 2");
}

inline const std::string one = session("0") + audio();
inline const std::string two = session("0 1") + audio() + video();

}  // namespace sample
