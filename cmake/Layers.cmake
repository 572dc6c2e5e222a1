# The layers are kept by the include path: a library sees its own headers and those of the libraries it links,
# and nothing else. Each library has an include directory of its own, build/include/<target>/, made of links to the
# headers of its folder, so that "sdp/x.hpp" is found only by who links sdp.
#
#   carillon_library(<target> FOLDER <folder> SOURCES <file>... [DEPENDS <target>...] [PRIVATE <target>...])
function(carillon_library target)
    cmake_parse_arguments(ARG "" "FOLDER" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
    set(include_root ${PROJECT_BINARY_DIR}/include/${target})
    file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${ARG_FOLDER}/*.hpp)
    file(MAKE_DIRECTORY ${include_root}/${ARG_FOLDER})
    foreach(header IN LISTS headers)
        cmake_path(GET header FILENAME name)
        file(CREATE_LINK ${header} ${include_root}/${ARG_FOLDER}/${name} SYMBOLIC)
    endforeach()

    if(ARG_SOURCES)
        add_library(${target} STATIC ${ARG_SOURCES})
        target_include_directories(${target} PUBLIC ${include_root})
        target_link_libraries(${target} PUBLIC ${ARG_DEPENDS} PRIVATE project_options ${ARG_PRIVATE})
    else()
        add_library(${target} INTERFACE)
        target_include_directories(${target} INTERFACE ${include_root})
        target_link_libraries(${target} INTERFACE ${ARG_DEPENDS})
    endif()
endfunction()
