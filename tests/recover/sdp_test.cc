#include "recover/sdp.hh"

#include <doctest/doctest.h>

using namespace std::string_literals;

namespace {

const std::string pion = "o=- 5620719430283171924 1700000000 IN IP4 0.0.0.0",
                  firefox =
                      "o=mozilla...THIS_IS_SDPARTA-128.0 4210318410987152637 0 IN IP4 0.0.0.0",
                  chromium = "o=- 4611731400430051336 2 IN IP4 127.0.0.1";

std::string fingerprint(int pairs)
{
    std::string text = "a=fingerprint:sha-256 0F";
    for (int i = 1; i < pairs; ++i)
        text += ":9c";
    return text;
}

// What every offer of one data channel has.
std::string description(const std::string& more = "", const std::string& end = "\r\n")
{
    std::string sdp;
    for (const std::string& line :
         {"v=0"s, pion, "s=-"s, "t=0 0"s, fingerprint(32),
          "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"s, "c=IN IP4 0.0.0.0"s,
          "a=setup:actpass"s, "a=mid:0"s, "a=ice-ufrag:qVnHYwkzTUcXfBaG"s,
          "a=ice-pwd:mZrLtPwQxKcVbNjHgFdSaYuIoEeRtWqZ"s, more})
        if (!line.empty())
            sdp += line + end;
    return sdp;
}

std::string without(std::string text, const std::string& part)
{
    REQUIRE(text.find(part) != text.npos);
    return text.erase(text.find(part), part.size());
}

} // namespace

TEST_CASE("RFC 8829: the lines that browsers and pion write are known")
{
    for (
        const std::string& line :
        {"v=0"s,
         pion,
         firefox,
         chromium,
         "o=rtc 3767197920 0 IN IP4 127.0.0.1"s,
         "s=-"s,
         "t=0 0"s,
         "c=IN IP6 2001:db8::1"s,
         "b=AS:30"s,
         "m=application 54321 UDP/DTLS/SCTP webrtc-datachannel"s,
         "m=application 9 DTLS/SCTP 5000"s,
         fingerprint(2),
         fingerprint(20),
         fingerprint(32),
         "a=setup:actpass"s,
         "a=mid:0"s,
         "a=mid:data"s,
         "a=group:BUNDLE 0"s,
         "a=sctp-port:5000"s,
         "a=ice-options:trickle"s,
         "a=ice-options:ice2,trickle"s,
         "a=ice-options:trickle renomination"s,
         "a=max-message-size:262144"s,
         "a=msid-semantic: WMS"s,
         "a=sctpmap:5000 webrtc-datachannel 1024"s,
         "a=extmap-allow-mixed"s,
         "a=end-of-candidates"s,
         "a=sendrecv"s,
         "a=ice-ufrag:4ZcD"s,
         "a=ice-pwd:2/1muCWoOi3uLifh0NuRHlbQ"s,
         "a=candidate:1 1 udp 2130706431 192.0.2.44 41879 typ host"s,
         "a=candidate:1 1 UDP 2130706431 2001:db8::2 38112 typ host generation 0 network-id 1 "
         "network-cost 50"s,
         "a=candidate:2 1 tcp 1518280447 192.0.2.4 9 typ host tcptype active generation 0"s,
         "a=candidate:3 2 udp 1694498815 198.51.100.161 41879 typ srflx raddr 0.0.0.0 rport 41879"s,
         "a=candidate:4 1 udp 2113937151 01234567-89ab-cdef-0123-456789abcdef.local 51111 typ "
         "host"s}) {
        CAPTURE(line);
        CHECK(is_known_sdp_line(line, chromium));
    }
}

TEST_CASE("a line with a blank gained or lost is not known")
{
    for (const std::string& line :
         {"v= 0"s, "s= -"s, "t=00"s, "o=- 46117314004300513362 IN IP4 127.0.0.1"s,
          "o=mozilla...THIS_IS_SDPARTA-128.04210318410987152637 0 0 IN IP4 0.0.0.0"s,
          "c=IN IP40.0.0.0"s, "c=IN IP4 0.0. 0.0"s,
          "m=application 9UDP/DTLS/SCTP webrtc-datachannel"s, "a=ice-options:tr ickle"s,
          "a=setup: actpass"s, "a=mid: 0"s, "a=group:BUNDLE0"s, "a=extmap- allow-mixed"s,
          "a=end-of-candidates "s, "a=fingerprint:sha-2560F:9C"s,
          "a=candidate:1 1 udp 2130706431 192.0.2.44 41879 typ hos t"s,
          "a=candidate:1 1 udp 2130706431 192.0.2.44 41879 typhost"s,
          "a=candidate:1 1 udp 2130706431192.0.2.44 41879 typ host"s,
          "a=candidate:1 1 udp 2130706431 192.0.2.44 41879 typ host generation0"s}) {
        CAPTURE(line);
        CHECK_FALSE(is_known_sdp_line(line, chromium));
    }
}

TEST_CASE("a line whose letters were changed, lost or linked is not known")
{
    for (
        const std::string& line :
        {"v=1"s,
         ""s,
         "a="s,
         "x=1"s,
         "a=fingerprint:sha-256 0F:9G"s,
         fingerprint(31),
         "a=setup:actpas"s,
         "a=sctp-port:50000000"s,
         "a=sctp-port:"s,
         "a=ice-pwd:short"s,
         "a=ice-ufrag:q"s,
         "o=- 42760 00131987851342 IN IP4 127.0.0.1"s,
         "a=ice-pwd:cfsfyd4lUWVwTAzRZaxTamO"s,
         "a=x-unheard-of"s,
         "c=IN IP4 0.0.0.0<http://0.0.0.0>"s,
         "c=IN IP4 256.0.0.1"s,
         "a=candidate:1 1 udp 2130706431 192.0.2 41879 typ host"s,
         "a=candidate:1 1 uddp 2130706431 192.0.2.44 41879 typ host"s,
         "a=candidate:XXXXXXXXXX 1 udp 2130706431 192.0.2.44 41879 typ host"s,
         "a=candidate:1 1 udp 2130706431 192.0.2.44 41879 typ host host"s,
         "a=candidate:1 1 udp 2130706431 192.0.2.44 41879 typ host generation 0 generation 0"s,
         "a=candidate:4 1 udp 2113937151 01234567-89ab-cdef-0123-456789abcde.local 51111 typ host"s,
         "a=mid:" + std::string(2000, '0')}) {
        CAPTURE(line);
        CHECK_FALSE(is_known_sdp_line(line, chromium));
    }
}

TEST_CASE(
    "pion has written a=msid-semantic with and without a blank, Firefox and libdatachannel write "
    "one, and their o= line tells")
{
    CHECK(is_known_sdp_line("a=msid-semantic:WMS*", origin_line_of(pion)));
    CHECK(is_known_sdp_line("a=msid-semantic:WMS *", origin_line_of(pion)));
    CHECK_FALSE(is_known_sdp_line("a=msid-semantic:WMS*",
                                  origin_line_of("o=rtc 3767197920 0 IN IP4 127.0.0.1")));
    CHECK(is_known_sdp_line("a=msid-semantic:WMS *", origin_line_of(firefox)));
    CHECK_FALSE(is_known_sdp_line("a=msid-semantic:WMS*", origin_line_of(firefox)));
}

TEST_CASE("a whole description is sound, with either line end")
{
    for (const Certainty certainty : {Certainty::exact, Certainty::unwrapped, Certainty::guessed}) {
        CHECK(is_sound_sdp(description(), certainty));
        CHECK(is_sound_sdp(description("", "\n"), certainty));
        CHECK(is_sound_sdp(description("a=candidate:1 1 udp 2130706431 192.0.2.44 41879 typ host"),
                           certainty));
    }
}

TEST_CASE("a description that lost a line or has one twice is not sound")
{
    for (const std::string line :
         {"v=0\r\n", "s=-\r\n", "t=0 0\r\n", "a=setup:actpass\r\n", "a=mid:0\r\n",
          "a=ice-ufrag:qVnHYwkzTUcXfBaG\r\n", "a=ice-pwd:mZrLtPwQxKcVbNjHgFdSaYuIoEeRtWqZ\r\n",
          "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"}) {
        CAPTURE(line);
        CHECK_FALSE(is_sound_sdp(without(description(), line), Certainty::exact));
        CHECK_FALSE(is_sound_sdp(description(line.substr(0, line.size() - 2)), Certainty::exact));
    }
    CHECK_FALSE(is_sound_sdp(description().substr(0, description().size() - 1), Certainty::exact));
    CHECK_FALSE(
        is_sound_sdp(description("a=candidate:1 1 udp 2130706431 192.0"), Certainty::exact));
    for (const std::string line : {"a=group:BUNDLE 0", "a=sctp-port:5000",
                                   "a=candidate:1 1 udp 2130706431 192.0.2.44 41879 typ host"}) {
        CAPTURE(line);
        CHECK(is_sound_sdp(description(line), Certainty::exact));
        CHECK_FALSE(is_sound_sdp(description(line + "\r\n" + line), Certainty::exact));
    }
    CHECK(is_sound_sdp(description("a=sendrecv\r\na=sendrecv"), Certainty::exact)); // Firefox
}

TEST_CASE(
    "an attribute that nobody knows yet passes where nothing was guessed, unless it looks like "
    "damage")
{
    CHECK(is_sound_sdp(description("a=x-unheard-of:some value"), Certainty::exact));
    CHECK_FALSE(is_sound_sdp(description("a=x-unheard-of:some value"), Certainty::guessed));
    for (const std::string line :
         {"a=candidat:1", "a=cand1date:1", "a=grqup:BUNDLE 0", "a=endof-candidates", "a=ice-pwdd:x",
          "a=Setup:actpass", "a=x-unheard-of: value", "a=x-unheard-of:value ",
          "a=x-unheard-of:\u201cvalue\u201d", "a=x unheard of", "a=x-unheard-of:"}) {
        CAPTURE(line);
        CHECK_FALSE(is_sound_sdp(description(line), Certainty::exact));
    }
}

TEST_CASE("a tester's few words are a session description where nothing was guessed")
{
    CHECK(is_sound_sdp("test", Certainty::exact));
    CHECK_FALSE(is_sound_sdp("test", Certainty::guessed));
    CHECK_FALSE(is_sound_sdp("test\r\n", Certainty::exact));
    CHECK(is_sound_sdp("v=0\r\n" + pion + "\r\ns=-\r\nt=0 0\r\n", Certainty::exact));
    CHECK_FALSE(is_sound_sdp("v=0\r\n" + pion + "\r\ns=-\r\nt=0 0\r\n", Certainty::guessed));
}

TEST_CASE("the origin is the o= line without blanks, which a damaged description still has")
{
    CHECK(origin_line_of(description()) == "o=-56207194302831719241700000000INIP40.0.0.0");
    CHECK(origin_line_of("v=0\r\ns=-\r\n") == "");
    CHECK(origin_line_of("o=" + std::string(5000, '1')).size() <= 200);
}

TEST_CASE(
    "RFC 8445 5.1.1.3, RFC 9143 7.2.1: where something was mended, lines that don't agree were "
    "joined from two or got a word")
{
    const std::string
        host = "a=candidate:1 1 udp 2130706431 192.0.2.44 41879 typ host",
        other = "a=candidate:1 2 udp 2130706431 192.0.2.45 41879 typ host",
        mapped = "a=candidate:1 2 udp 1694498815 192.0.2.44 41879 typ srflx raddr 0.0.0.0 rport 0",
        component = "a=candidate:1 2 udp 2130706431 192.0.2.44 41879 typ host";
    for (const Certainty certainty : {Certainty::unwrapped, Certainty::guessed}) {
        CHECK(is_sound_sdp(description(host + "\r\n" + component + "\r\na=group:BUNDLE 0"),
                           certainty));
        CHECK_FALSE(is_sound_sdp(description(host + "\r\n" + other), certainty));
        CHECK_FALSE(is_sound_sdp(description(host + "\r\n" + mapped), certainty));
        CHECK_FALSE(is_sound_sdp(description("a=group:BUNDLE hi0"), certainty));
    }
    CHECK(is_sound_sdp(description(host + "\r\n" + other + "\r\na=group:BUNDLE 1"),
                       Certainty::exact));
    CHECK_FALSE(is_known_sdp_line("m=application 94 UDP/DTLS/SCTP webrtc-datachannel", ""));
    CHECK_FALSE(is_known_sdp_line("a=candidate:1000test 1 udp 2000 8.8.8.8 3000 typ host", ""));
    CHECK_FALSE(
        is_known_sdp_line("a=candidate:1 1 udp 2000 8.8.8.8 3000 typ srflx raddr ::10", ""));
}
