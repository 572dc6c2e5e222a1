#include <catch2/catch.hpp>

#include "component/missed_calls.hpp"

using component::CallRecord;
using component::DeviceFate;
using component::DeviceRecord;
using jingle::call::Leg;
using xmpp::Jid;

namespace {

Jid jid(std::string_view text)
{
    return Jid::parse(text).value();
}

/// alice has called bob and carol, who ring in one stage; what their devices did is in the record.
struct Ended {
    jingle::call::Settings settings;
    jingle::call::RingPlan plan;
    CallRecord record;

    void rang(std::string_view peer, bool jmi, DeviceFate fate, std::string_view reason = {},
              bool said_ringing = false)
    {
        Leg leg{ .own = jid("alice\\40a.test@call.test/call"), .peer = jid(peer), .sid = "s1" };
        leg.jmi = jmi;
        plan.legs.push_back(leg);
        DeviceRecord device;
        device.leg = static_cast<unsigned>(plan.legs.size());
        device.address = peer;
        device.fate = fate;
        device.reason = reason;
        if (said_ringing)
            device.rang = component::WallTime{};
        record.devices.push_back(device);
    }
    [[nodiscard]] std::vector<std::string> told() const
    {
        Leg caller{ .own = jid("bob\\40b.test@call.test"), .peer = jid("alice@a.test/pc"), .sid = "s1" };
        const jingle::call::Call call{ {}, caller, plan, std::make_shared<const jingle::call::Settings>() };
        std::vector<std::string> users;
        for (const auto& missed : missed_calls(call, record)) {
            CHECK(missed.contact == jid("alice\\40a.test@call.test"));
            users.push_back(missed.callee.full());
        }
        return users;
    }
};

constexpr auto plain = "bob@b.test/kaidan";
constexpr auto everybody = "bob@b.test";
using Users = std::vector<std::string>;

}  // namespace

TEST_CASE("missed calls: who has only clients without Message Initiation is told", "[component][missed]")
{
    struct Row {
        DeviceFate fate;
        std::string_view reason;
        bool told;
    };
    const auto row = GENERATE(values<Row>({
        { DeviceFate::stopped, "timeout", true },
        { DeviceFate::stopped, "cancel", true },
        { DeviceFate::rang, "", true },
        { DeviceFate::tried, "", true },
        { DeviceFate::gone, "", true },
        { DeviceFate::stopped, "success", false },
        { DeviceFate::refused, "decline", false },
        { DeviceFate::refused, "busy", false },
        { DeviceFate::refused, "unsupported-applications", false },
    }));
    CAPTURE(static_cast<int>(row.fate), row.reason);
    Ended call;
    call.rang(plain, false, row.fate, row.reason);

    CHECK(call.told() == (row.told ? Users{ "bob@b.test" } : Users{}));
}

TEST_CASE("missed calls: who has answered, said no or a client that shows it is not told",
          "[component][missed]")
{
    Ended call;
    call.rang(plain, false, DeviceFate::stopped, "timeout");
    SECTION("a client with Message Initiation rang")
    {
        call.rang(everybody, true, DeviceFate::stopped, "timeout", true);
        CHECK(call.told().empty());
    }
    SECTION("none of them was there")
    {
        call.rang(everybody, true, DeviceFate::stopped, "timeout");
        CHECK(call.told() == Users{ "bob@b.test" });
    }
    SECTION("another device said no")
    {
        call.rang("bob@b.test/gajim", false, DeviceFate::refused, "decline");
        CHECK(call.told().empty());
    }
    SECTION("several devices are one user, and each user is told")
    {
        call.rang("bob@b.test/gajim", false, DeviceFate::stopped, "timeout");
        call.rang("carol@c.test/psi", false, DeviceFate::stopped, "timeout");
        CHECK(call.told() == Users{ "bob@b.test", "carol@c.test" });
    }
    SECTION("somebody answered")
    {
        call.record.accepted = component::WallTime{};
        CHECK(call.told().empty());
    }
    SECTION("a page is told by itself")
    {
        call.record.devices.clear();
        call.plan.legs.clear();
        call.rang("page@call.test/web-1", false, DeviceFate::stopped, "timeout");
        CHECK(call.told().empty());
    }
}
