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
          "a=cqBdhtzYodwYBGlzNxjpOH", "a=cd0e9f8a7b", "a=qwertyuiopasdfghj", "a=X-unheard-of:value",
          "a=x-unheard-of:\u201cvalue\u201d", "a=x unheard of", "a=x-unheard-of:"}) {
        CAPTURE(line);
        CHECK_FALSE(is_sound_sdp(description(line), Certainty::exact));
    }
}

namespace {

const std::string candidate = "a=candidate:1 1 udp 2130706431 ", host = " 41879 typ host";

// Whether the line passes in a whole description that is exact, and in no other.
bool is_allowed(const std::string& line)
{
    const std::string sdp = description(line);
    for (const Certainty less : {Certainty::tidied, Certainty::unwrapped, Certainty::guessed})
        CHECK_FALSE(is_sound_sdp(sdp, less));
    CHECK_FALSE(is_known_sdp_line(line, chromium));
    return is_sound_sdp(sdp, Certainty::exact);
}

std::string renamed(const std::string& session)
{
    std::string sdp = description();
    return sdp.replace(sdp.find("s=-"), 3, "s=" + session);
}

} // namespace

TEST_CASE("RFC 8839 5.1: in an exact text an unknown extension of a candidate is ignored")
{
    for (const std::string more :
         {" extension-x y", " ufrag CoVE network-id 1 extension-x y", " network-type wifi",
          " generation 0 vpn-preference 1:2", " link-quality 0.9 x-relay-protocol udp"}) {
        CAPTURE(more);
        CHECK(is_allowed(candidate + "192.0.2.44" + host + more));
    }
    for (const std::string more : {" generatio 0",
                                   " Generation 0",
                                   " networkid 1",
                                   " network-idd 1",
                                   " netwrk-cst 1",
                                   " network-cost",
                                   " network-cost x",
                                   " generation 0x",
                                   " generation -1",
                                   " ufrag qV",
                                   " testgeneration 0",
                                   " tcptype passiv",
                                   " tcptype passive", // the candidate is of UDP
                                   " raddr 0.0.0.0",
                                   " raddr 0.0.0 rport 0",
                                   " extension-x",
                                   " extension-x y z",
                                   "  extension-x y",
                                   " 0 extension-x",
                                   " extension-x <y>",
                                   " extension-x \"y\"",
                                   " extension-x ***",
                                   " x y",
                                   " extension-x y extension-x y",
                                   " extension_x y"}) {
        CAPTURE(more);
        CHECK_FALSE(is_allowed(candidate + "192.0.2.44" + host + more));
    }
}

TEST_CASE("RFC 8839 5.1, RFC 4007 11: in an exact text a candidate may have a name, or a zone")
{
    for (const std::string address :
         {"relay.example.org", "myhost.local", "a.b-c.d1.example", "host.xn--p1ai",
          "3com.example.com", "fe80::1%eth0", "fe80::54a9:d238:b2ee:ceb%21", "fe80::1%en-0.1"}) {
        CAPTURE(address);
        CHECK(is_allowed(candidate + address + host));
        CHECK(is_allowed(candidate + "192.0.2.44 1 typ srflx raddr " + address + " rport 1"));
    }
    for (const std::string address : {"192.0.2",
                                      "192.0.2.444",
                                      "192.0.2.4x",
                                      "192.0.2.xxx",
                                      "x.x.x.x",
                                      "xxx.xxx.xxx.xxx",
                                      "198.51.100.xxx",
                                      "192.0.2.44.",
                                      "www.192.0.2.44",
                                      "192.0.2.44<http://192.0.2.44>",
                                      "01234567-89ab-cdef-0123-456789abcde.local",
                                      "01234567-89ab-cdef-0123-456789abcdef.locl",
                                      "01234567-89ab-cdef-0123456789abcdef.local",
                                      "relay",
                                      "relay..example.org",
                                      "relay.example.org.",
                                      "-relay.example.org",
                                      "relay_1.example.org",
                                      "[ip]",
                                      "host.1",
                                      "192.0.2.44%eth0",
                                      "fe80::1%",
                                      "fe80:::1%eth0",
                                      "fe80::g%eth0",
                                      "fe80::1%eth/0",
                                      "%eth0"}) {
        CAPTURE(address);
        CHECK_FALSE(is_allowed(candidate + address + host));
    }
}

TEST_CASE("RFC 8866 5.3: in an exact text the session may have another name")
{
    for (const std::string name : {"Asterisk", "SIP Call", "kurento 7.0 (media)"}) {
        CAPTURE(name);
        CHECK(is_sound_sdp(renamed(name), Certainty::exact));
        for (const Certainty less : {Certainty::tidied, Certainty::unwrapped, Certainty::guessed})
            CHECK_FALSE(is_sound_sdp(renamed(name), less));
    }
    for (const std::string name :
         {"", " ", "_", "--", "- ", " -", ".", "a", "-a", "=-", "-webrtc", "SIP  Call", "Call ",
          "\"Call\"", "t=0 0", "\u2014", "Caf\u00e9"}) {
        CAPTURE(name);
        CHECK_FALSE(is_sound_sdp(renamed(name), Certainty::exact));
    }
}

TEST_CASE(
    "in an exact text the last line may have no end, and a line that nobody knows may be long")
{
    std::string sdp;
    for (const std::string end : {"\r\n", "\n"}) {
        sdp = without(description("a=end-of-candidates", end), "a=end-of-candidates" + end) +
              "a=end-of-candidates";
        CHECK(is_sound_sdp(sdp, Certainty::exact));
        for (const Certainty less : {Certainty::tidied, Certainty::unwrapped, Certainty::guessed})
            CHECK_FALSE(is_sound_sdp(sdp, less));
        CHECK_FALSE(is_sound_sdp(sdp.substr(0, sdp.size() - 1), Certainty::exact));
    }
    CHECK_FALSE(is_sound_sdp(sdp + "\r", Certainty::exact));
    CHECK(is_allowed("a=identity:" + std::string(3000, 'x'))); // RFC 8827 5
    CHECK_FALSE(is_allowed("a=mid:" + std::string(3000, 'x')));
}

TEST_CASE("an unknown attribute ends with what may have wrapped it in an exact text alone")
{
    for (const std::string line : {"a=tool:my-client!", "a=tool:bXk=", "a=tool:<x>"})
        CHECK(is_allowed(line));
    CHECK(is_sound_sdp(description("a=tool:my-client"), Certainty::unwrapped));
}

TEST_CASE("in an exact text options, bandwidths and connections may be new")
{
    for (const std::string line :
         {"a=ice-options:trickle pacing", "b=RS:0", "b=CT:1000", "c=IN IP4 media.example.org"}) {
        CAPTURE(line);
        CHECK(is_allowed(line));
    }
    for (const std::string line :
         {"a=ice-options:trickl", "a=ice-options:trickle ice3", "a=ice-options:tric kle",
          "b=RS:", "b=XS:0", "c=IN IP4 0.0.0.x"}) {
        CAPTURE(line);
        CHECK_FALSE(is_allowed(line));
    }
}

TEST_CASE("an offer that has sound or pictures too is told apart")
{
    for (const std::string end : {"\r\n", "\n"})
        for (const std::string line :
             {"m=audio 9 UDP/TLS/RTP/SAVPF 111 63", "m=video 0 RTP/AVP 96"}) {
            CHECK(has_other_media(description(line, end)));
            CHECK_FALSE(is_sound_sdp(description(line, end), Certainty::exact));
        }
    CHECK_FALSE(has_other_media(description()));
    CHECK_FALSE(has_other_media(description("m=audio")));
    CHECK_FALSE(has_other_media(description("a=x:m=audio 9 UDP/TLS/RTP/SAVPF 111")));
}

TEST_CASE("a tester's few words are a session description where nothing was guessed")
{
    CHECK(is_sound_sdp("test", Certainty::exact));
    CHECK_FALSE(is_sound_sdp("test", Certainty::guessed));
    CHECK_FALSE(is_sound_sdp("test\r\n", Certainty::exact));
    CHECK(is_sound_sdp("v=0\r\n" + pion + "\r\ns=-\r\nt=0 0\r\n", Certainty::exact));
    for (const Certainty less : {Certainty::unwrapped, Certainty::guessed})
        CHECK_FALSE(is_sound_sdp("v=0\r\n" + pion + "\r\ns=-\r\nt=0 0\r\n", less));
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
    CHECK_FALSE(is_known_sdp_line(host + " generation 0 network-id 250", ""));
    CHECK(is_sound_sdp(description(host + " generation 0 network-id 250"), Certainty::unwrapped));
    CHECK_FALSE(is_known_sdp_line("a=candidate:1000test 1 udp 2000 8.8.8.8 3000 typ host", ""));
    CHECK_FALSE(
        is_known_sdp_line("a=candidate:1 1 udp 2000 8.8.8.8 3000 typ srflx raddr ::10", ""));
}
