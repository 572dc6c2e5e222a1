carillon_fuzzer(jingle LIBRARIES jingle)
carillon_fuzzer(message LIBRARIES jingle)
carillon_fuzzer(call LIBRARIES call)
carillon_fuzzer(dialogue LIBRARIES call)
