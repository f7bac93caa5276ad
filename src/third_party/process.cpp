// Boost.Process v2's non-template code, compiled once for the whole program.
// Its 1.81 headers use this one of Asio without including it.
#include <boost/asio/detail/throw_error.hpp>

#include <boost/process/v2/src.hpp>
