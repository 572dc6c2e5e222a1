carillon_fuzzer(frame LIBRARIES web)
