"""Random mails with poll requests that mail clients, gateways and people could have damaged so.

A mail is made from a request of a random client, one to four manglings, and a mail around it. The
name of a mangling says who does it. Its class says what undoes it: E decoding by the standards, L a
replacement without context, G the grammar of JSON and SDP. X means that information is lost.
"""
import base64
import collections
import html
import itertools
import json
import quopri
import random
import re
import urllib.parse
import zlib

COMPOSITIONS = (1, 1, 1, 2, 2, 2, 2, 3, 3, 4)  # how many manglings: one of these
LOSS = 0.2  # the share of the mails in which information is lost
BOT = "snowflake@example.com"
BRIDGES = ("2B280B23E1107BB62ABFC40DDCC8824814F80A72", "8838024498816A039FCBBAB14E6F40A0843051FA")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ICE = LETTERS + "0123456789+/"

# --- requests, as the clients write them


def pick(r, alphabet, count):
    return "".join(r.choice(alphabet) for _ in range(count))


def digits(r, count):
    return r.choice("123456789") + pick(r, "0123456789", count - 1)


def address(r, six=0.0):
    if r.random() < six:
        return r.choice(("2001:db8:85a3:8d3:1319:8a2e:370:7348",
                         f"2001:db8::{r.randrange(1, 65535):x}",
                         f"2001:db8:0:{r.randrange(1, 65535):x}::2", "fd00::1"))
    return r.choice(("192.0.2.{}", "198.51.100.{}", "203.0.113.{}", "172.17.0.{}", "192.168.1.{}",
                     "10.8.0.{}")).format(r.randrange(1, 255))


def host(r):
    h = pick(r, "0123456789abcdef", 32)
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}.local"


def fingerprint(r):
    return "a=fingerprint:sha-256 " + ":".join(pick(r, "0123456789ABCDEF", 2) for _ in range(32))


def port(r):
    return r.randrange(32768, 61000)


def sample(r):
    return ["v=0", f"o=- {digits(r, 9)} {digits(r, 9)} IN IP4 0.0.0.0", "s=-", "t=0 0",
            "a=fingerprint:sha-256 12:34", "a=extmap-allow-mixed", "a=group:BUNDLE 0",
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0",
            "a=setup:actpass", "a=mid:0", "a=sendrecv", "a=sctp-port:5000",
            "a=ice-ufrag:" + pick(r, LETTERS, 16), "a=ice-pwd:" + pick(r, LETTERS, 32),
            f"a=candidate:1000 1 udp 2000 {address(r)} 3000 typ host", "a=end-of-candidates"]


def pion(r):
    ufrag, candidates = pick(r, LETTERS, 16), []
    for n in range(r.randrange(1, 5)):
        number, ip, at, kind = digits(r, r.randrange(8, 11)), address(r, 0.3), port(r), "typ host"
        if n and r.random() < 0.4:
            kind = f"typ srflx raddr 0.0.0.0 rport {at}"
        if r.random() < 0.2:
            kind += f" ufrag {ufrag}"
        candidates += [f"a=candidate:{number} {component} udp "
                       f"{1694498815 if 'srflx' in kind else 2130706431} {ip} {at} {kind}"
                       for component in (1, 2)]
    return ["v=0", f"o=- {digits(r, r.choice((18, 19)))} {r.randrange(1700000000, 1790000000)} "
            "IN IP4 0.0.0.0", "s=-", "t=0 0",
            *r.choice((["a=msid-semantic:WMS*"], ["a=msid-semantic:WMS *"], [])), fingerprint(r),
            "a=extmap-allow-mixed", "a=group:BUNDLE 0",
            "m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0",
            "a=setup:actpass", "a=mid:0", "a=sendrecv", "a=sctp-port:5000",
            *r.choice(([], ["a=max-message-size:1073741823"])), "a=ice-ufrag:" + ufrag,
            "a=ice-pwd:" + pick(r, LETTERS, 32), *candidates, "a=end-of-candidates"]


def webrtc(r, tail=" generation 0 network-id {0} network-cost {1}",
           semantic="a=msid-semantic: WMS"):
    candidates, ours = [], [host(r) if r.random() < 0.5 else address(r, 0.3)
                            for _ in range(r.randrange(1, 4))]
    for n, ip in enumerate(ours, 1):
        end, at = tail.format(n, r.choice((10, 50))), port(r)
        candidates.append(f"a=candidate:{digits(r, r.choice((9, 10)))} 1 udp "
                          f"{2122260223 - n * 65536} {ip} {at} typ host{end}")
        if r.random() < 0.4:
            candidates.append(f"a=candidate:{digits(r, 10)} 1 tcp 1518280447 {ip} 9 typ host "
                              f"tcptype active{end}")
        if r.random() < 0.4:
            candidates.append(f"a=candidate:{digits(r, 9)} 1 udp 1677729535 {address(r, 0.2)} "
                              f"{at} typ srflx raddr "
                              f"{r.choice(('0.0.0.0', '::', '192.168.1.7'))} rport "
                              f"{r.choice((0, at))}{end}")
    first = candidates[0].split()
    return ["v=0", f"o=- {digits(r, 19)} 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0",
            *r.choice((["a=extmap-allow-mixed"], [])), semantic,
            f"m=application {first[5]} UDP/DTLS/SCTP webrtc-datachannel", f"c=IN IP4 {address(r)}",
            *candidates, "a=ice-ufrag:" + pick(r, ICE, 4), "a=ice-pwd:" + pick(r, ICE, 24),
            "a=ice-options:trickle", fingerprint(r), "a=setup:actpass", "a=mid:0",
            "a=sctp-port:5000", "a=max-message-size:262144"]


def safari(r):
    return webrtc(r, r.choice((" generation 0 network-cost 999", " generation 0")))


def firefox(r):
    candidates = [f"a=candidate:{n} 1 UDP {2122252543 - n * 65536} "
                  f"{host(r) if r.random() < 0.7 else address(r)} {port(r)} typ host"
                  for n in range(r.randrange(1, 3))]
    candidates += [f"a=candidate:{n + 4} 1 TCP 2105524479 {host(r)} 9 typ host tcptype active"
                   for n in range(r.randrange(0, 2))]
    candidates += [f"a=candidate:{n + 8} 1 UDP 1686052863 {address(r)} {port(r)} typ srflx raddr "
                   "0.0.0.0 rport 0" for n in range(r.randrange(0, 3))]
    return ["v=0", f"o=mozilla...THIS_IS_SDPARTA-{r.choice(('99.0', '115.0', '128.3.1'))} "
            f"{digits(r, r.choice((18, 19)))} 0 IN IP4 0.0.0.0", "s=-", "t=0 0",
            *r.choice((["a=sendrecv"], [])), fingerprint(r), "a=group:BUNDLE 0",
            "a=ice-options:trickle", "a=msid-semantic:WMS *",
            f"m=application {port(r)} UDP/DTLS/SCTP webrtc-datachannel", f"c=IN IP4 {address(r)}",
            *candidates, "a=sendrecv", *r.choice((["a=end-of-candidates"], [])), "a=ice-pwd:" +
            pick(r, "0123456789abcdef", 32), "a=ice-ufrag:" + pick(r, "0123456789abcdef", 8),
            "a=mid:0", "a=setup:actpass", "a=sctp-port:5000", "a=max-message-size:1073741823"]


def libdatachannel(r):
    return ["v=0", f"o=rtc {digits(r, 10)} 0 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0",
            "a=msid-semantic:WMS *", "a=ice-options:ice2,trickle", fingerprint(r),
            f"m=application {port(r)} UDP/DTLS/SCTP webrtc-datachannel", f"c=IN IP4 {address(r)}",
            "a=mid:0", "a=sendrecv", "a=sctp-port:5000", "a=max-message-size:262144",
            "a=setup:actpass", "a=ice-ufrag:" + pick(r, ICE, 4), "a=ice-pwd:" + pick(r, ICE, 22),
            f"a=candidate:1 1 UDP 2122317823 {address(r)} {port(r)} typ host", "a=candidate:2 1 "
            f"UDP 1686109695 {address(r)} {port(r)} typ srflx raddr 0.0.0.0 rport 0",
            "a=end-of-candidates"]


def aiortc(r):
    return ["v=0", (lambda n: f"o=- {n} {n} IN IP4 0.0.0.0")(digits(r, 10)), "s=-", "t=0 0",
            "a=group:BUNDLE 0", "a=msid-semantic:WMS *", f"m=application {port(r)} DTLS/SCTP 5000",
            f"c=IN IP4 {address(r)}", "a=mid:0", "a=sctpmap:5000 webrtc-datachannel 65535",
            "a=max-message-size:65536", f"a=candidate:{pick(r, '0123456789abcdef', 32)} 1 udp "
            f"2130706431 {address(r, 0.3)} {port(r)} typ host", "a=end-of-candidates",
            "a=ice-ufrag:" + pick(r, LETTERS, 4), "a=ice-pwd:" + pick(r, LETTERS, 22),
            fingerprint(r), "a=setup:actpass"]


CLIENTS = (sample, pion, pion, webrtc, webrtc, safari, firefox, libdatachannel, aiortc)


def make_request(r, client):
    """The text of a new request, and what it means."""
    lines = client(r)
    if r.random() < 0.04:
        lines.insert(-1, r.choice(("a=x-foo:bar", "a=x-google-flag:conference", "a=tool:my-client",
                                   "b=AS:30")))
    end = "\r\n" if r.random() < 0.97 else "\n"
    sdp = [("sdp", end.join(lines) + end), ("type", "offer")]
    offer = json.dumps(dict(sdp if r.random() < 0.4 else sdp[::-1]),
                       separators=r.choice(((",", ":"),) * 9 + ((", ", ": "),)))
    request = {"offer": offer}
    for key, values in (("nat", ("unknown", "restricted", "unrestricted")),
                        ("fingerprint", BRIDGES)):
        if r.random() < 0.9:
            request[key] = r.choice(values) if r.random() < 0.95 else r.choice(("", None))
    style = r.random()
    text = json.dumps(request, separators=(",", ":")) if style < 0.8 else json.dumps(
        request) if style < 0.9 else json.dumps(request, indent=r.choice((2, 4)))
    if r.random() < 0.05:
        text = text.replace('\\"', "\\u0022")
    if r.random() < 0.05:
        text = text.replace("/", "\\/")
    return text, request


# --- what a careless reader takes for a request: a loss that leaves such a text isn't made

LINES = re.compile(r"[vst]=.*|o=\S+ \d+ \d+ IN IP[46] \S+|m=application \d+ \S+ \S+|c=IN IP[46] "
                   r"\S+|b=\S+|a=fingerprint:sha-256 "
                   r"([0-9A-F]{2}:){31}[0-9A-F]{2}|a=fingerprint:sha-256 12:34|"
                   r"a=candidate:\S+ \d+ \w+ \d+ \S+ \d+ typ \w+( \S+ "
                   r"\S+)*|a=(?!candidate:|fingerprint:)[a-z-]+(:.*)?")


def is_plausible(pieces, joints=("", " ")):
    """Whether the pieces, with one of the joints in each break, read as a request."""
    for joint in itertools.product(joints, repeat=len(pieces) - 1):
        text = "".join(
            itertools.chain.from_iterable(itertools.zip_longest(pieces, joint, fillvalue="")))
        text = re.sub(
            "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x09\x0b-\x1f]", "",
            text)
        try:
            offer = json.loads(json.loads(text[text.index("{"):], strict=False)["offer"],
                               strict=False)
            if all(LINES.fullmatch(line) for line in offer["sdp"].split("\r\n")[:-1]):
                return True
        except (ValueError, KeyError, TypeError):
            pass
    return False


# --- the mail, and the manglings that work on it


class Mail:
    def __init__(self, r):
        self.random, self.client = r, r.choice(CLIENTS)
        self.json, self.request = make_request(r, self.client)
        # `whole` stays as the text was before its lines were broken.
        self.text = self.whole = f"1.0\n{self.json}"
        self.form = "raw"
        self.charset, self.label, self.encoding, self.parameters = "utf-8", None, None, ""
        self.shape, self.markup, self.transport = single, gmail_markup, []
        self.names = []
        self.old = make_request(r, r.choice(CLIENTS))[0]


Mangling = collections.namedtuple("Mangling", "stage name recover weight apply")
MANGLINGS = []
STAGES = ("form", "type", "loss", "near", "around", "wrap", "lines", "quote", "mta", "part",
          "markup", "charset", "encoding", "transport")
TWICE = {"type"}  # a mail may have two manglings of these stages


def mangling(stage, name, recover, weight=1.0):
    """The function changes the mail, and returns False if it can't change this one."""
    def register(function):
        MANGLINGS.append(Mangling(stage, name, recover, weight, function))
        return function
    return register


def table(stage, forms, rows):
    """Manglings that change the text alone, of requests in these forms; None means all forms."""
    for name, recover, weight, change in rows:
        def apply(mail, change=change):
            if forms and mail.form not in forms:
                return False
            if stage == "lines" and mail.parameters:  # the blanks at the line ends mean something
                return False
            changed = change(mail.text, mail.random)
            if not changed or changed == mail.text:
                return False
            mail.text = changed
            if STAGES.index(stage) < STAGES.index("wrap"):
                mail.whole = changed
            return True
        MANGLINGS.append(Mangling(stage, name, recover, weight, apply))


def form(name, recover, kind, weight=1.0):
    """A form in which the request is sent; the function makes it from the raw text."""
    def enter(function):
        def apply(mail):
            mail.form, mail.text = kind, function(mail.text, mail.random)
            mail.whole = mail.text
        MANGLINGS.append(Mangling("form", name, recover, weight, apply))
    return enter


def b64(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def deflated(text):
    """Raw deflate (RFC 1951) in base64url, without padding."""
    octets = zlib.compress(text.encode(), 9)[2:-4]
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def columns(text, width, joint="\n"):
    return joint.join(text[n:n + width] for n in range(0, len(text), width))


for name, recover, weight, make in (
        ("base64", "E", 4, lambda t, r: b64(t)),
        ("base64 in lines of 64, 72 or 76", "L", 3,
         lambda t, r: columns(b64(t), r.choice((64, 72, 76)))),
        ("base64, URL-safe", "L", 1, lambda t, r: base64.urlsafe_b64encode(t.encode()).decode()),
        ("base64 without padding", "L", 1, lambda t, r: b64(t).rstrip("=")),
        ("base64 of CR LF", "L", 1,
         lambda t, r: b64(t.replace("\n", "\r\n") + r.choice(("", "\r\n")))),
        ("base64 of UTF-16", "L", 0.5,
         lambda t, r: b64(t.encode(r.choice(("utf-16", "utf-16-le"))))),
        ("base64 with a BOM", "L", 0.5, lambda t, r: b64("\ufeff" + t)),
        ("base64 with blanks for its line breaks", "L", 1, lambda t, r: columns(b64(t), 76, " ")),
        ("base64 as data: URL", "L", 1,
         lambda t, r: "data:" + r.choice(("text/plain", "application/json;charset=utf-8",
                                          "application/octet-stream")) + ";base64," + b64(t)),
        ("base64 in PEM lines", "L", 0.5,
         lambda t, r: "-----BEGIN OFFER-----\n" + columns(b64(t), 64) + "\n-----END OFFER-----"),
        ("base64 twice", "L", 0.5, lambda t, r: b64(b64(t))),
        ("base64 percent-encoded", "L", 0.5, lambda t, r: urllib.parse.quote(b64(t), safe="")),
        ("base64 without 1.0", "L", 0.5, lambda t, r: b64(t.partition("\n")[2])),
        ("raw deflate", "L", 1, lambda t, r: deflated(t)),
        ("raw deflate in lines of 64, 72 or 76", "L", 1,
         lambda t, r: columns(deflated(t), r.choice((64, 72, 76)))),
        ("raw deflate behind 1.0", "L", 0.5,
         lambda t, r: "1.0\n" + deflated(t.partition("\n")[2]))):
    form(name, recover, "base64", weight)(make)
for name, recover, kind, weight, make in (
        ("no version line", "L", "raw", 1.5, lambda t, r: t.partition("\n")[2]),
        ("version line glued to the JSON", "L", "raw", 1,
         lambda t, r: t.replace("\n", r.choice(("", " ")), 1)),
        ("literal \\n behind the version", "L", "raw", 1, lambda t, r: t.replace("\n", "\\n", 1)),
        ("percent-encoded", "L", "percent", 2, lambda t, r:
         urllib.parse.quote(t.replace("\n", "\r\n"), safe=r.choice(("", "/:", "()*!.-_~'")))),
        ("percent-encoded, lower-case hex", "L", "percent", 0.7,
         lambda t, r: re.sub("%..", lambda m: m[0].lower(), urllib.parse.quote(t, safe=""))),
        ("percent-encoded, + for blanks", "L", "percent", 1,
         lambda t, r: urllib.parse.quote_plus(t)),
        ("percent-encoded twice", "L", "percent", 0.7,
         lambda t, r: urllib.parse.quote(urllib.parse.quote(t, safe=""), safe="")),
        ("percent-encoded form field", "L", "percent", 0.7,
         lambda t, r: "subject=offer&body=" + urllib.parse.quote_plus(t)),
        ("the whole mailto: URL", "L", "percent", 1,
         lambda t, r: f"mailto:{BOT}?subject=Hello&body=" +
         urllib.parse.quote(t.replace("\n", "\r\n"), safe="")),
        ("only some percent codes left", "L", "percent", 0.7,
         lambda t, r: t.replace('"', "%22").replace("\\", "%5C")),
        ("JSON string literal", "L", "literal", 1.5, lambda t, r: json.dumps(t)),
        ("JSON string literal without its quotes", "L", "literal", 0.7,
         lambda t, r: json.dumps(t)[1:-1]),
        ("copied as fetch()", "L", "literal", 0.7,
         lambda t, r: 'fetch("https://snowflake-broker.torproject.net/client", {\n  "headers": '
         '{\n    "accept": "*/*"\n  },\n  "body": ' + json.dumps(t) + ',\n  "method": "POST",\n  '
         '"mode": "cors"\n});'),
        ("copied as cURL", "L", "literal", 0.7,
         lambda t, r: "curl 'https://snowflake-broker.torproject.net/client' \\\n  -H 'accept: "
         "*/*' \\\n  --data-raw $'" + json.dumps(t)[1:-1].replace('\\"', '"') + "'"),
        ("copied as an HTTP request", "E", "raw", 0.7, lambda t, r: "POST /client HTTP/1.1\n"
         f"Host: snowflake-broker.torproject.net\nContent-Length: {len(t)}\n\n" + t),
        ("Python bytes literal", "L", "literal", 0.5, lambda t, r: repr(t.encode())),
        ("backslashes doubled", "L", "literal", 1, lambda t, r: t.replace("\\", "\\\\")),
        ("backslashes halved by a shell's echo", "G", "halved", 1,
         lambda t, r: re.sub(r"\\(.)", r"\1", t)),
        ("Python dict instead of JSON", "G", "single", 0.5,
         lambda t, r: "1.0\n" + repr(json.loads(t.partition("\n")[2])) if "null" not in t else t),
        ("keys in single quotes, trailing comma", "L", "single", 0.5,
         lambda t, r: re.sub(r'"(offer|nat|fingerprint)"(?= ?:)', r"'\1'", t)[:-1] + ",}"),
        ("quotes doubled, as in CSV", "L", "csv", 0.5,
         lambda t, r: '"' + t.replace('"', '""') + '"'),
        ("final brace not copied", "G", "raw", 0.5,
         lambda t, r: t[:-1].rstrip() if re.search(r'[0-9A-F]{40}"\s*}$', t) else t)):
    form(name, recover, kind, weight)(make)


def curl(text, r, pairs):
    """Each quote curled by what stands before it, as typographic correction does; some stay."""
    opening, closing = pairs
    keep = r.choice((0, 0, 0.1))
    return re.sub('(^|.)"', lambda m: m[0] if r.random() < keep else m[1] + (
        opening if m[1] in " {(:,\\" + "[" and r.random() < 0.9 else closing), text, flags=re.S)


def scatter(text, r, marks, share=0.03):
    return "".join(c + (r.choice(marks) if r.random() < share else "") for c in text)


def mojibake(text):
    """UTF-8 read as windows-1252; the five bytes that this lacks become control characters."""
    return "".join(bytes((b,)).decode("cp1252") if b not in (0x81, 0x8d, 0x8f, 0x90, 0x9d)
                   else chr(b) for b in text.encode())


def links(text, r, render):
    """What looks like a host, an address or a telephone number, rendered as a link."""
    share = r.choice((1, 1, 0.5))
    return re.sub(r"(?<![\w.:-])(\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f-]{36}\.local|\d{9,10}(?= ))",
                  lambda m: render(m[0]) if r.random() < share else m[0], text)


def scheme(token):
    return ("http://" if "." in token else "tel:") + token


table("type", ("raw", "literal", "halved", "csv", "single"), (
    ("smart quotes (Word, iOS, Apple)", "L", 3, lambda t, r:
     curl(t, r, r.choice(("“”", "“”", "““", "””", "„“", "„”", "«»", "»«", "「」", "＂＂", "‟”")))),
    ("guillemets with no-break spaces", "L", 0.5,
     lambda t, r: curl(t, r, r.choice((("«\u00a0", "\u00a0»"), ("«\u202f", "\u202f»"))))),
    ("primes for quotes", "L", 0.5, lambda t, r: t.replace('"', r.choice("″〃ˮ"))),
    ("two apostrophes for a quote", "L", 0.5,
     lambda t, r: t.replace('"', r.choice(("''", "’’", "´´", "``"))) if "'" not in t else None),
    ("smart quotes, then mojibake", "L", 1, lambda t, r: mojibake(curl(t, r, "“”"))),
    ("smart quotes, then mojibake twice", "L", 0.5,
     lambda t, r: mojibake(mojibake(curl(t, r, "“”")))),
    ("no-break spaces, then mojibake", "L", 0.5, lambda t, r: mojibake(t.replace(" ", "\u00a0"))),
    ("dots become an ellipsis (Word, macOS)", "L", 1, lambda t, r: t.replace("...", "…")),
    ("hyphens become dashes (Word)", "L", 1, lambda t, r: t.replace("=- ", "=– ")
     if r.random() < 0.6 else t.replace("-", r.choice("\u2010\u2011\u2212"))),
    ("yen or won signs for backslashes", "L", 1, lambda t, r: t.replace("\\", r.choice("¥₩￥￦＼"))),
    ("full-width characters (CJK input)", "L", 1,
     lambda t, r: "".join(chr(ord(c) + 0xfee0)
                          if "!" <= c <= "~" and (c in whole or not c.isalnum()) else c for c in t)
     if (whole := r.choice(("", "", LETTERS + "0123456789"))) is not None else None),
    ("full-width punctuation (CJK input)", "L", 1, lambda t, r: t.translate(str.maketrans(
        r.choice(({":": "："}, {",": "，"}, {"{": "｛", "}": "｝"}, {":": "：", ",": "，"}))))),
    ("Persian or Arabic digits", "L", 0.5,
     lambda t, r: re.sub("[0-9]", lambda m: chr(zero + int(m[0])), t)
     if (zero := r.choice((0x6f0, 0x660))) else None),
    ("emphasis marks around values", "L", 0.5,
     lambda t, r: t.replace('"offer"', '"*offer*"', 1) if '"offer"' in t else None),
    ("Markdown escapes", "L", 0.5, lambda t, r: re.sub(r"[*_]", r"\\\g<0>", t)),
    ("entities in text", "L", 1.5,
     lambda t, r: t.replace('"', r.choice(("&quot;", "&#34;", "&#x22;", "&QUOT;")))),
    ("entities in text, twice", "L", 0.7, lambda t, r: t.replace('"', "&amp;quot;")),
    ("entities for blanks in text (QQ)", "L", 1,
     lambda t, r: t.replace(" ", r.choice(("&nbsp;", "&#160;", "&#xA0;")))),
    ("entities for backslashes and slashes", "L", 0.5,
     lambda t, r: t.replace("\\", r.choice(("&#92;", "&#x5c;", "&bsol;"))).replace("/", "&#x2F;")),
    ("an address behind its link (Exchange)", "L", 2, lambda t, r:
     links(t, r, lambda x: f"{x}<{scheme(x)}{r.choice(('', '', '/')) if '.' in x else ''}>")),
    ("an address behind its link, blank between", "L", 1, lambda t, r:
     links(t, r, lambda x: f"{x} {r.choice(('<{}>', '[{}]', '({})')).format(scheme(x))}")),
    ("Markdown links", "L", 0.7, lambda t, r: links(t, r, lambda x: f"[{x}]({scheme(x)})")),
    ("Jira or wiki links", "L", 0.4, lambda t, r: links(t, r, lambda x: f"[{x}|{scheme(x)}]")),
    ("links instead of addresses", "L", 0.7,
     lambda t, r: links(t, r, lambda x: f"http://{x}{r.choice(('', '/'))}" if "." in x else x)),
    ("links in angle brackets", "L", 0.5,
     lambda t, r: links(t, r, lambda x: f"<http://{x}>" if "." in x else x)),
    ("Safe Links (Microsoft)", "L", 0.7, lambda t, r: links(
        t, r, lambda x:
        f"{x}<https://eur01.safelinks.protection.outlook.com/?url=http%3A%2F%2F{x}%2F"
        "&data=05%7C02%7C%7C&sdata=Zx%3D&reserved=0>"
        if "." in x else x)),
    ("urldefense (Proofpoint)", "L", 0.7, lambda t, r: links(t, r, lambda x: r.choice(
        (f"{x}<https://urldefense.com/v3/__http:/{x}__;!!Ab1!x-y_Z$>",
         f"{x}<https://urldefense.proofpoint.com/v2/url?u=http-3A__{x}&d=DwIF>")) if "." in x
                                                             else x)),
))
table("type", None, (
    ("no-break spaces (163.com, Yahoo)", "L", 2, lambda t, r: t.replace(" ", "\u00a0")
     if r.random() < 0.6 else re.sub(" ", lambda m: r.choice(" \u00a0"), t)),
    ("narrow, figure or ideographic spaces", "L", 1,
     lambda t, r: t.replace(" ", r.choice("\u202f\u2007\u3000\u2009\u2003\u2002\u205f"))),
    ("zero-width characters (Teams, web pages)", "L", 2,
     lambda t, r: scatter(t, r, "\u200b\u200c\u200d\u2060\ufeff", r.choice((0.003, 0.03, 1)))),
    ("soft hyphens", "L", 0.7, lambda t, r: scatter(t, r, "\u00ad")),
    ("direction marks (Persian, Arabic)", "L", 1, lambda t, r: r.choice(
        ("\u202a{}\u202c", "\u2066{}\u2069", "\u200e{}\u200e", "\u200f{}", "\u061c{}")).format(
            scatter(t, r, "\u200e\u200f\u2067\u2069\u202b\u202c\u061c", r.choice((0, 0.01))))),
    ("BOM in front", "L", 1, lambda t, r: "\ufeff" * r.choice((1, 1, 2)) + t),
    ("object or variation marks", "L", 0.4,
     lambda t, r: scatter(t, r, "\ufffc\ufe0f\u180e\u034f\u2063", 0.01)),
    ("control characters", "L", 0.5, lambda t, r: scatter(t, r, "\0\x1f\x08\x7f" + "\x02", 0.005)),
    ("terminal colours", "L", 0.4,
     lambda t, r: "\x1b[32m" + t.replace("\n", "\x1b[0m\n\x1b[32m") + "\x1b[0m"),
    ("Markdown fence", "L", 1, lambda t, r:
     r.choice(("```\n{}\n```", "```json\n{}\n```", "~~~\n{}\n~~~", "```{}```")).format(t)),
    ("backticks", "L", 0.7, lambda t, r: f"`{t}`"),
    ("quotes around it all", "L", 0.7,
     lambda t, r: r.choice(("“{}”", "«{}»", '"{}"', "'{}'", "「{}」", "({})", "<{}>", "[{}]", "*{}*",
                            "_{}_")).format(t)),
    ("tags left in plain text", "L", 0.7, lambda t, r: r.choice(
        ("<p>{}</p>", "<pre>{}</pre>", "<div>{}</div>\n", "<br>{}<br>", "[code]{}[/code]",
         "{{code}}{}{{code}}")).format(t.replace("\n", r.choice(("\n", "<br>", "<br />\n"))))),
))
table("type", ("base64",), (
    ("padding left in quoted-printable", "L", 1, lambda t, r: t.replace("=", "=3D")),
    ("+ of base64 become blanks", "L", 0.5,
     lambda t, r: t.replace("+", " ") if not re.search(r"\s", t) else None),
))

# --- loss; what is left can't be mistaken for a request, or is checked not to be


def cut(text, r, at):
    return text[:at] if at < len(text.rstrip("}\"'= \n")) else None


def lose(text, r, shape):
    """Lines of the wrapped text, put together by `shape`.

    The first of a few tries that no careless reader could take for a request.
    """
    for _ in range(8):
        width = r.choice((60, 72, 76))
        is_base64 = text.startswith(("MS4w", "eyJ")) and "\n" not in text
        joint = "" if is_base64 or r.random() < 0.3 else " "
        lines = (soft_wrap if joint else columns)(text, width).split("\n")
        if len(lines) < 5:
            return None
        pieces = shape(lines, r)
        if is_base64:
            joined = re.sub("[^A-Za-z0-9+/]", "",
                            "".join(pieces).translate(str.maketrans("-_", "+/")))
            if not is_plausible(
                [base64.b64decode(joined[:len(joined) // 4 * 4]).decode("utf-8", "replace")]):
                return "\n".join(pieces)
        elif not is_plausible(merge(lines, pieces, joint)):
            return "\n".join(pieces)
    return None


def merge(lines, pieces, joint):
    """The pieces, joined again except at their new seams: only these are in question."""
    following, out = dict(zip(lines, lines[1:])), [pieces[0]]
    for before, after in zip(pieces, pieces[1:]):
        if following.get(before) == after:
            out[-1] += joint + after
        else:
            out.append(after)
    return out


def lines_lost(lines, r):
    at = r.randrange(1, len(lines) - 1)
    return lines[:at] + lines[min(len(lines) - 1, at + r.choice((1, 1, 2, 3))):]


def lines_swapped(lines, r):
    at = r.randrange(1, len(lines) - 2)
    return lines[:at] + [lines[at + 1], lines[at]] + lines[at + 2:]


def line_doubled(lines, r):
    at = r.randrange(1, len(lines) - 1)
    return lines[:at + 1] + lines[at:]


def once(text, r, pattern, replacement):
    """One of the places where the pattern is found, replaced."""
    found = list(re.finditer(pattern, text))
    if not found:
        return None
    match = r.choice(found)
    return text[:match.start()] + match.expand(replacement) + text[match.end():]


table("loss", None, (
    ("cut off by a mailto: limit", "X", 1.5,
     lambda t, r: cut(t, r, r.choice((456, 456, 1024, 1600, 2000, 2048)))),
    ("cut off anywhere", "X", 2, lambda t, r: cut(t, r, r.randrange(40, len(t)))),
    ("cut off with an ellipsis", "X", 1.5,
     lambda t, r: (cut(t, r, r.randrange(100, len(t))) or t[:90]) + r.choice((
         "...", " [...]", "…", "\n[Message clipped]  View entire message", "\n\n... (truncated)"))),
    ("case folded", "X", 1.5, lambda t, r: r.choice((str.lower, str.upper))(t)),
))
table("loss", ("raw",), (
    ("blanks deleted", "X", 1, lambda t, r: t.replace(" ", "")),
    ("backslashes deleted", "X", 1, lambda t, r: t.replace("\\", "")),
    ("quotes deleted", "X", 1, lambda t, r: t.replace('"', "")),
    ("quotes turned into question marks", "X", 1, lambda t, r: t.replace('"', r.choice("?\ufffd"))),
    ("keys translated", "X", 1, lambda t, r:
     once(t, r, '"(offer|sdp)', r.choice(('"предложение', '"پیشنهاد', '"报价', '"angebot')))),
    ("words translated", "X", 1, lambda t, r: t.replace("candidate", r.choice(
        ("кандидат", "候选人", "نامزد"))).replace("fingerprint", "отпечаток пальца")),
    ("middle lines lost", "X", 2, lambda t, r: lose(t, r, lines_lost)),
    ("two lines swapped", "X", 1.5, lambda t, r: lose(t, r, lines_swapped)),
    ("a line twice", "X", 1.5, lambda t, r: lose(t, r, line_doubled)),
    ("middle replaced by an ellipsis", "X", 1.5,
     lambda t, r: t[:(at := r.randrange(100, len(t) - 200))] +
     r.choice(("...", "…", "[...]", " <snip> ")) + t[at + r.randrange(5, 150):]),
    ("address masked", "X", 1.5, lambda t, r:
     re.sub(r"\d+\.\d+\.\d+\.\d+", r.choice(("(ip)", "[IP]", "x.x.x.x", "***.***.***.***",
                                             "[IP address]", "<IP>", "198.51.100.xxx")), t)),
    ("telephone or card number masked (DLP)", "X", 1.5,
     lambda t, r: once(t, r, r"\b\d{9,19}\b", r.choice(("XXXXXXXXXX", "[redacted]", "**********",
                                                        "####-####", "[phone number removed]")))),
    ("secret masked (DLP)", "X", 1,
     lambda t, r: once(t, r, r"(ice-pwd:)[\w+/]+|(sha-256 )[\w:]+",
                       r.choice((r"\1\2[redacted]", r"\1\2********", r"\1\2…")))),
    ("digits linked away", "X", 1,
     lambda t, r: once(t, r, r"(?<![\d.])\d{9,10} ", r.choice(("<tel:> ", "", "[tel:] ")))),
    ("a letter for a digit (OCR)", "X", 1,
     lambda t, r: once(t, r, r"( [12] (?:udp|tcp|UDP|TCP) \d)\d", r"\1" + r.choice("OlIS"))),
    ("a digit of the fingerprint lost", "X", 1,
     lambda t, r: once(t, r, r"(:[0-9A-F])[0-9A-F](:[0-9A-F]{2})", r"\1\2")),
    ("a digit of the fingerprint doubled", "X", 0.7,
     lambda t, r: once(t, r, r":([0-9A-F])([0-9A-F]):(?=[0-9A-F]{2}:)", r":\1\2\2:")),
    ("emoticons become pictures", "X", 0.7, lambda t, r:
     t.replace(":D", r.choice("😃😄")).replace(":0", "😮") if ":D" in t or ":0" in t else None),
    ("a backslash lost", "X", 0.7, lambda t, r: once(t, r, r"\\\\([rn])", r"\\\1")),
    ("the r of a line end lost", "X", 0.7, lambda t, r:
     once(t, r, r"\\\\r\\\\n", r.choice((r"\\\\\\\\n", r"\\r\\\\n", r"rn", r" \\\\n")))),
    ("another version", "X", 0.7,
     lambda t, r: re.sub(r"^1\.0\n", r.choice(("2.0\n", "1.1\n", "3\n", "1.0.1\n")), t)),
    ("an unescaped quote in the SDP", "X", 0.5,
     lambda t, r: once(t, r, r"(ice-pwd:\w{5})", r'\1"')),
    ("+ decoded to blanks", "X", 1, lambda t, r: t.replace("+", " ")),
))
table("loss", ("base64",), (
    ("a line of base64 lost", "X", 1.5, lambda t, r: lose(t, r, lines_lost)),
    ("two lines of base64 swapped", "X", 1, lambda t, r: lose(t, r, lines_swapped)),
    ("a character of base64 lost", "X", 1,
     lambda t, r: t[:(at := r.randrange(40, len(t) - 60))] + t[at + 1:]),
    ("middle of base64 replaced by an ellipsis", "X", 1,
     lambda t, r: t[:200] + r.choice(("...", "…", "[...]")) + t[r.randrange(210, 400):]),
))


@mangling("loss", "two requests in two columns", "X")
def two_columns(mail):
    if mail.form != "raw":
        return False
    left, right = columns(mail.text, 60).split("\n"), columns(f"1.0\n{mail.old}", 60).split("\n")
    mail.text = mail.whole = "\n".join((a.ljust(62) + b).rstrip() for a,
                                       b in itertools.zip_longest(left, right, fillvalue=""))


@mangling("loss", "cut off, and the old one's tail behind it", "X", 2)
def old_tail(mail):
    if mail.form != "raw":
        return False
    start, end = mail.text[:mail.random.randrange(100, len(mail.text) - 60)], mail.old[
        mail.random.randrange(60, len(mail.old) - 30):]
    if is_plausible([start, end]):
        return False
    mail.text = mail.whole = start + mail.random.choice(("\n", "", "\n> ", "\n\n", " ")) + end


@mangling("loss", "cut off, above an old one in a quote", "X", 3)
def cut_above_old(mail):
    mail.text = mail.whole = mail.text[:mail.random.randrange(20, len(mail.text) - 60)]
    reply_above(mail)


# --- people's text around it

GREETINGS = ("Hi,\n\nhere is my offer:\n\n", "Hello snowflake, version 2.0 of my request {see "
             "below}:\n\n", "Dear Sir or Madam,\n\nthe \"offer\" from my browser is {\"as "
             "follows\"}:\n", "Привет!\n\nВот мой запрос «offer»:\n\n", "Здравствуйте, не "
             "работает с 1.0 версией {вчера}. Помогите!\n\n", "سلام،\nاین درخواست من است:\n\n",
             "你好！\n这是我的“请求”：\n\n", "Guten Tag,\n\nanbei „offer“:\n\n", "On the page it said "
             "{\"error\":\"none\"} and then:\n\n", "Bonjour,\n\nvoici « mon offre » :\n\n",
             "こんにちは。\n\n", "[1] see https://example.org/a?b={c}\n\n")
SIGNATURES = ("\n\nThanks,\nAlice", "\n\n-- \nAlice Example\n+49 351 206931427",
              "\n\nSent from my iPhone", "\n\nОтправлено с iPhone", "\n\n发自我的iPhone",
              "\n\n--\nОтправлено из Mail.ru для Android", "\nSent from Yahoo Mail on Android",
              "\n\nGet Outlook for iOS<https://aka.ms/o0ukef>", "\n\nSent with Proton Mail "
              "secure email.", "\n\nارسال شده از آیفون من", "\n\nC уважением, \"Иван\" {отдел 1.0}",
              "\n\nVon meinem iPhone gesendet", "\n\nEnvoyé de mon iPhone",
              "\n\nThis e-mail {ref: \"A-12\"} and any attachments are confidential. If you are "
              "not the intended recipient, please delete it. {\"offer\": no}",
              "\n\n_______________________________\nDISCLAIMER: \"1.0\" {}",
              "\n\nMein Handy ist kurz angebunden.\n\nGesendet von WEB.DE Mail", "\n\niPhoneから送信",
              "\n\n나의 iPhone에서 보냄", "\n\nP.S. {\"type\":\"offer\"} is what it is")
table("near", None, (
    ("text on the same line before it", "L", 1,
     lambda t, r: r.choice(("Here: ", "offer=", "My request is ", "Запрос: ", "这是：", "> offer: ",
                            "1) ", "Body: ", "body=", "Re: ", "درخواست: ")) + t),
    ("text on the same line behind it", "L", 1,
     lambda t, r: t + r.choice((" Thanks!", " Спасибо", " (from my browser)", ".", ";", ",",
                                " <-- this", "。", " 谢谢", " /Alice"))),
    ("signature glued to it (Samsung)", "L", 1, lambda t, r: t +
     r.choice(("Sent from my Galaxy", "Отправлено с моего Galaxy", "Sent from my Verizon, "
               "Samsung Galaxy smartphone", "发自我的华为手机", "-Mark", "-- Alice"))),
))
table("around", None, (
    ("a greeting", "E", 1, lambda t, r: r.choice(GREETINGS) + t),
    ("a signature", "E", 1, lambda t, r: t + r.choice(SIGNATURES)),
    ("a greeting and a signature", "E", 1,
     lambda t, r: r.choice(GREETINGS) + t + r.choice(SIGNATURES)),
    ("a long letter around it", "E", 0.7,
     lambda t, r: "".join(r.choice(GREETINGS) for _ in range(3)) + t +
     "".join(r.choice(SIGNATURES) for _ in range(3))),
    ("line breaks in front", "E", 0.5,
     lambda t, r: "\n" * r.randrange(1, 30) + t + "\n" * r.randrange(0, 5)),
    ("the request twice", "E", 0.5, lambda t, r: t + "\n\n" + t),
))

# --- line breaks


def soft_wrap(text, width, joint="\n"):
    """Lines broken at blanks, each replaced by `joint`. Words stay whole, however long."""
    out = []
    for line in text.split("\n"):
        current = None
        for word in line.split(" "):
            if current is not None and len(current) + 1 + len(word) <= width:
                current += " " + word
            else:
                out += [] if current is None else [current, joint]
                current = word
        out += [current or "", "\n"]
    return "".join(out[:-1])


def hard_wrap(text, width):
    """Lines broken at blanks, and words that are longer than a line within them."""
    return "\n".join(columns(line, width) if len(line) > width else line
                     for line in soft_wrap(text, width).split("\n"))


def break_words(text, r, pattern, share):
    return re.sub(pattern, lambda m: m[0] + "\n" if r.random() < share else m[0], text)


def fold(text, width, joint="\n"):
    return "\n".join(columns(line, width, joint) for line in text.split("\n"))


table("wrap", None, (
    ("wrapped at a blank (Gmail, KMail, SquirrelMail)", "L", 4,
     lambda t, r: soft_wrap(t, r.choice((60, 65, 70, 71, 72, 74, 76, 76, 76, 78, 80)))),
    ("wrapped narrowly (phones)", "L", 1, lambda t, r: soft_wrap(t, r.randrange(20, 45))),
    ("wrapped with a hanging indent", "L", 0.7,
     lambda t, r: soft_wrap(t, 76, "\n" + r.choice((" ", "  ", "    ", "\t")))),
    ("flowed, parameter lost", "L", 1.5, lambda t, r: soft_wrap(t, 72, " \n")),
    ("folded at a fixed width (terminals)", "G", 3,
     lambda t, r: fold(t, r.choice((72, 76, 78, 79, 80, 80, 80, 90, 100, 120, 132)))),
    ("folded, blanks at line ends stripped (tmux)", "G", 1,
     lambda t, r: re.sub(" +\n", "\n", fold(t, r.choice((72, 80, 80, 100, 132))))),
    ("folded and indented", "G", 0.7,
     lambda t, r: fold(t, r.choice((64, 76, 80)), "\n" + r.choice((" ", "    ", "\t")))),
    ("folded with a soft break's = left", "L", 1, lambda t, r: fold(t, 75, "=\n")),
    ("wrapped hard, long words cut", "G", 2,
     lambda t, r: hard_wrap(t, r.choice((60, 72, 76, 80, 100)))),
    ("broken behind hyphens too", "G", 1,
     lambda t, r: break_words(soft_wrap(t, 76), r, r"-(?=\w)", 0.15)),
    ("broken behind commas, slashes and colons", "G", 1,
     lambda t, r: break_words(t, r, r"[,/:;]", 0.1)),
))
table("wrap", ("raw",), (
    ("broken at links within words (Gmail)", "G", 2, lambda t, r:
     re.sub(r"\d+\.\d+\.\d+\.\d+",
            lambda m: r.choice(("\n{}", "{}\n", "\n{}\n", "{}")).format(m[0]), soft_wrap(t, 76))),
    ("broken within words at random (Gmail spans)", "G", 1,
     lambda t, r: break_words(soft_wrap(t, 76), r, r"\w(?=\w)", 0.003)),
    ("broken at line ends of the SDP", "G", 1,
     lambda t, r: re.sub(r"(\\+r\\+n)", r.choice((r"\1\n", r"\n\1")), t)),
    ("blank lines between spans (Proton)", "G", 0.5,
     lambda t, r: re.sub(r'(\\?"(?:offer|sdp|type|nat)\\?")', r"\n\n\1\n\n", t)),
))


@mangling("wrap", "flowed (Thunderbird, Roundcube)", "E", 2)
def flowed(mail):
    mail.text, mail.parameters = re.sub("(?m)^(?= |>|From )", " ",
                                        soft_wrap(mail.text, 72, " \n")), "; format=flowed"


@mangling("wrap", "flowed, delsp (Apple, Horde)", "E", 1.5)
def delsp(mail):
    wrapped = soft_wrap(mail.text, 72,
                        "  \n") if mail.random.random() < 0.5 else fold(mail.text, 70, " \n")
    mail.text, mail.parameters = re.sub("(?m)^(?= |>|From )", " ", wrapped), mail.random.choice(
        ("; format=flowed; delsp=yes", "; delsp=yes; format=flowed", "; format=flowed; DelSp=Yes"))


@mangling("wrap", "flowed, delsp, parameters lost", "G", 1)
def delsp_lost(mail):
    mail.text = fold(mail.text, 70, " \n")


@mangling("wrap", "flowed, but wrapped without the blanks (mutt)", "L", 0.7)
def flowed_in_name(mail):
    mail.text, mail.parameters = soft_wrap(mail.text, 72), "; format=flowed"


def each(text, change):
    return "\n".join(change(line) for line in text.split("\n"))


table("lines", None, (
    ("a blank line between lines (Outlook)", "L", 2, lambda t, r: t.replace("\n", "\n\n")),
    ("blanks at line ends", "L", 1,
     lambda t, r: each(t, lambda x: x + r.choice((" ", "  ", "\u00a0", "\t", " " * 20)))),
    ("lines padded to the terminal's width", "L", 0.7,
     lambda t, r: each(t, lambda x: x.ljust(100))),
    ("indented", "L", 1.5, lambda t, r: each(
        t,
        lambda x, by=r.choice(("  ", "    ", "        ", "\t", "\u00a0\u00a0", "\u3000")): by + x)),
    ("tabs for blanks", "L", 1, lambda t, r: t.replace(" ", "\t")),
    ("blanks doubled", "L", 0.5, lambda t, r: t.replace(" ", "  ")),
    ("line numbers", "G", 1,
     lambda t, r: "\n".join(f"{n}{mark}{line}" for n, line in enumerate(t.split("\n"), 1))
     if (mark := r.choice((": ", ". ", "\t", "  ", " | "))) else None),
    ("a bar on the left", "L", 0.7, lambda t, r:
     each(t, lambda x, by=r.choice(("| ", "│ ", "┃ ", "# ", "* ", "• ", "// ", "+ ")): by + x)),
    ("a box around it", "G", 0.5, lambda t, r: "┌" + "─" * 78 + "┐\n" +
     each(t, lambda x: "│ " + x.ljust(76) + " │") + "\n└" + "─" * 78 + "┘"),
    ("bold lines (Gmail)", "L", 1, lambda t, r: each(
        t, lambda x, by=r.choice(("*{}*", "**{}**", "_{}_", "__{}__")): by.format(x) if x else x)),
))


@mangling("lines", "PGP, clear-signed", "E", 1)
def clear_signed(mail):
    mail.text = ("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n" +
                 re.sub("(?m)^-", "- -", mail.text) + "\n-----BEGIN PGP SIGNATURE-----\n\n" +
                 columns(pick(mail.random, ICE, 200),
                         64) + "\n=a1B2\n-----END PGP SIGNATURE-----\n")


# --- replies and forwards


def quote(text, mark):
    return each(text, lambda x: (mark + x) if x else mark.rstrip())


def rewrap_quoted(text, r):
    lines = quote(text, "> ").split("\n")
    return "\n".join(line[2:] if n % 2 and r.random() < 0.8 else line for n,
                     line in enumerate(lines)) if len(lines) > 3 else None


WROTE = ("On Mon, 9 Mar 2026 at 10:12, Alice Example <alice@example.org> wrote:\n",
         "Am 09.03.26 um 10:12 schrieb Alice:\n", "09.03.2026 10:12, Alice пишет:\n", "Le lun. 9 "
         "mars 2026 à 10:12, Alice <alice@example.org> a écrit :\n\n", "在 2026年3月9日，10:12，Alice "
         "<alice@example.org> 写道：\n\n", "در تاریخ دوشنبه ۹ مارس ۲۰۲۶ Alice نوشت:\n",
         "понедельник, 9 марта 2026 г., 10:12 +03:00 от Alice <alice@example.org>:\n",
         "-------- Original Message --------\nOn 3/9/26 10:12, Alice wrote:\n")
FORWARDS = ("-----Original Message-----\nFrom: Alice <alice@example.org>\nSent: Monday, March 9, "
            "2026 10:12 AM\nTo: Bob\nSubject: offer\n\n", "Begin forwarded message:\n\nFrom: "
            "Alice <alice@example.org>\nSubject: offer\nDate: 9 March 2026\nTo: bob@example.org\n"
            "\n", "---------- Forwarded message ---------\nFrom: Alice <alice@example.org>\n"
            "Date: Mon, Mar 9, 2026 at 10:12 AM\nSubject: offer\nTo: <bob@example.org>\n\n\n",
            "-------- Пересылаемое сообщение --------\n09.03.2026, 10:12, \"Alice\" "
            "<alice@example.org>:\n\n", "------------------ 原始邮件 ------------------\n发件人: "
            "\"Alice\" <alice@example.org>;\n发送时间: 2026年3月9日(星期一) 上午10:12\n主题: offer\n\n",
            "________________________________\nVon: Alice <alice@example.org>\nGesendet: Montag, "
            "9. März 2026 10:12\nAn: Bob\nBetreff: offer\n\n",
            "پیام ارسالی از Alice <alice@example.org>:\n\n")
table("quote", None, (
    ("quoted", "L", 2, lambda t, r: r.choice(("", *WROTE)) +
     quote(t, r.choice(("> ", "> ", ">", ">> ", "> > ", ">> > ", "| ", ": ")))),
    ("quoted with initials (The Bat!)", "L", 0.7,
     lambda t, r: quote(t, r.choice(("AE> ", " AE> ", "Alice> ", "> AE> ")))),
    ("quoted, some marks lost by wrapping again", "L", 0.7, lambda t, r: rewrap_quoted(t, r)),
    ("quoted, marks of several kinds", "L", 0.7,
     lambda t, r: each(t, lambda x: r.choice(("> > ", ">> ", "> >", ">>")) + x)),
    ("forwarded", "E", 2, lambda t, r: r.choice(("", "FYI\n\n")) + r.choice(FORWARDS) + t),
    ("forwarded, quoted", "L", 1, lambda t, r: r.choice(FORWARDS) + quote(t, "> ")),
    ("below somebody's quoted text", "L", 1, lambda t, r: r.choice(WROTE) +
     quote("How are you? {\"fine\"}\nSend me your \"offer\".", "> ") + "\n\n" + t),
    ("above somebody's quoted text", "L", 1, lambda t, r: t + "\n\n" + r.choice(WROTE) +
     quote("How are you? {\"fine\"}\nSend me your \"offer\": 1.0\n{...}", "> ")),
))


@mangling("quote", "above an old request in a quote", "L", 2)
def reply_above(mail):
    old = f"1.0\n{mail.old}" if mail.random.random() < 0.8 else b64(f"1.0\n{mail.old}")
    lead = mail.random.choice((*WROTE, *WROTE, *FORWARDS[:1]))
    old = soft_wrap(old, 74) if mail.random.random() < 0.5 else old
    mail.text += f"\n\n{lead}" + quote(old, "> ")
    mail.whole += f"\n\n{lead}" + quote(old, "> ")


@mangling("quote", "below an old request in a quote", "L", 1)
def reply_below(mail):
    before = mail.random.choice(WROTE) + quote(soft_wrap(f"1.0\n{mail.old}", 74), "> ") + "\n\n"
    mail.text, mail.whole = before + mail.text, before + mail.whole


# --- what an MTA does to long lines

table("mta", None, (
    ("lines over 998 broken with a blank (Postfix)", "G", 1.5, lambda t, r: fold(t, 998, "\n ")),
    ("lines over 998 broken", "G", 1, lambda t, r: fold(t, r.choice((998, 990, 1000, 512)), "\n")),
    ("lines over 990 broken with ! (sendmail)", "G", 1.5,
     lambda t, r: fold(t, r.choice((989, 990)), r.choice(("!\n ", "!\n")))),
))

# --- HTML, as the clients write it


def escape(text, quotes="&quot;", blank=" "):
    text = html.escape(text, quote=False).replace('"', quotes)
    return re.sub("(?m)^ |  ", lambda m: "&nbsp;" * len(m[0]),
                  text) if blank == " " else text.replace(" ", blank)


def gmail_markup(mail, text):
    return '<div dir="ltr">' + escape(text).replace("\n", "<br>") + "</div>\n"


def markup(name, recover, weight=1.0):
    def enter(function):
        def apply(mail):
            mail.markup = function
            if mail.shape is single:
                mail.shape = mail.random.choice((html_only, html_only, cut_plain))
            return True
        MANGLINGS.append(Mangling("markup", name, recover, weight, apply))
    return enter


def paragraphs(text, start, end, r, **how):
    return "".join(start + (escape(line, **how) or r.choice(("<br>", "&nbsp;"))) + end
                   for line in text.split("\n"))


def pieces(text, r, share, render):
    """The text escaped, with a share of its characters followed by something."""
    return "".join(escape(c).replace("\n", "<br>") + (render() if r.random() < share else "")
                   for c in text)


STYLE = ("<style>p {margin:0} .x:after{content:\"{offer}\"}</style>"
         "<script>var x={\"offer\":\"{}\"};</script>")
for name, recover, weight, make in (
        ("HTML: a div a line (Gmail)", "E", 1,
         lambda m, t: paragraphs(t, '<div dir="auto">', "</div>", m.random)),
        ("HTML: elementToProof (Outlook.com)", "E", 1,
         lambda m, t: f"<html><head>{STYLE}</head><body>" +
         paragraphs(t, '<div class="elementToProof" style="font-family: Aptos">\n', "</div>\n",
                    m.random) + "</body></html>"),
        ("HTML: MsoNormal (Outlook)", "E", 1, lambda m, t:
         '<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><div class=WordSection1>' +
         paragraphs(t, "<p class=MsoNormal><span lang=EN-US>", "<o:p></o:p></span></p>\n",
                    m.random) + "</div></body></html>"),
        ("HTML: pre", "E", 1, lambda m, t: f"<body><pre wrap>{escape(t)}</pre></body>"),
        ("HTML: raw quotes, U+00A0 (Yandex, Thunderbird)", "E", 1,
         lambda m, t: "<div>" + escape(t, '"', "\u00a0").replace("\n", "</div><div>") + "</div>"),
        ("HTML: every blank &nbsp; or &#160; (Spark)", "E", 1, lambda m, t: "<div>" +
         escape(t, "&#34;",
                m.random.choice(("&nbsp;", "&#160;", "&#xa0;"))).replace("\n", "<br/>") + "</div>"),
        ("HTML: entities for everything", "E", 1,
         lambda m, t: "".join(m.random.choice((f"&#{ord(c)};", f"&#x{ord(c):X};", f"&#0{ord(c)};"))
                              if not c.isspace() else c.replace("\n", "<BR>") for c in t)),
        ("HTML: entities without semicolon", "E", 0.5,
         lambda m, t: "<p>" + escape(t, "&quot").replace("\n", "<br>") + "</p>"),
        ("HTML: escaped twice", "L", 0.7,
         lambda m, t: "<p>" + escape(escape(t)).replace("\n", "<br>") + "</p>"),
        ("HTML: comments in braces (Yandex)", "E", 0.7, lambda m, t: "<div>" +
         escape(t).replace("{", "{<!-- -->").replace("\n", "</div><div>") + "</div>"),
        ("HTML: comments with braces", "E", 0.5, lambda m, t: "<!-- {\"offer\":\"x\"} --><div>" +
         escape(t).replace("\n", "<!--[if mso]>{<![endif]--><br>") + "</div>"),
        ("HTML: wbr (QQ)", "E", 0.7,
         lambda m, t: pieces(t, m.random, 0.05,
                             lambda: m.random.choice(("<wbr>", "<wbr/>", "&#8203;", "<WBR>")))),
        ("HTML: spans and fonts within words", "E", 1,
         lambda m, t: pieces(t, m.random, 0.02, lambda: m.random.choice(
             ('</span><span style="color: rgb(0, 0, 0)">', '<font color="#000"></font>', "<b></b>",
              "<u></u>", '<span class="gr_ gr_12">&#8203;</span>')))),
        ("HTML: linked addresses", "E", 1.5,
         lambda m, t: "<div>" + links(escape(t), m.random, lambda x: f'<a href="{scheme(x)}" '
                                      f'target="_blank">{x}</a>').replace("\n", "<br>") + "</div>"),
        ("HTML: table", "E", 0.7, lambda m, t: "<table><tr><td>&nbsp;</td><td>" +
         escape(t).replace("\n", "</td></tr><tr><td></td><td>") + "</td></tr></table>"),
        ("HTML: textarea or input", "E", 0.5,
         lambda m, t: f"<form><textarea rows=4>{escape(t)}</textarea></form>"),
        ("HTML: blockquote", "L", 0.7, lambda m, t: '<blockquote type="cite">' +
         escape(t).replace("\n", "<br>") + "</blockquote>"),
        ("HTML: code", "E", 0.5,
         lambda m, t: "<p>Here:</p><code>" + escape(t).replace("\n", "<br>") + "</code>"),
        ("HTML: list", "E", 0.4,
         lambda m, t: "<ul><li>" + escape(t).replace("\n", "</li><li>") + "</li></ul>"),
        ("HTML: right to left (Persian)", "E", 0.7,
         lambda m, t: '<html dir="rtl" lang="fa"><body><p>سلام</p>' +
         paragraphs(t, '<p dir="ltr">\u200e', "</p>", m.random) + "</body></html>"),
        ("HTML: hidden preheader, tracker", "E", 0.7, lambda m, t: '<html><head><title>1.0 '
         f'{{"offer"}}</title>{STYLE}</head><body><div style="display:none;max-height:0">Preview '
         f'{{ text }}</div>' + gmail_markup(m, t) + '<img src="http://203.0.113.1/p?x={a}" '
         'alt="{"></body></html>'),
        ("HTML: source wrapped at blanks", "E", 1, lambda m, t:
         soft_wrap("<html><body><p>" + escape(t).replace("\n", "<br>") + "</p></body></html>", 72)),
        ("HTML: source wrapped and indented", "E", 0.5,
         lambda m, t: soft_wrap("<html><body><p>" + escape(t).replace("\n", "<br>") +
                                "</p></body></html>", 72, "\n      ")),
        ("HTML: source wrapped within words", "G", 0.7,
         lambda m, t: fold("<html><body><p>" + escape(t).replace("\n", "<br>") +
                           "</p></body></html>", m.random.choice((76, 78)))),
        ("HTML: unclosed and upper-case tags", "E", 0.5, lambda m, t:
         "<HTML><BODY><FONT SIZE=2><P>" + escape(t, '"').replace("\n", "<P>") + "<P>Bye"),
        ("HTML: XHTML, Word namespaces", "E", 0.4,
         lambda m, t: '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html '
         'xmlns="http://www.w3.org/1999/xhtml"><head><meta charset="utf-8" /></head><body><w:Sdt>' +
         paragraphs(t, "<p>", "</p>", m.random) + "</w:Sdt></body></html>")):
    markup(name, recover, weight)(make)

# --- parts


def qp_lower(data):
    return re.sub(b"=[0-9A-F]{2}", lambda m: m[0].lower(), quopri.encodestring(data))


ENCODINGS = {"8bit": (b"8bit", bytes), "7bit": (b"7bit", bytes),
             "qp": (b"quoted-printable", quopri.encodestring),
             "base64": (b"base64", base64.encodebytes)}


def some_encoding(data, r):
    """One that the data allows."""
    if not data.isascii() or b"\0" in data:
        return ENCODINGS[r.choice(("8bit", "qp", "base64"))]
    is_short = max(map(len, data.split(b"\n"))) < 999
    return ENCODINGS["7bit" if is_short else r.choice(("8bit", "qp"))]


def leaf(mail, text, kind="text/plain", extra="", parameters=None):
    """A part: its header, blank line, body."""
    missing = "xmlcharrefreplace" if kind == "text/html" else "replace"
    data = text if isinstance(text, bytes) else text.encode(mail.charset, missing)
    name, encode = (ENCODINGS.get(mail.encoding) or mail.encoding or
                    some_encoding(data, mail.random))
    label = mail.charset if mail.label is None else mail.label
    head = f"Content-Type: {kind}"
    if label and kind.startswith("text"):
        head += f"; charset={label}"
    head += (mail.parameters if parameters is None else parameters) + "\n" + extra
    if name:
        head += f"Content-Transfer-Encoding: {name.decode()}\n"
    return head.encode() + b"\n" + encode(data + b"\n")


def multi(mail, kind, *parts, parameters=""):
    mark = mail.random.choice(("0000000000002b1c", "=_Part_12_3.4", "Apple-Mail=_5C-1",
                               "----=_NextPart_000_01D", "_000_DB8PR09MB1188eurp_",
                               "--ALT--a1B2")) + str(len(parts)) + kind[:3]
    head = f'Content-Type: multipart/{kind}; boundary="{mark}"{parameters}\n\n'
    body = b"".join(f"\n--{mark}\n".encode() + part for part in parts)
    return head.encode() + body + f"\n--{mark}--\n".encode()


def plain(mail):
    return leaf(mail, mail.text)


def rich(mail, text=None):
    return leaf(mail, mail.markup(mail, mail.whole if text is None else text), "text/html",
                parameters="")


def binary(mail, kind, name):
    data = bytes(mail.random.randrange(256) for _ in range(300))
    head = (f'Content-Type: {kind}; name="{name}"\nContent-Transfer-Encoding: base64\n'
            f'Content-Disposition: attachment; filename="{name}"\n\n')
    return head.encode() + base64.encodebytes(data)


def attached(mail, kind, name, text=None):
    return leaf(mail, mail.whole if text is None else text, kind,
                f'Content-Disposition: attachment; filename="{name}"\n', f'; name="{name}"')


single = plain
html_only = rich


def cut_plain(mail):
    """The HTML whole, the plain text of no use: empty, cut, or a notice."""
    text = mail.random.choice(("", mail.whole[:300] + " [...]",
                               "This message needs a program that reads HTML."))
    return multi(mail, "alternative", leaf(mail, text, parameters=""), rich(mail))


def signed(mail, part, kind, name):
    return multi(mail, "signed", part, binary(mail, kind, name),
                 parameters=f'; protocol="{kind}"; micalg=sha-256')


SHAPES = (
    ("alternative, HTML whole", "E", 2, lambda m: multi(m, "alternative", plain(m), rich(m))),
    ("alternative, HTML damaged the same way", "E", 1,
     lambda m: multi(m, "alternative", plain(m), rich(m, m.text))),
    ("alternative, plain text whole", "E", 1,
     lambda m: multi(m, "alternative", leaf(m, m.whole, parameters=""), rich(m, m.text))),
    ("alternative, HTML only of use", "E", 1.5, cut_plain),
    ("alternative in the wrong order, AMP", "E", 0.5, lambda m: multi(m, "alternative", rich(
        m), leaf(m, "<html amp4email></html>", "text/x-amp-html", parameters=""), plain(m))),
    ("HTML only", "E", 1.5, rich),
    ("HTML only, damaged the same way", "G", 0.7, lambda m: rich(m, m.text)),
    ("related, with a picture", "E", 0.7,
     lambda m: multi(m, "related", multi(m, "alternative", plain(m), rich(m)),
                     binary(m, "image/png", "image001.png"))),
    ("related, HTML only (Tuta)", "E", 0.5, lambda m: multi(m, "related", rich(m))),
    ("mixed with a list's footer", "E", 1, lambda m: multi(m, "mixed", plain(m), leaf(
        m, "_____\nusers mailing list {users}\nhttps://lists.example.org/\n", parameters=""))),
    ("mixed with a disclaimer in front", "E", 0.7,
     lambda m: multi(m, "mixed", leaf(m, "CAUTION: external mail {1.0}. Don't open \"offers\".",
                                      parameters=""), plain(m))),
    ("mixed with a document", "E", 0.7,
     lambda m: multi(m, "mixed", plain(m), binary(m, "application/pdf", "a.pdf"))),
    ("mixed with winmail.dat", "E", 0.5,
     lambda m: multi(m, "mixed", plain(m), binary(m, "application/ms-tnef", "winmail.dat"))),
    ("nested mixed, related, alternative", "E", 0.7, lambda m:
     multi(m, "mixed", multi(m, "related", multi(m, "alternative", plain(m), rich(m)),
                             binary(m, "image/gif", "x.gif")), leaf(m, "-- \nAd", parameters=""))),
    ("signed by PGP/MIME", "E", 0.7, lambda m:
     signed(m, multi(m, "mixed", plain(m)), "application/pgp-signature", "signature.asc")),
    ("signed by S/MIME", "E", 0.7,
     lambda m: signed(m, plain(m), "application/pkcs7-signature", "smime.p7s")),
    ("attached as .txt", "E", 1,
     lambda m: multi(m, "mixed", leaf(m, "see attachment", parameters=""),
                     attached(m, "text/plain", "offer.txt"))),
    ("attached as .json", "E", 1,
     lambda m: multi(m, "mixed", leaf(m, "{attached}\n", parameters=""),
                     attached(m, "application/json", "offer.json"))),
    ("attached as octet-stream", "E", 0.7,
     lambda m: multi(m, "mixed", leaf(m, "", parameters=""),
                     attached(m, "application/octet-stream", "offer"))),
    ("attached as HTML", "E", 0.4,
     lambda m: multi(m, "mixed", leaf(m, "Hi", parameters=""),
                     attached(m, "text/html", "page.html", m.markup(m, m.whole)))),
    ("attached alone", "E", 0.7, lambda m:
     attached(m, "text/plain", "Новый документ.txt".encode("ascii", "ignore").decode() or "a.txt")),
    ("forwarded as an attached mail", "E", 1,
     lambda m: multi(m, "mixed", leaf(m, "FYI", parameters=""),
                     b"Content-Type: message/rfc822\nContent-Disposition: attachment\n\nFrom: "
                     b"a@example.org\nSubject: offer\nMIME-Version: 1.0\n" + plain(m))),
    ("an attached mail with an old request", "E", 1,
     lambda m: multi(m, "mixed", plain(m), "Content-Type: message/rfc822\n\nFrom: "
                     f"a@example.org\nSubject: old\n\n1.0\n{m.old}\n".encode())),
    ("preamble and epilogue", "E", 0.5, lambda m: multi(m, "mixed", plain(m)).replace(
        b"\n\n", b"\n\nThis is a multi-part message in MIME format. {\n", 1) + b"\nepilogue }\n"),
    ("closing boundary lost", "E", 0.5,
     lambda m: multi(m, "alternative", plain(m), rich(m)).rstrip().rpartition(b"\n")[0] + b"\n"),
    ("text of an unknown type", "E", 0.5,
     lambda m: leaf(m, m.text, m.random.choice(("text/markdown", "text/x-unknown", "plain/text",
                                                "text", "application/x-sdp", "TEXT/PLAIN")))),
    ("no MIME header at all (mailutils)", "E", 1,
     lambda m: b"\n" + m.text.encode(m.charset, "replace") + b"\n"),
)
for name, recover, weight, make in SHAPES:
    MANGLINGS.append(Mangling("part", name, recover, weight,
                              lambda mail, make=make: setattr(mail, "shape", make)))

# --- charsets, transfer encodings, transport

for name, recover, weight, codec, label in (
        ("iso-8859-1 or -15", "E", 1, "iso-8859-15", "iso-8859-15"),
        ("windows-1252", "E", 1, "cp1252", "Windows-1252"),
        ("windows-1252 labelled iso-8859-1", "L", 1, "cp1252", "iso-8859-1"),
        ("windows-1252 labelled us-ascii", "L", 1, "cp1252", "us-ascii"),
        ("windows-1252 labelled utf-8", "L", 0.7, "cp1252", "utf-8"),
        ("windows-1251", "E", 1, "cp1251", "windows-1251"), ("koi8-r", "E", 1, "koi8-r", "koi8-r"),
        ("windows-1251 labelled koi8-r", "L", 0.5, "cp1251", "koi8-r"),
        ("windows-1256", "E", 0.5, "cp1256", "windows-1256"),
        ("gb18030", "E", 1, "gb18030", "gb18030"), ("gbk labelled gb2312", "L", 1, "gbk", "gb2312"),
        ("big5", "E", 0.5, "big5", "big5"), ("shift_jis", "E", 1, "cp932", "Shift_JIS"),
        ("iso-2022-jp", "E", 0.7, "iso2022_jp", "ISO-2022-JP"),
        ("euc-kr", "E", 0.5, "euc_kr", "euc-kr"),
        ("ks_c_5601-1987", "E", 0.5, "cp949", "ks_c_5601-1987"),
        ("utf-7", "E", 0.7, "utf-7", "utf-7"), ("utf-16", "E", 0.7, "utf-16", "utf-16"),
        ("utf-16le", "E", 0.5, "utf-16-le", "utf-16le"),
        ("utf-16 without label", "L", 0.3, "utf-16", ""), ("hz", "E", 0.3, "hz", "hz-gb-2312"),
        ("utf-8 labelled us-ascii", "L", 1, "utf-8", "us-ascii"),
        ("utf-8 labelled iso-8859-1", "L", 0.7, "utf-8", "iso-8859-1"),
        ("utf-8 labelled koi8-r or gbk", "L", 0.5, "utf-8", "gbk"),
        ("utf-8 without label", "L", 1, "utf-8", ""),
        ("utf-8 with an odd label", "E", 0.7, "utf-8", "UTF8"),
        ("an unknown charset", "L", 0.7, "utf-8", "x-unknown"),
        ("charset in single quotes", "L", 0.4, "utf-8", "'utf-8'")):
    def apply(mail, codec=codec, label=label):
        try:
            if (mail.text + mail.whole).encode(codec).decode(codec) != mail.text + mail.whole:
                return False
        except UnicodeError:
            return False
        mail.charset, mail.label = codec, label
        if codec.startswith("utf-16"):
            mail.encoding = "base64"
        return True
    MANGLINGS.append(Mangling("charset", "charset " + name, recover, weight, apply))
for name, recover, weight, value in (
        ("quoted-printable", "E", 2, "qp"), ("base64", "E", 2, "base64"), ("8bit", "E", 1, "8bit"),
        ("binary", "E", 0.5, (b"binary", bytes)),
        ("quoted-printable, lower-case hex", "E", 1, (b"quoted-printable", qp_lower)),
        ("quoted-printable, blanks behind =", "E", 0.7,
         (b"Quoted-Printable", lambda d: quopri.encodestring(d).replace(b"=\n", b"=  \n"))),
        ("quoted-printable twice", "L", 1,
         (b"quoted-printable", lambda d: quopri.encodestring(quopri.encodestring(d)))),
        ("quoted-printable, header lost", "L", 1.5, (b"", quopri.encodestring)),
        ("quoted-printable, all encoded", "E", 0.5,
         (b"quoted-printable",
          lambda d: columns("".join(f"={b:02X}" for b in d), 72, "=\n").encode())),
        ("quoted-printable, ends softly (s-nail)", "E", 0.5,
         (b"quoted-printable", lambda d: quopri.encodestring(d).rstrip(b"\n") + b"=")),
        ("quoted-printable labelled 8bit", "L", 0.5, (b"8bit", quopri.encodestring)),
        ("base64, header lost", "L", 1, (b"", base64.encodebytes)),
        ("base64 in one line", "E", 0.7, (b"base64", base64.b64encode)),
        ("base64 with CR LF in it", "E", 0.7,
         (b"BASE64", lambda d: base64.encodebytes(d.replace(b"\n", b"\r\n")))),
        ("base64 with a footer behind it", "E", 0.5,
         (b"base64", lambda d: base64.encodebytes(d) + b"\n_______________\nlist footer, {1.0}\n")),
        ("an unknown encoding", "L", 0.5, (b"x-unknown", bytes)),
        ("7bit in name only", "L", 1, (b"7bit", bytes))):
    def apply(mail, value=value):
        lost = value not in ("qp", "base64", "8bit") and value[0] != b"binary"
        if mail.charset.startswith("utf-16") and (lost or value in ("8bit",)):
            return False
        mail.encoding = value
        return True
    MANGLINGS.append(Mangling("encoding", "encoding " + name, recover, weight, apply))


def body_only(change):
    def apply(message, _):
        head, blank, body = message.partition(b"\n\n")
        return head + blank + change(body)
    return apply


def ends(message, r):
    return b"".join(line + r.choice((b"\n", b"\r\n")) for line in message.split(b"\n"))


for name, recover, weight, step in (
        ("CR LF", "E", 2, lambda m, r: m.replace(b"\n", b"\r\n")),
        ("CR CR LF", "L", 0.7, lambda m, r: m.replace(b"\n", b"\r\r\n")),
        ("CR alone in the body", "L", 0.7, body_only(lambda b: b.replace(b"\n", b"\r"))),
        ("mixed line ends", "E", 0.7, ends),
        ("mbox From line", "E", 0.7,
         lambda m, r: b"From alice@example.org Mon Mar  9 10:12:20 2026\n" + m),
        ("dot-stuffing left", "L", 1, body_only(lambda b: re.sub(rb"(?m)^\.", b"..", b))),
        (">From", "E", 0.3, body_only(lambda b: re.sub(b"(?m)^From ", b">From ", b))),
        ("body ends without a line end", "E", 0.5, lambda m, r: m.rstrip(b"\n")),
        ("a blank line at the start and the end", "E", 0.5,
         body_only(lambda b: b"\n\n" + b + b"\n\n\n"))):
    MANGLINGS.append(Mangling("transport", "transport: " + name, recover, weight,
                              lambda mail, step=step: mail.transport.append(step)))

LOSSES = {m.name for m in MANGLINGS if m.stage == "loss"}


def make_mail(seed, number):
    """A Mail with all manglings done, its bytes, and the worst class."""
    r = random.Random(f"{seed}/{number}")
    mail, done = Mail(r), []
    count, lossy = r.choice(COMPOSITIONS), r.random() < LOSS
    losses = [m for m in MANGLINGS if m.stage == "loss"]
    chosen = r.choices(losses, [m.weight for m in losses])[:1] if lossy else []
    stages = [stage for stage in STAGES if stage != "loss"]
    # Each stage is as likely as another; then by weight within it.
    while len(chosen) < count:
        stage = r.choice(stages)
        among = [m for m in MANGLINGS if m.stage == stage and m not in chosen]
        if sum(m.stage == stage for m in chosen) < 1 + (stage in TWICE):
            chosen.append(r.choices(among, [m.weight for m in among])[0])
    for one in sorted(chosen, key=lambda m: STAGES.index(m.stage)):
        if one.apply(mail) is not False:
            done.append(one)
    mail.names = [m.name for m in done]
    subject = r.choice(("offer", "Hello", "Re: offer", "=?utf-8?B?0L/RgNC40LLQtdGC?="))
    head = ("Return-Path: <alice@example.org>\n"
            "Received: from mx.example.org by mx.example.com; Mon, 9 Mar 2026 10:12:20 +0000\n"
            f"From: Alice Example <alice@example.org>\nTo: {BOT}\nSubject: {subject}\n"
            f"Date: Mon, 9 Mar 2026 10:12:01 +0000\nMessage-ID: <{number}.{seed}@example.org>\n")
    entity = mail.shape(mail)
    message = head.encode() + (b"MIME-Version: 1.0\n" if entity[:1] != b"\n" else b"") + entity
    for step in mail.transport:
        message = step(message, r)
    return mail, message, max((m.recover for m in done), key="ELGX".index, default="E")
