#include "component/orders.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/enum_table.hpp"
#include "component/config_keys.hpp"

namespace component {
namespace {

struct Service {
    Operations& operations;
    const std::function<OrderResult()>& reload;
};

OrderResult drain(const Service& service, std::string_view)
{
    service.operations.set_new_calls(jingle::call::NewCalls::refused);
    return { exit_ok, "lets in no new calls; those that run go on\n" };
}

OrderResult resume(const Service& service, std::string_view)
{
    service.operations.set_new_calls(jingle::call::NewCalls::let_in);
    return { exit_ok, "lets in new calls again\n" };
}

OrderResult reload(const Service& service, std::string_view)
{
    return service.reload();
}

OrderResult set_log_level(const Service& service, std::string_view argument)
{
    const auto level = base::find_value(log_level_rows, argument);
    if (!level) {
        std::string words;
        for (const auto& row : log_level_rows)
            words.append(words.empty() ? "" : ", ").append(row.token);
        return { exit_usage, "log-level wants one of " + words + "\n" };
    }
    service.operations.set_log_level(*level);
    return { exit_ok, fmt::format("logs from {} on, until its configuration is read again\n", argument) };
}

OrderResult read_links(const Service& service, std::string_view)
{
    service.operations.read_links();
    return { exit_ok, "reads its call links again\n" };
}

struct Order {
    std::string_view word;
    std::string_view argument;  ///< its name, for people; empty: it takes none
    OrderResult (*run)(const Service& service, std::string_view argument);
};

constexpr std::array orders{
    Order{ "drain", "", drain },
    Order{ "resume", "", resume },
    Order{ "reload", "", reload },
    Order{ "links", "", read_links },
    Order{ "log-level", "LEVEL", set_log_level },
};

const Order* find(std::string_view word)
{
    const auto* order
        = std::find_if(orders.begin(), orders.end(), [&](const Order& o) { return o.word == word; });
    return order == orders.end() ? nullptr : order;
}

}  // namespace

bool is_order(std::string_view word)
{
    return find(word) != nullptr;
}

std::string known_orders()
{
    std::string words;
    for (const auto& order : orders) {
        if (!words.empty())
            words += &order == &orders.back() ? " or " : ", ";
        words += order.word;
        if (!order.argument.empty())
            words.append(" ").append(order.argument);
    }
    return words;
}

OrderResult carry_out_order(std::string_view line, Operations& operations,
                            const std::function<OrderResult()>& reload)
{
    const auto blank = std::min(line.find(' '), line.size());
    const auto argument = line.substr(std::min(blank + 1, line.size()));
    const auto* order = find(line.substr(0, blank));
    if (order == nullptr)
        return { exit_usage, "wants " + known_orders() + "\n" };
    if (order->argument.empty() != argument.empty())
        return { exit_usage,
                 fmt::format("{} {}\n", order->word,
                             order->argument.empty() ? "takes no argument"
                                                     : fmt::format("wants {}", order->argument)) };
    return order->run({ operations, reload }, argument);
}

}  // namespace component
