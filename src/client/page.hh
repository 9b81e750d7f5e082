#pragma once
#include <string>
#include <string_view>

// The page for the person's browser: page.html, which is built in. It says what is going on, sends
// the person's mail on its way, and hands in the answer. All else it gets from the state.
std::string page_html();

// Its Content-Security-Policy: the browser runs the page's own code and style, by their SHA-256,
// and nothing else; only this program is asked for anything; and no other page can frame it.
std::string page_policy();

// What is going on, for the page.
struct PageState {
    enum class Phase {
        idle,     // no request waits
        asked,    // one waits for its mail
        answered, // its answer was handed over
        refused   // the service had no answer: `words`
    };
    Phase phase = Phase::idle;
    long seconds = 0;          // since an answer was handed over
    std::string to;            // the service's address
    std::string id;            // of the request that waits
    bool is_mailed = false;    // sendmail has it: the person needs only to wait
    bool is_again = false;     // it came soon after an answer, which did not connect Snowflake
    bool is_encrypted = false; // what is mailed, and so is the reply
    std::string request;       // as it is mailed
    std::string shortly;       // the same, shorter
    std::string words;         // the service's own
    // For Delta Chat, which encrypts by itself: the request as it is, and the service's vCard and
    // invitation. "": what is mailed isn't encrypted.
    std::string plain, contact, invitation;
};

// JSON.
std::string write_page_state(const PageState& state);

// JSON that says what became of an answer that was handed in. The words are the page's own names.
std::string write_outcome(std::string_view outcome);
