carillon_fuzzer(sdp LIBRARIES sdp)
carillon_fuzzer(candidate LIBRARIES sdp)
