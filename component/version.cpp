#include "component/version.hpp"

namespace component {

std::string_view version() noexcept
{
    return CARILLON_VERSION;
}

}  // namespace component
