carillon_fuzzer(jwt LIBRARIES auth OpenSSL::Crypto)
