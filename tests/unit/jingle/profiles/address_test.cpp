#include <catch2/catch.hpp>

#include "jingle/address.hpp"

using jingle::AddressKind;

TEST_CASE("address: every kind is told from its text", "[jingle][address]")
{
    struct Row {
        const char* text;
        AddressKind kind;
    };
    const auto row = GENERATE(values<Row>({
        { "192.0.2.1", AddressKind::global },
        { "2001:db8::1", AddressKind::global },
        { "10.0.0.1", AddressKind::private_use },
        { "172.15.255.255", AddressKind::global },
        { "172.16.0.0", AddressKind::private_use },
        { "172.31.255.255", AddressKind::private_use },
        { "172.32.0.0", AddressKind::global },
        { "192.168.1.1", AddressKind::private_use },
        { "fd00::2", AddressKind::private_use },
        { "fec0::1", AddressKind::private_use },
        { "100.63.255.255", AddressKind::global },
        { "100.64.0.1", AddressKind::shared },
        { "100.127.255.255", AddressKind::shared },
        { "100.128.0.0", AddressKind::global },
        { "169.254.1.1", AddressKind::link_local },
        { "fe80::1", AddressKind::link_local },
        { "febf::1", AddressKind::link_local },
        { "127.0.0.1", AddressKind::loopback },
        { "::1", AddressKind::loopback },
        { "0.0.0.0", AddressKind::unspecified },
        { "::", AddressKind::unspecified },
        { "224.0.0.251", AddressKind::multicast },
        { "ff02::fb", AddressKind::multicast },
        { "255.255.255.255", AddressKind::reserved },
        { "240.0.0.1", AddressKind::reserved },
        { "::ffff:192.168.1.1", AddressKind::private_use },
        { "::ffff:127.0.0.1", AddressKind::loopback },
        { "::ffff:192.0.2.1", AddressKind::global },
        { "64:ff9b::10.0.0.1", AddressKind::private_use },
        { "2002:c0a8:0101::1", AddressKind::private_use },
        { "4c5f7f3e-1f2a-4b6c-9d8e-0123456789ab.local", AddressKind::mdns },
        { "printer.local", AddressKind::host_name },
        { "4c5f7f3e-1f2a-4b6c-9d8e-0123456789ag.local", AddressKind::host_name },
        { "4c5f7f3e-1f2a-4b6c-9d8e-0123456789ab.local.example.org", AddressKind::host_name },
        { "example.org", AddressKind::host_name },
        { "", AddressKind::host_name },
        { "[::1]", AddressKind::host_name },
        { "fe80::1%eth0", AddressKind::host_name },
        { "010.0.0.1", AddressKind::host_name },
        { "10.1", AddressKind::host_name },
        { "2130706433", AddressKind::host_name },
        { "0x7f.0.0.1", AddressKind::host_name },
    }));
    CAPTURE(row.text);
    CHECK(jingle::classify(row.text).kind == row.kind);
}

TEST_CASE("address: NUL ends no address", "[jingle][address]")
{
    CHECK(jingle::classify(std::string_view{ "10.0.0.1\0", 9 }).kind == AddressKind::host_name);
}
