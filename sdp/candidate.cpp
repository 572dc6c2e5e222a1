#include "sdp/candidate.hpp"
