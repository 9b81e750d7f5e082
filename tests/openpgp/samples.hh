#pragma once
#include "openpgp/armor.hh"

#include <cstddef>
#include <string>

// The base64 of keys/alice-deltachat.pub, Delta Chat's key of alice@example.net.
inline const std::string alice_key_base64 =
    "xjMEawea/BYJKwYBBAHaRw8BAQdAZbHzG2Q7XXgq2NS1AG1iZboCGQxkYSXuIgf1Cn6tALzCtAQfFggA"
    "ZgUCawea/BYhBG6nflmbcJt1PKVpLrnHd98e33hLAhsDAh4JBAsJCAcFFQgJCgsDFgIBAycJAgIZASwU"
    "gAAAAAASABFyZWxheXNAY2hhdG1haWwuYXRhbGljZUBleGFtcGxlLm5ldAAAm0wBAMLTrvL2IdKkD5N9"
    "AylIAdx1URgy4WYBrBqfiJoJ0bwhAP9y8H0XAL82vjqJ+nWR8+wdy7VZg/lywChzZUZuV3elA80TPGFs"
    "aWNlQGV4YW1wbGUubmV0PsKRBBMWCAA5BQJrB5r8FiEEbqd+WZtwm3U8pWkuucd33x7feEsCGwMCHgkE"
    "CwkIBwUVCAkKCwMWAgEDJwkCAhkBAAoJELnHd98e33hLXlUA/iAEUIaR4d2R8+MA60f4saohuW48Qz8m"
    "9bbkYTJKLKqHAQDCpL2Wt28tzvpW8f0Mc9IZz+Ud4h4gTaoCb8ncQ+AGAs44BGsHmvwSCisGAQQBl1UB"
    "BQEBB0AJMLYJoU+mxgQVEBq1QE/JSgUvqeGmyE3EAUc8+BdGBAMBCAfCeAQYFggAIAUCawea/AIbDBYh"
    "BG6nflmbcJt1PKVpLrnHd98e33hLAAoJELnHd98e33hL6IwA/i56wwGKt0FOBEVtAyouEuxbhBR/Ev8O"
    "pfCT4omBgmvdAP4k9eKNbnpEywzRPCSkxZdXUje1Ole0W7/TWTYlxPe+Aw==";

inline std::string alice_key() { return from_base64(alice_key_base64).value(); }

inline std::string big_endian(std::size_t number, int octets)
{
    std::string text;
    while (octets-- > 0)
        text += static_cast<char>(number >> (8 * octets));
    return text;
}
