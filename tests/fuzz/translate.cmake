carillon_fuzzer(translate LIBRARIES jingle)
