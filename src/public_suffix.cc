#include "public_suffix.hh"

#include "late_library.hh"

#include <libpsl.h>

namespace {

struct Psl {
    LateLibrary library{"libpsl.so.5"};
    LATE_FUNCTION(psl_builtin);
    LATE_FUNCTION(psl_registrable_domain);
};

} // namespace

std::string organisational_domain(std::string_view domain)
{
    const std::string name(domain);
    if (name.starts_with('[')) // an address literal (RFC 5321 4.1.3)
        return name;
    static const Psl psl;
    const psl_ctx_t* const list = psl.psl_builtin(); // owned by the library
    const char* const found = list ? psl.psl_registrable_domain(list, name.c_str()) : nullptr;
    return found ? found : name;
}
