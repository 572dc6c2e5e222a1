# `cmake --install`: the binary, its systemd unit, and samples. No file that an administrator has edited is touched: the
# configuration is a sample among the documentation.
include(GNUInstallDirs)

install(TARGETS carillon RUNTIME)
install(FILES conf/carillon.service DESTINATION lib/systemd/system)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY conf/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples PATTERN "*.service" EXCLUDE)
