#include "late_library.hh"

#include "failure.hh"

#include <doctest/doctest.h>
#include <string>

namespace {

// What is said when it fails; "" when it doesn't.
std::string fault_of(const char* library, const char* function)
{
    try {
        LateLibrary(library).find<void()>(function);
    } catch (const Failure& failure) {
        CHECK(failure.reason == Reason::library);
        return failure.what();
    }
    return "";
}

} // namespace

TEST_CASE("a library's function is found by its name, and is the one of that name")
{
    const LateLibrary library("libm.so.6");
    CHECK(library.find<double(double)>("fabs")(-3) == 3);
}

TEST_CASE("a library or a function that isn't there is a fault of this host, told by its name")
{
    CHECK(fault_of("libm.so.6", "fabs").empty());
    CHECK(fault_of("libnone.so.1", "fabs").starts_with("libnone.so.1 can't be loaded: "));
    CHECK(fault_of("libm.so.6", "no_such_function") ==
          "libm.so.6 has no no_such_function; it is too old");
}
