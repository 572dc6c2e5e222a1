carillon_fuzzer(stream LIBRARIES xmpp)
