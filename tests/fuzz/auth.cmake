find_package(OpenSSL REQUIRED COMPONENTS Crypto)
carillon_fuzzer(jwt LIBRARIES auth OpenSSL::Crypto)
