carillon_fuzzer(document LIBRARIES xmpp)
carillon_fuzzer(stream LIBRARIES xmpp)
