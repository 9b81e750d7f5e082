#pragma once
#include "recover/replaced.hh"

#include <string>

// Repair of addresses and numbers that programs have made links of.
//   Outlook, Exchange   8.8.8.8<http://8.8.8.8>, 987654321<tel:987654321>, and their Safe Links
//   Gmail, Teams        8.8.8.8 <http://8.8.8.8>, 8.8.8.8 [http://8.8.8.8]
//   Proofpoint          8.8.8.8 [8.8.8.8]<https://urldefense...>
//   Markdown, wikis     [8.8.8.8](http://8.8.8.8), [8.8.8.8|http://8.8.8.8], or the link alone
Strings repair_links(const std::string& text);
