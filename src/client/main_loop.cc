#include "client/main_loop.hh"

#include <glib.h>
#include <iostream>
#include <memory>

// Allocates nothing: what was thrown may be std::bad_alloc.
void say_exception(const char* what) noexcept
{
    std::cout << "internal error: " << what << std::endl;
}

void call_later(std::function<void()> work, std::chrono::seconds delay)
{
    using Work = std::function<void()>;
    const auto call = [](gpointer kept) -> gboolean {
        run_catching(*static_cast<Work*>(kept));
        return G_SOURCE_REMOVE;
    };
    const auto destroy = [](gpointer kept) { delete static_cast<Work*>(kept); };
    auto kept = std::make_unique<Work>(std::move(work));
    if (delay.count() == 0)
        g_idle_add_full(G_PRIORITY_DEFAULT, call, kept.release(), destroy);
    else
        g_timeout_add_seconds_full(G_PRIORITY_DEFAULT, static_cast<guint>(delay.count()), call,
                                   kept.release(), destroy);
}
