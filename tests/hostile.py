"""Mails of a mebibyte that try to make the program slow or big: whatever it does must end soon.

`mails` has for each sentence a list of functions that give a mail's octets; `growing` has for each
kind of mail a function that gives one of about so many octets.
"""
import base64
import itertools
import random
import re
import urllib.parse
import zlib

import sample

MIB = 1 << 20
TEXT_SIZE = MIB - 1000  # leaves room for the header

REQUEST = sample.REQUEST.strip().encode()
OBJECT = REQUEST.removeprefix(b"1.0\n")
DAMAGED = OBJECT.replace(b"udp", b"uddp")
SDP_START = OBJECT[:OBJECT.index(b"a=fingerprint")]
SDP_END = OBJECT[OBJECT.index(b"a=extmap"):]
LINE_END = rb"\\r\\n"  # of the SDP, in the JSON string within a JSON string
COUNTER = itertools.count()

mails = {}  # sentence: the functions
growing = {}  # kind: the function


def fill(*units, size=TEXT_SIZE):
    """The units one after another, again and again, up to that size; only whole rounds."""
    unit = b"".join(units)
    return unit * (size // len(unit))


def mail(body, *fields, type=b"text/plain; charset=utf-8"):
    fields = list(fields)
    for field in (b"From: user@example.net", b"To: snowflake@example.org", b"MIME-Version: 1.0",
                  b"Content-Type: " + type if type else b""):
        if field and not any(f.lower().startswith(field.split(b":")[0].lower() + b":")
                             for f in fields):
            fields.append(field)
    return b"\n".join(fields) + b"\n\n" + body


def whole(name, *makers):
    mails[name] = makers


def text(name, *bodies, type=b"text/plain; charset=utf-8"):
    """A mail of each text."""
    whole(name, *(lambda body=body: mail(body(), type=type) for body in bodies))


def html(name, body):
    text(f"HTML of {name}", body, type=b"text/html; charset=utf-8")


def parts(name, body):
    """A multipart, the boundary of which is b."""
    text(name, body, type=b"multipart/mixed; boundary=b")


def folded(*words, size=TEXT_SIZE, width=900):
    """Words in a header field, on lines no longer than MTAs let through."""
    lines, line = [], b""
    for word in itertools.cycle(words):
        word = word() if callable(word) else word
        if len(line) + len(word) > width:
            size -= len(line) + 2
            lines.append(line)
            line = b""
            if size < width + 100:
                return b"\n ".join(lines)
        line += word


def number():
    return b"%d" % next(COUNTER)


def multipart(some):
    return b"".join(b"--b\n" + part + b"\n" for part in some) + b"--b--\n"


def nested_multiparts(depth, inner):
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i)
                      for i in range(depth))
    return opened + inner


def noise(size, seed=1):
    return random.Random(seed).randbytes(size)


def deflated(text):
    """In base64url, the second form of a request."""
    return base64.urlsafe_b64encode(zlib.compress(text, 9)[2:-4]).rstrip(b"=")


def base64_of_base64(depth, lines=False):
    encoded = REQUEST
    for _ in range(depth):
        encoded = base64.encodebytes(encoded) if lines else base64.b64encode(encoded)
    return encoded


def percent_of_percent(depth):
    encoded = REQUEST.decode()
    for _ in range(depth):
        encoded = urllib.parse.quote(encoded)
    return encoded.encode()


def qp_of_qp(depth):
    encoded = REQUEST
    for _ in range(depth):
        encoded = encoded.replace(b"=", b"=3D")
    return encoded


# --- readings: each break stands for a blank or for nothing

def broken(line, count):
    """The request with that hostile SDP line, as the mail has it, so many times."""
    return SDP_START + (line + LINE_END) * count + SDP_END


text("100 000 raw line breaks in one SDP line",
     lambda: broken(b"a=candidate:" + b"1\n" * 100000, 1))
text("100 000 raw line breaks in SDP lines", lambda: broken(b"a=mid:\n0", 70000))
text("10 raw line breaks in each of many SDP lines", lambda:
     broken(b"a=candidate:1 1 udp 2000 8.\n8.\n8.\n8 \n30\n00 \ntyp\n \nho\nst\n x\n", 10000))
text("breaks where each of 1024 readings of many lines fits",
     lambda: broken(b"a=group:BUNDLE 0" + b"".join(b"\n%d" % i for i in range(9)), 18000))
text("breaks where each of 1024 readings of one line fits",
     lambda: broken(b"a=group:BUNDLE 0" + b"".join(b"\n%d" % i for i in range(10)), 1))
text("tabs by the 100 000 beside 10 raw line breaks",
     lambda: broken(b"a=candidate:" + b"1\t" * 400000 + b"1\n" * 9 + b"1", 1))
text("breaks by the 100 000 of 10 kinds", lambda: broken(
    b"a=candidate:" + b"1\n" * 400000 + b"".join(b"1\n" + b" " * (5 + i) for i in range(8)) +
    b"1", 1))
text("raw line breaks that are long", lambda: SDP_START + (b"\n" + b" " * 3000) * 300 + SDP_END)
text("breaks in lines that are long",
     lambda: broken(b"a=candidate:" + b"x" * 5000 + b"\n1" * 10, 190))
text("100 000 raw line breaks in escapes",
     lambda: SDP_START + b"\\\n\\\nr\\\n\\\nn" * 90000 + SDP_END)
text("200 kB strings of line breaks", lambda: (b'{"offer":"' + b"\n" * 200000 + b'"}') * 5)
text("200 kB strings of digits and line breaks",
     lambda: (b'{"offer":"{\\"sdp\\":\\"v=0' + b"1\n" * 100000 + b'\\"}"}') * 5)
text("the request with a line break after each octet",
     lambda: fill(b"\n".join(OBJECT[i:i + 1] for i in range(len(OBJECT))) + b"\n\n"))
text("the request wrapped at 7 columns, again and again",
     lambda: fill(b"\n".join(OBJECT[i:i + 7] for i in range(0, len(OBJECT), 7)) + b"\n\n"))
text("the request wrapped at varying columns, each with a damage",
     lambda: fill(re.sub(rb"(.{1,9}?[:=1])", rb"\1\n", OBJECT).replace(b"udp", b"uddp") + b"\n"))
text("an SDP of one line of a mebibyte", lambda: SDP_START + b"x" * 1000000 + SDP_END)
text("an SDP of 200 000 empty lines", lambda: SDP_START + LINE_END * 140000 + SDP_END)
text("a candidate of 400 000 words", lambda: SDP_START + b"a=candidate:1 1 udp 2000 8.8.8.8 3000 "
     b"typ host" + b" x" * 400000 + LINE_END + SDP_END)
text("fingerprint pairs of a mebibyte",
     lambda: SDP_START + b"a=fingerprint:sha-256 12" + b":34" * 300000 + LINE_END + SDP_END)

# --- starts of objects

for start in (b"{", b"[", b'"', b"\\", b"{}", b'{"', b'{"a":', b'{"a":[', b'{"a":{"offer":',
              b'{"offer":', b'{"offer":"', rb'{\"offer\":\"', rb'{\\\"offer\\\":\\\"',
              b"{'offer':'", b'{"offer":"{"', b'{"offer":""}', b'{"offer":"","offer":""}',
              rb'{"offer":"{\"sdp\":\"', rb'{"offer":"\"{\"', b'"{"', b'"{""}"', b'{"offer":0,',
              b'"":0,', b'\\"offer\\"{\\"', b'{"offer":"v=0 IN IP4', b'1.0{"offer":"',
              b"1.1\n{\"offer\":\"\"}", b"&quot;offer&quot;{", b"offer ", b"v=0", rb"\u0022",
              b'{"off\\u0065r":"'):
    text(f"nothing but {start.decode()!r}, and with 'offer' behind it",
         lambda start=start: fill(start),
         lambda start=start: fill(start, size=TEXT_SIZE - 10) + b'"offer"')
for start in (rb'{"off\u0065r":"', b'{"o ffer":"', b'{"o ffer":"x","a":',
              b'1.1\n{"offer":"x","a":', b'{"a":"{"offer":"', b'{"' + rb'\u0041' * 2000 +
              b'":0,"offer":"x"', b'{' + b'"a":0,' * 98 + b'"offer":"'):
    for type in (b"text/plain", b"text/html"):
        text(f"lines of {start[:40].decode()!r} behind a damaged request in {type.decode()}",
             lambda start=start: b'{"offer":"v=0 IN IP4"}\n' +
             fill(start + b"\n", size=TEXT_SIZE - 30), type=type)
text("one object of 200 000 fields", lambda: b'{"offer":"x",' + fill(b'"":0,') + b"}")
text("one object of 100 000 keys of escapes", lambda: b'{"offer":"x",' + fill(rb'"\n\n":0,') + b"}")
text("one object with an offer of a mebibyte",
     lambda: b'{"offer":"' + fill(b"x", size=TEXT_SIZE - 100) + b'"}')
text("one object with an offer of a mebibyte of escapes",
     lambda: b'{"offer":"' + fill(rb"\\", size=TEXT_SIZE - 100) + b'"}')
text("an offer whose SDP is a mebibyte of escapes",
     lambda: b'{"offer":"{\\"type\\":\\"offer\\",\\"sdp\\":\\"' +
     fill(rb"\\n", size=TEXT_SIZE - 100) + b'\\"}"}')
text("an offer of 60 000 JSON fields", lambda: rb'{"offer":"{\"type\":\"offer\",' +
     b",".join(rb'\"%d\":0' % i for i in range(60000)) + b'}"}')
text("an object of 60 000 JSON fields",
     lambda: b'{' + b",".join(b'"%d":0' % i for i in range(80000)) + b',"offer":"{}"}')
text("an object of 500 000 JSON values", lambda: b'{"offer":"{}","x":[' + b"0," * 500000 + b"0]}")
text("an offer of 400 000 JSON values",
     lambda: rb'{"offer":"{\"type\":\"offer\",\"sdp\":\"v=0\",\"x\":[' + b"0," * 400000 + b'0]}"}')
text("an offer of 250 000 JSON arrays",
     lambda: rb'{"offer":"{\"type\":\"offer\",\"sdp\":\"v=0\",\"x\":[' + b"[]," * 250000 + b'0]}"}')
text("an offer of 10 000 JSON arrays, 50 times", lambda:
     (rb'{"offer":"{\"type\":\"offer\",\"sdp\":\"v=0\",\"x\":[' + b"[]," * 6600 + b'0]}"}') * 50)
text("objects nested 100 000 deep around the request",
     lambda: b'{"a":' * 100000 + REQUEST + b"}" * 100000)
text("arrays nested 100 000 deep around the request",
     lambda: b"[" * 400000 + REQUEST + b"]" * 400000)
text("quotes nested 100 000 deep", lambda: b"".join(b"\\" * (i % 40) + b'"' for i in range(45000)))
whole("10 MB of '{'", lambda: mail(fill(b"{", size=10_000_000)))
whole("""10 MB of '{"a":'""", lambda: mail(fill(b'{"a":', size=10_000_000)))

# --- decoys

for name, decoy in {
        "of another type": OBJECT.replace(b'"type\\":\\"offer', b'"type\\":\\"answer'),
        "that are short": b'{"offer":"{}","nat":""}',
        "that have another version": b'1.7\n{"offer":"{}","nat":""}',
        "of a wrong nat": OBJECT.replace(b"unrestricted", b"symmetric"),
        "whose SDP is damaged": OBJECT.replace(b" udp ", b" udpp "),
        "that end in the offer": OBJECT[:300],
        "whose breaks have two readings": OBJECT.replace(b"BUNDLE 0", b"BUNDLE 0\n1"),
        "that are links":
        OBJECT.replace(b"8.8.8.8", b"8.8.8.8<http://8.8.8.8>").replace(b"udp", b"uddp")}.items():
    decoys = lambda decoy=decoy: fill(decoy + b"\n", size=TEXT_SIZE - 1000)
    text(f"decoys {name}, without, before and behind the request", decoys,
         lambda decoys=decoys: decoys() + REQUEST, lambda decoys=decoys: REQUEST + b"\n" + decoys())
text("20 000 decoys that say v=0 IN IP4", lambda: fill(b'{"offer":"v=0 IN IP4"}') + b" ")

# --- repairs: each can be undone, and each of its results again

text("'>' only", lambda: fill(b">"))
text("'> ' only", lambda: fill(b"> "))
text("lines of '>'", lambda: fill(b">\n"))
text("the quoted request", lambda: fill(b"> " + REQUEST.replace(b"\n", b"\n> ") + b"\n"))
text("base64 anchors MS4w", lambda: fill(b"MS4w"))
text("base64 anchors eyJ", lambda: fill(b"eyJ"))
text("base64 anchors on lines", lambda: fill(b"eyJv\n"))
text("base64 anchors that decode to an offer", lambda: fill(base64.b64encode(b'1.0\n{"offer":""}')))
text("base64 anchors that decode to an offer, each with a foreign character",
     lambda: fill(base64.b64encode(b'1.0\n{"offer":""}\n\n'), b"|"))
for anchor in (b"eyJv", b"eyJvAAAA", b"MQAuADAA", b"eyJv\n"):
    for count in (50, 390):
        parts(f"base64 anchors {anchor.decode()!r} in {count} texts",
              lambda anchor=anchor, count=count: multipart([b"\n" + fill(
                  anchor, size=TEXT_SIZE // count - 20)] * count))
text("base64 with every other anchor", lambda: fill(b"MS4wewoeyJew0eyAeyBMQAuADAAewAiA77u/"))
text("zero-width characters in base64", lambda: b"MS4w" + fill("\u200b".encode()) + b"offer")
text("base64 of base64 of the request", lambda: fill(base64_of_base64(8) + b" "))
text("base64 of base64 of the request on lines", lambda: fill(base64_of_base64(8, True) + b"\n"))
text("base64 of base64 of a mebibyte", lambda: (base64.b64encode(
    base64.b64encode(b'1.0\n{"offer":' + fill(b'{"offer"', size=589000)))[:TEXT_SIZE]))
text("raw deflate of little on each line", lambda: fill(deflated(b'1.0\n{"x":' * 99) + b"\n|\n"))
text("raw deflate of much on each line",
     lambda: fill(deflated(b"1.0\n" + b"{" * 99_000) + b"\n|\n"))
text("raw deflate of 100 MiB and an offer on each line", lambda: fill(
    deflated(b'1.0\n{"offer":"v=0' + bytes(100 * MIB))[:2000] + b"\n|\n"))
text("raw deflate of decoys", lambda: fill(deflated(
    b"".join(b'{"offer":"%d"}' % number for number in range(7000))) + b"\n|\n"))
text("lines of base64 of noise, url-safe",
     lambda: fill(base64.urlsafe_b64encode(noise(57)) + b"\n|\n"))
text("lines of base64 of noise",
     lambda: base64.encodebytes(noise(740000)).replace(b"\n", b"\n|\n"))
text("base64 of a mebibyte of decoys",
     lambda: base64.encodebytes(fill(b'{"offer":"v=0"}', size=770000)))
text("percent encoding of percent encoding", lambda: fill(percent_of_percent(20) + b"\n"))
text("percent encoding of decoys", lambda: fill(b"%7B%22offer%22%3A%22%22%7D+"))
text("%25", lambda: b"%7B%22" + fill(b"%25", size=TEXT_SIZE - 20) + b"7B%22offer")
text("entities", lambda: fill(b"&quot;") + b" ")
text("entities of entities", lambda: fill(b"&amp;" * 20 + b"quot;offer&amp;quot;"))
text("entities without an end", lambda: b"&quot;" + fill(b"&"))
text("entities by number", lambda: b"&quot;offer" + fill(b"&#34;", size=TEXT_SIZE - 20))
text("quoted-printable of quoted-printable", lambda: fill(qp_of_qp(20) + b"\n"))
text("=3D", lambda: b"=3D" + fill(b"=3D", size=TEXT_SIZE - 20) + b"offer")
text("soft line breaks", lambda: b"=3D" + fill(b"=\n", size=TEXT_SIZE - 20) + b"offer")
text("'=' before blanks", lambda: b"=3D=\n" + fill(b"= ", size=300000) +
     fill(b"=" + b" " * 9000, size=700000) + b"offer")
text("asterisks", lambda: b"offer" + fill(b"*", size=TEXT_SIZE - 20))
text("links", lambda: b"offer{" + fill(b"<http://>", size=TEXT_SIZE - 20))
text("links without an end", lambda: b"offer{" + fill(b"<http:", size=TEXT_SIZE - 20))
text("JSON literals of JSON literals", lambda: fill(b'{\\"offer\\":' + b"\\" * 1000))
text("halved backslashes", lambda: b'{"offer":"{"' + fill(b'\\', size=TEXT_SIZE - 40) + b'"}"}')
text("halved quotes", lambda: b'{"offer":"{"' + fill(b'"', size=TEXT_SIZE - 40) + b'"}"}')
text("single quotes", lambda: b"'offer'" + fill(b"'", size=TEXT_SIZE - 40))
text("sendmail's breaks", lambda: b"offer" + fill(b"!\n ", size=TEXT_SIZE - 40))
text("stuffed dots", lambda: b"offer" + fill(b"\n..", size=TEXT_SIZE - 40))
text("mojibake", lambda: b"offer" + fill("â€œ".encode(), size=TEXT_SIZE - 40))
text("mojibake of mojibake", lambda: b"offer" + fill("“".encode().decode(
    "cp1252", "replace").encode().decode("cp1252", "replace").encode(), size=TEXT_SIZE - 40))
text("full-width letters", lambda: b"offer" + fill("ｏ".encode(), size=TEXT_SIZE - 40))
text("ligatures that grow in NFKC",
     lambda: "offer\uff5b".encode() + fill("\ufdfa".encode(), size=TEXT_SIZE - 40))
text("combining marks that NFKC sorts",
     lambda: "offer\uff5b".encode() + fill("\u0301\u0327".encode(), size=TEXT_SIZE - 40))
text("typographic quotes", lambda: b"offer" + fill("“".encode(), size=TEXT_SIZE - 40))
text("yen signs", lambda: fill("{¥\"offer¥\":¥\"".encode()))
text("U+200B", lambda: fill("\u200b".encode()))
text("NULs", lambda: fill(b"\0"))
text("NULs around letters", lambda: fill(b"o\0f\0f\0e\0r\0 \0"))
text("CR only", lambda: fill(b"\r"))
whole("CR only, in base64",
      lambda: mail(base64.encodebytes(fill(b"\r", size=TEXT_SIZE * 3 // 4 - 20000)),
                   b"Content-Transfer-Encoding: base64"))
text("lines that end in CR", lambda: fill(b"offer{\r"))
text("LF only", lambda: fill(b"\n"))
text("CRLF only", lambda: fill(b"\r\n"))
text("blanks only", lambda: fill(b" "))
DAMAGES = (b"=3D &quot; %22 %7B %20 + <http://x> [http://x] !\n 1\n..  'offer' *offer* "
           b'"{" "}" {\\"offer\\" ')
ALL_DAMAGES = DAMAGES + "“offer” \u200b \u00a0 â€ Â ï»¿ ｛ ¥".encode()
text("all damages at once", lambda: fill(ALL_DAMAGES))
text("all damages at once around decoys", lambda: fill(ALL_DAMAGES, b'{"offer":"{}"}'))
text("all damages at once and base64 of them", lambda: fill(ALL_DAMAGES, size=400000) +
     base64.b64encode(fill(ALL_DAMAGES, b'{"offer":', size=400000)))
text("repairs whose results all differ",
     lambda: b"".join(ALL_DAMAGES + b"%d " % i for i in range(6000)))
text("all damages around broken decoys",
     lambda: fill(ALL_DAMAGES, broken(b"a=group:BUNDLE 0\n1\n2\n3\n4\n5", 3)))
parts("texts of all damages by the hundreds", lambda: multipart(
    [b"Content-Type: text/plain\n\n" + fill(ALL_DAMAGES, b'{"offer":"{}"}', size=2500)] * 390))
parts("20 texts of all damages", lambda: multipart(
    [b"Content-Type: text/plain\n\n" + fill(ALL_DAMAGES, b'{"offer":"{}"}', size=52000)] * 20))

# --- charsets

for charset in ("utf-16", "utf-7", "iso-2022-jp", "iso-2022-kr", "iso-2022-cn", "shift_jis",
                "gb18030", "big5-hkscs", "euc-tw", "windows-1255", "us-ascii"):
    text(f"garbage in {charset}", lambda: noise(TEXT_SIZE),
         lambda: noise(TEXT_SIZE).translate(bytes(range(128)) * 2),
         type=f"text/plain; charset={charset}".encode())
text("shifts of ISO-2022-JP", lambda: fill(b"\33$B\33(B"), type=b"text/plain; charset=iso-2022-jp")
text("shifts of ISO-2022-JP without an end", lambda: fill(b"\33$B!!"),
     type=b"text/plain; charset=iso-2022-jp")
text("escapes that ISO-2022-KR lacks", lambda: fill(b"\33"),
     type=b"text/plain; charset=iso-2022-kr")
text("UTF-7 of one character each", lambda: fill(b"+AFw-"), type=b"text/plain; charset=utf-7")
text("UTF-7 that is wrong", lambda: fill(b"+\\"), type=b"text/plain; charset=utf-7")
text("UTF-16 of decoys", lambda: "".join('{"offer":' for _ in range(57000)).encode("utf-16"),
     type=b"text/plain; charset=utf-16")
text("lone surrogates of UTF-16", lambda: fill(b"\x00\xd8"), type=b"text/plain; charset=utf-16le")
text("octets that are no UTF-8", lambda: fill(b"\x81\xfe"))
text("octets that grow in UTF-8", lambda: fill(b"\x80"), lambda: b"offer{" + fill(b"\x80"),
     lambda: fill(b"\x80" * 20 + b'{"offer":"{}"}'), type=b"text/plain; charset=windows-1252")
text("GB18030 of four octets", lambda: fill(b"\x81\x30\x81\x30"),
     type=b"text/plain; charset=gb18030")
PART_CHARSETS = b"""
    shift_jis gb18030 euc-kr big5 cp950 big5-hkscs euc-tw euc-jp iso-2022-jp iso-2022-jp-2
    iso-2022-kr iso-2022-cn utf-7 koi8-r koi8-u cp866 tis-620 iso-8859-2 iso-8859-16
    windows-1250 windows-1258""".split()
for form, encoded in {
        "plain": b"\n\x1b$B\xa1" + noise(2600),
        "base64": b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(noise(2700))}.items():
    parts(f"300 parts in every charset ({form})", lambda encoded=encoded: multipart(
        [b"Content-Type: text/plain; charset=" + charset + b"\n" + encoded
         for charset in PART_CHARSETS * 13]))

# --- HTML

for name, unit in {
        "'<'": b"<", "'<a'": b"<a", "'</'": b"</", "'<!'": b"<!", "'<!--'": b"<!--",
        "comments": b"<!---->", "'&'": b"&", "'&#'": b"&#", "'&quot'": b"&quot",
        "'&quot;'": b"&quot;", "'&nbsp;'": b"&nbsp;",
        "nested <b>": b"<b>", "nested <div>": b"<div>", "nested <blockquote>": b"<blockquote>",
        "nested <blockquote> with text": b"<blockquote>x",
        "<blockquote> and lines": b"<blockquote><br>x",
        "nested <pre>": b"<pre>", "nested <pre> and line breaks": b"<pre>\n",
        "nested <table>": b"<table>", "<table> in cells": b"<table><tr><td>",
        "misnested <a>": b"<a><b></a><p>", "<br>": b"<br>", "<wbr>": b"<wbr>x", "<p>": b"<p>x",
        "<script>": b"<script>", "<style> and what ends it almost": b"<style></styl",
        "<textarea>": b"<textarea>", "<title>": b"<title>x</title>", "attributes": b"<a b='",
        "attributes in tags": b"<a " + b"b=c " * 200,
        "style attributes": b"<p style=white-space:pre>",
        "style attributes that are long": b"<p style='" + b"white-space:pre;" * 200 + b"'>x</p>",
        "style attributes that alternate": b"<i style=white-space:pre><i style=white-space:normal>",
        "closed elements that nobody opened": b"</p></b></x>", "'>'": b">", "NULs": b"\0",
        "'{<!-- -->'": b"{<!-- -->", "decoys": b"{&quot;offer&quot;:&quot;</div>",
        "line breaks": b"{\n", "decoys on lines": b'{"offer":\n"{\n}"}',
        "numbers": b"&#x" + b"1" * 3000 + b";", "<plaintext>": b"<plaintext>",
        "<svg>": b"<svg><foreignObject>", "<select>": b"<select><option>",
        "all damages": ALL_DAMAGES.replace(b"<", b"&lt;")}.items():
    html(name, lambda unit=unit: fill(unit))
for depth in (3, 60, 100000):
    html(f"elements {depth} deep, of which each changes something", lambda depth=depth:
         fill(b"<pre><i style=white-space:normal><blockquote>" * (depth // 3) + b"\nx\n" * 3000))
html("quoted lines", lambda: b"<blockquote>" * 3 + fill(b"<br>x"))
html("quoted line breaks", lambda: b"<blockquote>" * 3 + b"<pre>" + fill(b"\n"))
html("quoted table cells", lambda: b"<blockquote>" * 3 + fill(b"<p>x"))
parts("20 HTML parts of 50 kB", lambda: multipart([b"Content-Type: text/html\n\n" + fill(
    b"<div>" + DAMAGED.replace(b'"', b"&quot;") + b"</div>", size=52000)] * 20))
parts("300 HTML parts", lambda: multipart([b"Content-Type: text/html\n\n" + fill(
    b"<div>" + DAMAGED.replace(b'"', b"&quot;") + b"</div>", size=3400)] * 300))

# --- MIME

parts("10 000 nested multiparts", lambda: b"--b\n" + nested_multiparts(10000, REQUEST))
parts("10 000 nested multiparts of one boundary",
      lambda: fill(b"--b\nContent-Type: multipart/mixed; boundary=b\n\n"))
parts("49 nested multiparts around a mebibyte of lines",
      lambda: b"--b\n" + nested_multiparts(48, fill(b"-x\n", size=TEXT_SIZE - 5000)))
parts("49 nested multiparts with boundaries of 2 kB", lambda: b"--b\n" + b"".join(
    b"Content-Type: multipart/mixed; boundary=%s%d\n\n--%s%d\n" % (b"x" * 2000, i, b"x" * 2000, i)
    for i in range(48)) + fill(b"--" + b"x" * 2000 + b"\n", size=700000))
parts("140 000 tiny parts", lambda: fill(b"--b\n\n\n"))
parts("240 000 boundaries", lambda: fill(b"--b\n"))
parts("900 parts of 1 kB",
      lambda: multipart([b"Content-Type: text/plain\n\n" + b'{"offer":"' * 100] * 900))
parts("900 parts with base64 of noise",
      lambda: multipart([b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: "
                         b"base64\n\n" + base64.b64encode(noise(780))] * 900))
text("nested message/rfc822", lambda: fill(b"Content-Type: message/rfc822\n\n"),
     type=b"message/rfc822")
text("nested message/rfc822 in lower case, folded",
     lambda: fill(b"content-type:\n message/rfc822\n\n"), type=b"message/rfc822")
text("nested message/rfc822 with comments",
     lambda: fill(b"content-type:" + b" " * 80 + b"message/rfc822\n\n"), type=b"message/rfc822")
text("nested message/rfc822 with CR CR LF",
     lambda: fill(b"Content-Type: message/rfc822\r\r\n\r\r\n"), type=b"message/rfc822")
text("nested message/rfc822 in nested multiparts",
     lambda: fill(b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
                  b"message/rfc822\n\n"), type=b"message/rfc822")
parts("nested message/rfc822 of type folded multiparts",
      lambda: b"--b\n" + fill(b"Content-Type:\n multipart/mixed;\n boundary=b\n\n--b\n"))
text("nested message/rfc822, each in base64",
     lambda: fill(b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"),
     type=b"message/rfc822")
text("nested message/global and message/news",
     lambda: fill(b"Content-Type: message/global\n\nContent-Type: message/news\n\n"),
     type=b"message/global")
parts("message/partial and message/external-body by the thousands",
      lambda: fill(b"--b\nContent-Type: message/partial; id=x; number=1\n\nFrom: a\n\n--b\n"
                   b"Content-Type: message/external-body\n\n"))
text("a multipart without boundary", lambda: fill(DAMAGED + b"\n"),
     lambda: fill(b"\x80" * 20 + b'{"offer":"{}"}'), type=b"multipart/mixed")
parts("a multipart whose boundary never comes", lambda: fill(DAMAGED + b"\n"))
parts("a multipart with a long preface", lambda: fill(b"x\n") + multipart([REQUEST]))
parts("a multipart with a long epilogue", lambda: multipart([b"\n" + REQUEST]) + fill(b"x\n"))
whole("a boundary of a mebibyte",
      lambda: mail(REQUEST, type=b"multipart/mixed; boundary=" + b"b" * (TEXT_SIZE - 1000)))
whole("base64 of a mebibyte of blanks",
      lambda: mail(fill(b" \n"), b"Content-Transfer-Encoding: base64"))
whole("quoted-printable of a mebibyte of '='",
      lambda: mail(fill(b"="), b"Content-Transfer-Encoding: quoted-printable"))
whole("uuencode of a mebibyte of garbage",
      lambda: mail(b"begin 644 x\n" + fill(b"M" + b"!" * 60 + b"\n"),
                   b"Content-Transfer-Encoding: x-uuencode"))
whole("yEnc of a mebibyte of garbage",
      lambda: mail(b"=ybegin line=128 size=9999999 name=x\n" + fill(b"=}"),
                   b"Content-Transfer-Encoding: x-yenc"))
parts("an attachment of base64 lines", lambda:
      multipart([b"Content-Type: text/plain\n\nhello", b"Content-Type: application/pdf\n"
                 b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(noise(760000))]))
parts("an attachment of unknown type",
      lambda: multipart([b"Content-Type: text/plain\n\nhello", b"Content-Transfer-Encoding: "
                         b"base64\nContent-Type: application/octet-stream\n\n" +
                         base64.encodebytes(fill(ALL_DAMAGES, b'{"offer":"{}"}', size=760000))]))
for delsp in (b"no", b"yes"):
    text(f"format=flowed with delsp={delsp.decode()}, soft breaks", lambda: fill(b"{ \n"),
         type=b"text/plain; format=flowed; delsp=" + delsp)
    text(f"format=flowed with delsp={delsp.decode()}, quote depths",
         lambda: b"".join(b">" * (i % 1000) + b" \n" for i in range(2000)),
         type=b"text/plain; format=flowed; delsp=" + delsp)

# --- header: what is taken of one, and far more

def header(name, *fields):
    """For each field a mail with the request behind it."""
    whole(name, *(lambda field=field: mail(REQUEST, field()) for field in fields))


LONGEST_FIELD, LONGEST_HEADER = 19500, 65000
NAMES = (b"From", b"Subject", b"Content-Type: text/plain;", b"Received", b"Auto-Submitted")
MORE_NAMES = (b"Content-Disposition: attachment;", b"Date", b"Message-ID", b"References",
              b"Authentication-Results", b"Accept-Language", b"Return-Path", b"X-Original-To",
              b"List-Id", b"Autocrypt") + NAMES
CHARSETS = """
    437 cp037 cp775 cp850 cp852 cp855 cp857 cp866 cp869 cp874 cp932 cp949 cp1250 cp1251 cp1253
    cp1255 cp1256 cp1258 big5 big5-hkscs euc-cn euc-jp euc-kr euc-tw gb18030 gbk hp-roman8
    ibm1047 ibm1364 ibm1371 ibm1388 ibm1390 ibm1399 ibm930 ibm933 ibm935 ibm937 ibm939
    iso-2022-cn iso-2022-cn-ext iso-2022-jp iso-2022-jp-3 iso-2022-kr iso-8859-2 iso-8859-3
    iso-8859-5 iso-8859-7 iso-8859-10 iso-8859-15 johab koi8-r koi8-t koi8-u macintosh shift_jis
    shift_jisx0213 euc-jisx0213 tcvn5712-1 tscii uhc utf-7 utf-16 utf-32 viscii""".encode().split()
for what, words in {
        "RFC 2047 words": [b"=?utf-8?B?w6k=?= "],
        "RFC 2047 words in unknown charsets": [lambda: b"=?x%s?Q?=e9?= " % number()],
        "RFC 2047 words in every charset": [b"=?%s?Q?=a4=a2?= " % c for c in CHARSETS],
        "RFC 2047 words without an end": [b"=?utf-8?B?"], "addresses": [b"a@b, "],
        "groups": [b"a:b@c;, "], "groups within groups": [b"a:"],
        "groups within groups that have names": [b"abcdefgh:"], "comments nested": [b"("],
        "comments nested and closed": [b"(", b"a) "],
        "comments": [b"() "], "angle brackets": [b"<"], "quotes": [b'"'], "backslashes": [b"\\"],
        "braces": [b"{"], "brackets": [b"["], "commas": [b","], "semicolons": [b";"],
        "dots": [b"."], "routes": [b"<@a,"],
        "8-bit octets": [b"\xe9\xff "], "message ids": [b"<a@b> "], "blanks": [b" "],
        "numbers": [b"1 "], "zones": [b"+0000 ", b"Mon, "],
        "parameters": [lambda: b"p%s=v; " % number()], "parameters of one name": [b"p=v;"],
        "RFC 2231 continuations": [lambda: b"p*%s=v; " % number()],
        "RFC 2231 continuations in random order": [
            lambda: b"p*%d*=%%41; " % random.randrange(100000)],
        "RFC 2231 values": [lambda: b"p%s*=x%s''%%ff; " % (number(), number())],
        "RFC 2231 values in every charset":
        [lambda c=c: b"p%s*=%s''%%a4%%a2; " % (number(), c) for c in CHARSETS]}.items():
    def fields(size, names=NAMES, words=words):
        return [lambda name=name: name + (b"" if b":" in name else b":") + b"\n " +
                folded(*words, size=size) for name in names]
    header(f"fields of {what}", *fields(LONGEST_FIELD))
    header(f"the longest header of fields of {what}",
           lambda fields=fields: b"\n".join(
               field() for field in fields(LONGEST_FIELD, (b"From", b"Reply-To", b"Sender"))),
           lambda fields=fields: b"\n".join(field() for field in fields(1100, MORE_NAMES * 4)))
header("90 000 header lines", lambda: fill(b"X-A: b\n", size=900000).rstrip())
header("as many header lines as are taken", lambda: fill(b"X-A: b\n", size=27000).rstrip())
header("400 000 header lines without a colon", lambda: fill(b"x\n").rstrip())
header("a From field of a mebibyte", lambda: b"From: " + fill(b"a@b, "),
       lambda: b"From:" + fill(b"\n a:"), lambda: b"From:" + fill(b"\n ("))
header("one header line of a mebibyte", lambda: b"X-A: " + b"b" * (TEXT_SIZE - 1000))
header("a header field folded over 50 000 lines", lambda: b"X-A: b" + b"\n b" * 50000)
header("a header field folded over 10 000 lines", lambda: b"X-A: b" + b"\n b" * 10000)
header("header names of a mebibyte and of 30 kB", lambda: b"X" * 900000 + b": x",
       lambda: b"X" * 30000 + b": x\n" + b"Y" * 30000 + b": y")
header("20 000 Received fields",
       lambda: fill(b"Received: from x; Mon, 1 Jan 2024 00:00:00 +0000\n").rstrip())
header("Received fields as many as are taken", lambda: fill(b"Received: x;\n", size=51000).rstrip(),
       lambda: fill(b"Received: x; Mon, 1 Jan 2024 00:00:00\n", size=LONGEST_HEADER).rstrip())
header("Reply-To fields as many as are taken",
       lambda: fill(b"Reply-To: <a@b>\n", size=LONGEST_HEADER).rstrip())
whole("a digest whose mails have 90 000 header lines", lambda:
      mail(b"--b\n\n" + fill(b"X-A: b\n", size=900000), type=b"multipart/digest; boundary=b"))
parts("an attached mail of 90 000 header lines",
      lambda: b"--b\nContent-Type:\n message/rfc822\n\n" + fill(b"X-A: b\n", size=900000))
parts("an attached mail whose type has a comment, of 90 000 header lines", lambda:
      b"--b\ncontent-type: (c) MESSAGE (c) / (c) RFC822\n\n" + fill(b"X-A: b\n", size=900000))
parts("attached mails of 90 000 header lines", lambda: fill(
    b"--b\nContent-Type: message/rfc822\n\nFrom: <a@b>, <c@d>\nSubject: =?utf-8?q?=e9?=\n\n"))
header("60 000 header lines that say how to read the body",
       lambda: fill(b"Content-X: b\n", size=900000).rstrip())
whole("a header of 450 kB and parts as many as are taken", lambda: mail(
    fill(b"--b\nContent-Type: text/plain\n\nx\n", size=500000),
    fill(b"X-A: =?utf-8?Q?=e9?= : b\n", size=450000).rstrip(),
    type=b"multipart/mixed; boundary=b"))


def attached(encoding, content):
    return (b"--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: " + encoding + b"\n\n" +
            content)


def nested_encodings(depth, size):
    """Mails attached in quoted-printable, one within the other."""
    inner = b"Subject: x\n\n" + fill(b"x\n", size=size)
    for i in range(depth):
        inner = b"Content-Type: multipart/mixed; boundary=b%d\n\n" % i + attached(
            b"quoted-printable", inner.replace(b"=", b"=3D")).replace(b"--b", b"--b%d" % i)
    return inner.split(b"\n\n", 1)[1]


parts("mails attached in base64, of as many parts as are taken", lambda: fill(attached(
    b"base64", base64.encodebytes(b"Content-Type: multipart/mixed; boundary=c\n\n" +
                                  b"--c\n\nx\n" * 1000))))
parts("mails attached in base64, of as large a header as is taken", lambda: fill(attached(
    b"base64", base64.encodebytes(b"From:\n " + folded(b"a:", size=6000) + b"\nSubject:\n " +
                                  folded(b"=?utf-8?Q?=e9?= ", size=6000) + b"\n\nx\n"))))
parts("tiny mails attached in base64", lambda: fill(attached(b"base64", b"QTogYgoKeAo=\n")))
whole("mails attached in quoted-printable, 30 deep", lambda: mail(
    nested_encodings(30, 700000), type=b"multipart/mixed; boundary=b29"))
text("what says it is in base64 and is plain", lambda: fill(b"a b=3D =\n"))
parts("parts whose header lines add up",
      lambda: fill(b"--b\nContent-Type: text/plain; " + b"; p=v" * 100 + b"\n\nx\n"))
parts("a part without a blank line and 90 000 header lines",
      lambda: b"--b\n" + fill(b"X-A: b\n", size=900000))
whole("the Subject, where the body is empty", lambda: mail(
    b"", b"Subject:\n " + folded(b'{"offer":"{}"} ', b"=?utf-8?Q?=7B=22offer=22?= ", size=20000)))
whole("a Subject of all damages", lambda:
      mail(b"", b"Subject:\n " + folded(ALL_DAMAGES.replace(b"\n", b" "), size=LONGEST_FIELD)))
whole("a mail of nothing but noise", lambda: noise(MIB))
whole("a mail without a header", lambda: b"\n" + fill(ALL_DAMAGES))
whole("an mbox From_ line of a mebibyte",
      lambda: b"From " + b"x" * (TEXT_SIZE - 1000) + b"\n" + mail(REQUEST))

# --- how time grows with size: one kind for each piece of code that reads or undoes something

DAMAGED_START = b'{"offer":"v=0 IN IP4"}\n'
HTML = b"text/html; charset=utf-8"


def grows(name, unit, head=b"", type=b"text/plain; charset=utf-8"):
    """A text of `unit` again and again; as many parts of 2.5 kB; and HTML."""
    growing[name] = lambda size: mail(head + fill(unit, size=size - len(head)), type=type)
    if type != HTML:
        growing[f"{name}, in parts of 2.5 kB"] = lambda size: mail(multipart(
            [b"\n" + head + fill(unit, size=2500)] * (size // (2600 + len(head)))),
            type=b"multipart/mixed; boundary=b")


def grows_in_header(name, start, *words):
    """A mail with the request and a header field of `words` again and again."""
    growing[f"a field of {name}"] = lambda size: mail(
        REQUEST, start + b"\n " + folded(*words, size=size))


grows("objects", b'{"offer":"x"}')
grows("objects that are open", b'{"offer":"x","a":')
for name, start in {"escaped": rb'{"off\u0065r":"', "broken": b'{"o ffer":"'}.items():
    grows(f"objects whose name is {name} behind a damaged request", start + b"\n", DAMAGED_START)
    grows(f"HTML of objects whose name is {name} behind a damaged request", start + b"\n",
          DAMAGED_START, HTML)
grows("objects of another version", b'1.1\n{"offer":"v=0 IN IP4"}\n')
grows("names of escapes", b'{"' + rb"\u0041" * 100 + b'":0,', DAMAGED_START)
grows("requests", OBJECT + b"\n")
grows("requests whose breaks have two readings",
      OBJECT.replace(b"BUNDLE 0", b"BUNDLE 0\n1") + b"\n")
growing["breaks in one line"] = lambda size: mail(broken(b"a=candidate:" + b"1\n" * (size // 2), 1))
growing["breaks in many lines"] = lambda size: mail(
    broken(b"a=group:BUNDLE 0" + b"".join(b"\n%d" % i for i in range(9)), size // 50))
growing["tabs beside breaks"] = lambda size: mail(
    broken(b"a=candidate:" + b"1\t" * (size // 2) + b"1\n" * 9 + b"1", 1))
growing["breaks that are long"] = lambda size: mail(
    SDP_START + (b"\n" + b" " * 3000) * (size // 3001) + SDP_END)
growing["lines of a session description"] = lambda size: mail(
    SDP_START + LINE_END * (size // len(LINE_END)) + SDP_END)
grows("quoted lines", b"> x\n>> y\n|> z\n")
grows("quote marks", b">")
grows("words before quote marks", b"AS> x\nName> y\n")
grows("base64 starts", b"eyJv")
grows("base64 starts on lines", b"eyJv\n")
grows("base64 of UTF-16", b"MQAuADAA")
grows("percent codes", b"%7B%0A")
grows("percent signs and breaks", b"%\n\n")
grows("soft breaks", b"=3D= \n")
grows("references", b"&quot;&#34;&")
grows("links", b"[8.8.8.8](http://8.8.8.8) 8.8.8.8 <http://8.8.8.8> ")
grows("open links", b"<http:[](http:")
grows("numbered lines", b"1: x\n2: y\n", b"1: {\n")
grows("emphasis", b"*_x_*\n**y**\n")
grows("quotation marks of two", b"''offer''")
grows("Python's quotation marks", b"{'offer':'\\'")
grows("halved backslashes", b'"{"\\"}"')
grows("escapes", b'{\\"offer\\":\\\\')
grows("mojibake", "Â\u00a0â€œ".encode())
grows("dots", b"..\n...")
grows("typography", "“offer”\u200b\u00ab\u00a0\x1b[0".encode())
grows("all damages", ALL_DAMAGES)
grows("words", "слово 字 و ".encode())
grows("boundaries", b"--b\n", type=b"multipart/mixed; boundary=b")
grows("flowed lines", b"> > x \n", type=b"text/plain; format=flowed; delsp=yes")
for name, unit in {
        "open elements": b"<div style=white-space:pre>", "misnested elements": b"<a><b></a><p>",
        "tables": b"<table><tr><td>x", "quoted lines": b"<blockquote>x<br></blockquote>",
        "comments that are open": b"<!--x", "style attributes": b"<i style='white-space:pre;a:b'>",
        "scripts": b"<script></scrip", "references": b"&quot;&#x22;&am", "tags": b"<a b='c' d>",
        "source lines": b"{\n &quot;offer\n&quot;"}.items():
    grows(f"HTML of {name}", unit, type=HTML)
for name, words in {
        "addresses": [b"a@b, "], "deep groups": [b"a:"], "nested comments": [b"("],
        "encoded words": [b"=?utf-8?B?w6k=?= "], "routes": [b"<@a,"], "quotes": [b'"']}.items():
    grows_in_header(name, b"From:", *words)
for name, words in {
        "RFC 2231 parameters": [lambda: b"p*%s*=x''%%41; " % number()],
        "parameters": [lambda: b"p%s=v; " % number()]}.items():
    grows_in_header(name, b"Content-Type: text/plain;", *words)
grows_in_header("message identifiers", b"References:", b"<a@b> ")
grows_in_header("results", b"Authentication-Results: mx.example.org;", b"dkim=pass (c) h.d=x; ")
RECEIVED = b"Received: from x (y) by z; Mon, 1 Jan 2024 00:00:00 +0000\n"
growing["Received fields"] = lambda size: mail(REQUEST, fill(RECEIVED, size=size).rstrip())
growing["nested multiparts"] = lambda size: b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(size // 52))
growing["nested mails"] = lambda size: mail(
    fill(b"Content-Type: message/rfc822\n\n", size=size), type=b"message/rfc822")
