#include "client/page.hh"

#include <doctest/doctest.h>
#include <glib.h>

TEST_CASE("the page's code and style are there once, and the policy lets nothing else run")
{
    const std::string html = page_html();
    for (const std::string& tag : {std::string("<script>"), std::string("<style>")}) {
        CHECK(html.find(tag) != html.npos);
        CHECK(html.find(tag) == html.rfind(tag));
    }
    // Nothing comes from elsewhere, and no attribute holds code or style.
    for (const char* foreign :
         {" src=", " style=", "@import", "url(", " onclick=", "<link", "<base"})
        CHECK(html.find(foreign) == html.npos);
    const std::string policy = page_policy();
    CHECK(policy.starts_with("default-src 'none'; script-src 'sha256-"));
    for (const char* part : {"; style-src 'sha256-", "; connect-src 'self'", "; base-uri 'none'",
                             "; form-action 'none'", "; frame-ancestors 'none'"})
        CHECK(policy.find(part) != policy.npos);
    CHECK(policy.find("unsafe") == policy.npos);
}

TEST_CASE("RFC 8259 7: the service's words can't end a string of the state")
{
    PageState state;
    state.phase = PageState::Phase::refused;
    state.seconds = 7;
    state.to = "snowflake@example.org";
    state.words = "a\"},\\\n\x1f\u00fc";
    CHECK(
        write_page_state(state) ==
        R"({"phase":"refused","seconds":7,"to":"snowflake@example.org","id":"","mailed":false,)"
        R"("again":false,"encrypted":false,"request":"","shortly":"","words":"a\"},\\\u000a\u001fü","plain":"",)"
        R"("contact":"","invitation":""})");
    CHECK(write_outcome("used") == R"({"outcome":"used"})");
}
