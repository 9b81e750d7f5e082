#pragma once
#include <string>

// A shared library that is loaded when it is first needed. Most mails are ignored before that, and
// loading libcurl takes longer than all the rest of such a mail's life. It stays loaded.
class LateLibrary {
  public:
    // `name` is the name of its binary interface (soname), as libcurl.so.4.
    // Throws Failure(Reason::library) when it can't be loaded.
    explicit LateLibrary(const char* name);

    // The function of that name, of the type that the library's header declares.
    // Throws Failure(Reason::library) when the library has none.
    template <class Function> Function* find(const char* function) const
    {
        return reinterpret_cast<Function*>(address_of(function));
    }

  private:
    void* address_of(const char* function) const;

    std::string name_;
    void* library_; // belongs to the dynamic linker
};

// A member of a struct that has a LateLibrary `library`: the function of that name.
// NOLINTNEXTLINE(bugprone-macro-parentheses): it is a declaration
#define LATE_FUNCTION(name) decltype(::name)* name = library.find<decltype(::name)>(#name)
