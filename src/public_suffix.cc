#include "public_suffix.hh"

#include <libpsl.h>

std::string organisational_domain(std::string_view domain)
{
    const std::string name(domain);
    if (name.starts_with('[')) // an address literal (RFC 5321 4.1.3)
        return name;
    const psl_ctx_t* const list = psl_builtin(); // owned by the library
    const char* const found = list ? psl_registrable_domain(list, name.c_str()) : nullptr;
    return found ? found : name;
}
