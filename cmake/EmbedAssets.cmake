# Writes a C++ file with the bytes of every file that a list names. Run as a script:
#   cmake -DLIST=web/served -DOUTPUT=assets.cpp -P EmbedAssets.cmake
# A line of the list is "URL FILE"; FILE starts at the list's folder. What stands behind # is a comment.
cmake_minimum_required(VERSION 3.25)

set(types
    ".html=text/html; charset=utf-8"
    ".js=text/javascript; charset=utf-8"
    ".css=text/css; charset=utf-8"
    ".json=application/json"
    ".webmanifest=application/manifest+json"
    ".svg=image/svg+xml"
    ".png=image/png"
    ".ico=image/x-icon"
    ".woff2=font/woff2"
    ".ogg=audio/ogg"
    ".mp3=audio/mpeg"
    ".ts=text/plain; charset=utf-8"
    ".map=application/json"
    ".txt=text/plain; charset=utf-8")

cmake_path(GET LIST PARENT_PATH root)
file(STRINGS ${LIST} lines REGEX "^[^#]")
set(arrays "")
set(rows "")
set(number 0)
foreach(line IN LISTS lines)
    if(NOT line MATCHES "^(/[^ ]*) +([^ ]+)$")
        message(FATAL_ERROR "${LIST}: \"${line}\" is not \"URL FILE\"")
    endif()
    set(url ${CMAKE_MATCH_1})
    set(file ${root}/${CMAKE_MATCH_2})
    cmake_path(GET file EXTENSION LAST_ONLY extension)
    set(type "")
    foreach(row IN LISTS types)
        if(row MATCHES "^${extension}=(.*)$")
            set(type "${CMAKE_MATCH_1}")
        endif()
    endforeach()
    if(type STREQUAL "")
        message(FATAL_ERROR "${LIST}: no content type is known for ${extension}")
    endif()
    file(SHA256 ${file} hash)
    string(SUBSTRING ${hash} 0 16 etag)
    file(READ ${file} bytes HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND arrays "constexpr unsigned char file_${number}[] = {\n${bytes}0 };\n")
    string(APPEND rows "    { \"${url}\", \"${type}\", \"\\\"${etag}\\\"\", text(file_${number}) },\n")
    math(EXPR number "${number} + 1")
endforeach()

file(WRITE ${OUTPUT} "// Made by EmbedAssets.cmake.
#include <array>

#include \"component/web/asset.hpp\"

namespace component::web {
namespace {

${arrays}
/// Without the 0 that keeps an empty file from being an empty array.
template <std::size_t Size>
std::string_view text(const unsigned char (&bytes)[Size])
{
    return { reinterpret_cast<const char*>(bytes), Size - 1 };
}

const std::array<Asset, ${number}> assets{ {
${rows}} };

}  // namespace

std::span<const Asset> embedded_assets() noexcept
{
    return assets;
}

}  // namespace component::web
")
