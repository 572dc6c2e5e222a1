carillon_fuzzer(translate LIBRARIES jingle)
carillon_fuzzer(explain LIBRARIES jingle)
