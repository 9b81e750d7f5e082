#pragma once
#include "recover/rewrite.hh"

#include <string>

// Addresses and numbers without the links that programs make of them. Outlook and Exchange:
// 8.8.8.8<http://8.8.8.8>, 987654321<tel:987654321>, and what Safe Links makes of them; Gmail:
// 8.8.8.8 <http://8.8.8.8>; Teams: 8.8.8.8 [http://8.8.8.8]; Proofpoint: 8.8.8.8
// [8.8.8.8]<https://urldefense...>; Markdown: [8.8.8.8](http://8.8.8.8); wikis:
// [8.8.8.8|http://8.8.8.8]; or the link alone. None where there is no link. Linear.
Texts undo_links(const std::string& text);
