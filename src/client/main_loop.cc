#include "client/main_loop.hh"

#include "client/client_failure.hh"
#include "client/terminal.hh"

#include <csignal>
#include <exception>
#include <glib-unix.h>
#include <mutex>
#include <utility>

namespace {

using Work = std::function<void()>;

// What ends the main loop. Threads may fail, too.
std::mutex mutex;
std::exception_ptr failure;

void end_loop(std::exception_ptr cause)
{
    const std::lock_guard lock(mutex);
    failure = std::move(cause);
    g_main_context_wakeup(nullptr);
}

std::exception_ptr take_failure()
{
    const std::lock_guard lock(mutex);
    return std::exchange(failure, nullptr);
}

// Adopts the source.
Source attach(GSource* made, GSourceFunc call, Work work)
{
    Source source(made);
    const auto destroy = [](gpointer kept) { delete static_cast<Work*>(kept); };
    g_source_set_callback(made, call, new Work(std::move(work)), destroy);
    g_source_attach(made, nullptr);
    return source;
}

gboolean call_once(gpointer kept)
{
    run_catching(*static_cast<Work*>(kept));
    return G_SOURCE_REMOVE;
}

gboolean call_each_time(gint, GIOCondition, gpointer kept)
{
    run_catching(*static_cast<Work*>(kept));
    return G_SOURCE_CONTINUE;
}

} // namespace

// Allocates nothing: what was thrown may be std::bad_alloc.
void settle_exception() noexcept
{
    try {
        throw;
    } catch (const ClientFailure&) {
        end_loop(std::current_exception());
    } catch (const std::exception& exception) {
        say("internal error: ", exception.what());
    } catch (...) {
        say("internal error: ", "unknown");
    }
}

void run_main_loop()
{
    bool is_over = false;
    const auto end = [](gpointer over) -> gboolean {
        *static_cast<bool*>(over) = true;
        return G_SOURCE_CONTINUE;
    };
    const auto on_signal = [&](int number) {
        Source source(g_unix_signal_source_new(number));
        g_source_set_callback(source.get(), end, &is_over, nullptr);
        g_source_attach(source.get(), nullptr);
        return source;
    };
    const Source sources[] = {on_signal(SIGINT), on_signal(SIGTERM), on_signal(SIGHUP)};
    while (!is_over) {
        if (const auto cause = take_failure())
            std::rethrow_exception(cause);
        g_main_context_iteration(nullptr, TRUE);
    }
}

void call_later(Work work, std::chrono::seconds delay)
{
    GSource* made = delay.count() == 0
                        ? g_idle_source_new()
                        : g_timeout_source_new_seconds(static_cast<guint>(delay.count()));
    g_source_set_priority(made, G_PRIORITY_DEFAULT);
    g_source_unref(attach(made, call_once, std::move(work)).release()); // the loop has its own
}

void remove_source(GSource* source)
{
    g_source_destroy(source);
    g_source_unref(source);
}

Source when_readable(int fd, Work work)
{
    return attach(g_unix_fd_source_new(fd, G_IO_IN),
                  reinterpret_cast<GSourceFunc>(reinterpret_cast<void*>(call_each_time)),
                  std::move(work));
}

Source after(std::chrono::milliseconds delay, Work work)
{
    return attach(g_timeout_source_new(static_cast<guint>(delay.count())), call_once,
                  std::move(work));
}
