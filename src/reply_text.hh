#pragma once
#include "recover/recover.hh"
#include "reply.hh"
#include "sentences.hh"

#include <string>

// The words of a reply, which end in a line feed. An answer is the broker's JSON and a sentence
// that says until when it is good; where the request asks for a link that can be had, the sentence
// and the link come first. A problem is a line of JSON for programs, a blank line and advice.
// `page` is that of the settings.
std::string write_reply_text(const Reply& reply, const Recovery& request, const std::string& page,
                             const Sentences& sentences);
