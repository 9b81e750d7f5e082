#include "recover/signs.hh"

#include <doctest/doctest.h>
#include <string>

TEST_CASE("a request begins with a brace, the name offer and a colon, in whatever is left of them")
{
    for (const char* text :
         {"{\"offer\":", "{offer:", "{\u201coffer\u201d :", "{''OFFER''\n:", "x{ \"offer\" : 1"}) {
        CAPTURE(std::string(text));
        CHECK(begins_request(text));
    }
    for (const char* text : {"", "{", "{offer}, see below:", "{\"offers\":", "offer: 1", "{\"off",
                             "{\"offer\"", "{ what I wanted to say of your offer: nothing"}) {
        CAPTURE(std::string(text));
        CHECK_FALSE(begins_request(text));
    }
}

TEST_CASE("a session description begins a request, and so does base64 of one")
{
    for (const char* text :
         {"v=0", "v=0\\r\\n", "v=0\r\n", "v=0 o=", "v=0rn", "MS4wCnsib2ZmZXIi",
          "POST /client HTTP/1.1", "fetch(\"https://snowf", "curl 'https://snowf",
          "curl \u201chttps://snowf", "MS4wDQp7Im9mZmVyIg", "eyJvZmZlciI6", "eyAib2ZmZXIi",
          "1.0%0A%7B%22offer%22%3A", "%2522offer%2522", "sdp%5C%22%3A%5C%22v%3D0%5C"}) {
        CAPTURE(std::string(text));
        CHECK(begins_request(text));
    }
    for (const char* text :
         {"GET /client HTTP/1.1", "I fetched (it) with curl", "see https://snowflake", "v=01",
          "v=0x", "v=", "%22offers%22", "a 5%offer", "v%20", "MS4wCnNv", "eyJwb2xsIjo"}) {
        CAPTURE(std::string(text));
        CHECK_FALSE(begins_request(text));
    }
}
