#include <catch2/catch.hpp>

#include "component/backlog.hpp"
#include "component/link.hpp"

using component::Backlog;

TEST_CASE("backlog: the server lags from so many bytes on, until half of them are left",
          "[component][limits]")
{
    Backlog backlog{ 1000 };
    CHECK_FALSE(backlog.update(999));
    CHECK_FALSE(backlog.lags());
    CHECK(backlog.update(1000));
    CHECK(backlog.lags());
    CHECK_FALSE(backlog.update(5000));
    CHECK_FALSE(backlog.update(500));
    CHECK(backlog.lags());
    CHECK(backlog.update(499));
    CHECK_FALSE(backlog.lags());
    CHECK_FALSE(backlog.update(999));
    CHECK(backlog.update(1000));
    CHECK(backlog.update(0));
}

TEST_CASE("backlog: new calls are refused long before the link is given up", "[component][limits]")
{
    CHECK(Backlog::default_most * 4 <= component::LinkOptions{}.max_unsent);
}
