#pragma once

// Hides the caller's environment from this process, but for the few variables that
// snowflake-mail(8) names. Libraries read many more, which could write the keys of TLS to a file,
// load code, or lead past the settings.
void narrow_environment();

// The whole environment that the caller gave: a program that is started gets it, since sendmail
// has variables of its own. Borrowed.
char** callers_environment();
