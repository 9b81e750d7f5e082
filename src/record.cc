#include "record.hh"

#include "failure.hh"

#include <unistd.h>

Record::Record(const State& state, const std::string& sender, const std::string& identity,
               Clock::time_point until)
    : file_(state.is_kept() ? state.open_locked("mail", sender + '\n' + identity, until) : Fd())
{
    char letter = 0;
    if (file_.get() >= 0 && pread(file_.get(), &letter, 1, 0) == 1)
        stage_ = static_cast<Stage>(letter);
}

void Record::set(Stage stage)
{
    const char letter = static_cast<char>(stage);
    if (file_.get() >= 0 && pwrite(file_.get(), &letter, 1, 0) != 1)
        throw Failure(Reason::state, "state directory: a file can't be written");
    stage_ = stage;
}
