#include "sendmail.hh"

#include "process.hh"

#include <new>
#include <sys/wait.h>
#include <unistd.h>

namespace {

// Throws if sendmail may have sent the mail or not. The status is that of run_process().
void judge(const std::optional<int>& status)
try {
    if (!status)
        throw Failure(Reason::sendmail, "sendmail did not finish in time");
    if (WIFSIGNALED(*status))
        throw Failure(Reason::sendmail,
                      "sendmail was killed by signal " + std::to_string(WTERMSIG(*status)));
} catch (const std::bad_alloc&) { // which would say that the mail was not sent
    _exit(exit_try_again);
}

// Without `words` the output of sendmail is discarded: it may name addresses, and Exim takes any
// output of ours for a failure.
void run_sendmail(const std::vector<std::string>& argv, const std::string& mail,
                  Clock::time_point until, std::string* words = nullptr)
{
    std::optional<int> status;
    try {
        status = run_process(argv, mail, words ? Output::kept : Output::discarded, until, words);
    } catch (const NotStarted& failure) {
        throw NotSent(Reason::sendmail, std::string("sendmail ") + failure.what());
    }
    judge(status);
    if (WEXITSTATUS(*status) != 0)
        throw NotSent(Reason::sendmail,
                      "sendmail failed with exit status " + std::to_string(WEXITSTATUS(*status)));
}

} // namespace

// "--": a recipient may begin with "-". The null return path is an empty argument, which every
// sendmail takes; qmail's takes "<>" for the name of a user, and Courier's refuses it.
void send_mail(const std::string& program, const std::string& return_path,
               const std::string& recipient, const std::string& mail, Clock::time_point until)
{
    run_sendmail({program, "-i", "-f", return_path, "--", recipient}, mail, until); // RFC 3834 3.3
}

void submit_mail(const std::string& program, const std::string& return_path,
                 const std::string& recipient, const std::string& mail, Clock::time_point until,
                 std::string& words)
{
    if (return_path.empty())
        run_sendmail({program, "-i", "--", recipient}, mail, until, &words);
    else
        run_sendmail({program, "-i", "-f", return_path, "--", recipient}, mail, until, &words);
}
