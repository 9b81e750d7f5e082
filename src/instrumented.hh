#pragma once
// Whether tools watch the program, under which parts of it can't work. g++ and clang say
// differently that sanitizers are built in; Valgrind's users say it themselves (-DINSTRUMENTED).

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define HAS_SANITIZER
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER
#endif

#ifdef HAS_SANITIZER
inline constexpr bool has_sanitizer = true;
#else
inline constexpr bool has_sanitizer = false;
#endif

#ifdef INSTRUMENTED
inline constexpr bool is_instrumented = true;
#else
inline constexpr bool is_instrumented = has_sanitizer;
#endif

// Whether a tool writes what it saw when the process ends; gcov does too (-DCOVERAGE).
#ifdef COVERAGE
inline constexpr bool has_report_at_end = true;
#else
inline constexpr bool has_report_at_end = is_instrumented;
#endif
