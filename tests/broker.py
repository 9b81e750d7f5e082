#!/usr/bin/python3 -B
"""A loopback Snowflake broker for tests: checks a request as the broker does, then behaves as told.

usage: tests/broker.py [--port N] [--record FILE] [--behave A,B,...] [--relay URL]
                       [--lifetime SECONDS]

The first line on stdout is its URL.  It ends on SIGTERM, on SIGINT and after its lifetime (600 s).

Each good request to /client takes the next behaviour of the list; the last one repeats:
  as a broker    proxy (the offer goes to the proxy that has waited longest at /proxy, whatever its
                 NAT; what it posts to /answer within 10 s is the answer; the proxy is told to
                 connect to the relay, if one is named)
  an answer      answer, newline (LF behind it), crlf (pretty-printed with CRLF), extra-fields,
                 chunked, big (90 kB), drip (a byte each 0.2 s), five (candidates), many (60)
  an error       no-proxy, timed-out (at once, the broker takes 5 s), error:TEXT (percent-encoded)
  not an answer  huge, huge-chunked (600 kB, clients read 100 kB), truncated, non-json, not-object,
                 neither, answer-not-json, answer-not-string, answer-wrong-type, bad-utf8, empty
  no response    stall, close, reset, redirect (to /elsewhere), status-NNN (empty body)
  a part         cut:N, stall:N, cut:chunked:N, stall:chunked:N (the first N octets of a response
                 with an answer, and then the end of the connection, or nothing more)
  without end    endless:headers, endless:line (one header line), endless:1xx, endless:trailers,
                 endless:extensions (of a chunk), endless:body, endless:chunks

A record is one JSON object per line and request: asked (when it came), time (when the response is
sent), method, path, headers, body, behaviour and response (the body that is sent, or null).  Bytes
are read as Latin-1.
"""
import argparse
import hashlib
import http.server
import json
import os
import re
import signal
import socket
import struct
import threading
import time
import urllib.parse

REQUEST_LIMIT = 100_000  # bytes; over this the broker answers 400
PROXY_WAITS, CLIENT_WAITS = 10, 10  # seconds: for a client's offer, for the proxy's answer


def compact(value):
    return json.dumps(value, separators=(",", ":"))


SDP = """\
v=0
o=- 6052093452617038211 1761200000 IN IP4 0.0.0.0
s=-
t=0 0
a=msid-semantic:WMS*
a=fingerprint:sha-256 \
5A:0C:91:E3:77:1D:B4:68:2F:C0:9E:13:D5:46:8A:F7:30:BB:62:1E:94:0D:C8:55:A1:7F:E6:29:83:4B:DA:16
a=extmap-allow-mixed
a=group:BUNDLE 0
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=setup:active
a=mid:0
a=sendrecv
a=sctp-port:5000
a=ice-ufrag:pLkQwZxNbTcYhRsE
a=ice-pwd:VdGmJrXuTqBnKsWyEhLoPzCiAfQvRxUt
a=candidate:3713152204 1 udp 2130706431 198.51.100.23 45671 typ host ufrag pLkQwZxNbTcYhRsE
a=candidate:3713152204 2 udp 2130706431 198.51.100.23 45671 typ host ufrag pLkQwZxNbTcYhRsE
a=candidate:1180240918 1 udp 1694498815 203.0.113.77 51934 typ srflx raddr 0.0.0.0 rport 51934
a=candidate:1180240918 2 udp 1694498815 203.0.113.77 51934 typ srflx raddr 0.0.0.0 rport 51934
a=end-of-candidates
""".replace("\n", "\r\n")


def answer(size=0, kind="answer"):
    """A poll response of about `size` bytes, 976 at least, on one line as the broker writes it."""
    response = {"answer": compact({"type": kind, "sdp": SDP})}
    padding = "x" * max(0, size - len(compact(response)) - 16)
    if padding:
        response["answer"] = compact({"type": kind, "sdp": SDP + f"a=x:{padding}\r\n"})
    return compact(response).encode()


def answer_with(candidates):
    """With so many candidates instead, every other one of IPv6; no digits of theirs repeat."""
    lines = ""
    for number in range(candidates):
        digits = hashlib.sha256(bytes([number])).hexdigest()
        address = f"198.51.100.{number}"
        if number % 2:
            address = f"2001:db8:{':'.join(digits[start:start + 4] for start in range(0, 24, 4))}"
        foundation, port = int(digits[24:32], 16), int(digits[32:36], 16)
        lines += f"a=candidate:{foundation} 1 udp 2130706431 {address} {port} typ host\r\n"
    sdp = re.sub("(a=candidate:.*\r\n)+", lines, SDP)
    return compact({"answer": compact({"type": "answer", "sdp": sdp})}).encode()


def error(text):
    return compact({"error": text}).encode()


CONTENT = {  # what is sent as the body; behaviours that aren't named here send none
    "answer": answer(),
    "newline": answer() + b"\n",
    "crlf": json.dumps(json.loads(answer()), indent=2).replace("\n", "\r\n").encode(),
    "extra-fields":
             compact({"status": "ok", **json.loads(answer()), "more": [1, {"x": None}]}).encode(),
    "chunked": answer(),
    "big": answer(90_000),
    "five": answer_with(5),
    "many": answer_with(60),
    "drip": answer(),
    "no-proxy": error("no snowflake proxies currently available"),
    "timed-out": error("timed out waiting for answer!"),
    "huge": answer(600_000),
    "huge-chunked": answer(600_000),
    "truncated": answer(),
    "non-json": b"<html><body><h1>It works!</h1></body></html>\n",
    "not-object": compact([json.loads(answer())]).encode(),
    "neither": b"{}",
    "answer-not-json": compact({"answer": SDP}).encode(),
    "answer-not-string": compact({"answer": {"type": "answer", "sdp": SDP}}).encode(),
    "answer-wrong-type": answer(kind="offer"),
    "bad-utf8": answer().replace(b"s=-", b"s=\xff\xfe"),
    "empty": b"",
}


def chunks(content):
    pieces = (content[start:start + 700] for start in range(0, len(content), 700))
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n"


# Whole responses with an answer.
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(answer()), answer())
CHUNKED_HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKED = CHUNKED_HEAD + chunks(answer()) + b"X-Trailer: x\r\n\r\n"

ENDLESS = {  # how the response begins, and what comes again and again
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X-Header: %b\r\n" % (b"x" * 80)),
    "line": (b"HTTP/1.1 200 OK\r\nX-Header: ", b"x" * 80),
    "1xx": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "trailers": (CHUNKED_HEAD + chunks(answer()), b"X-Trailer: %b\r\n" % (b"x" * 80)),
    "extensions": (CHUNKED_HEAD + b"1;", b"x" * 80),
    "body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 80),
    "chunks": (CHUNKED_HEAD, b"1\r\nx\r\n"),
}
PART = re.compile(r"(cut|stall):(chunked:)?(\d+)")
WITHOUT_CONTENT = re.compile(r"proxy|stall|close|reset|redirect|status-[1-5]\d\d|"
                             rf"{PART.pattern}|endless:({'|'.join(ENDLESS)})")


def is_known(behaviour):
    return behaviour in CONTENT or behaviour.startswith("error:") or WITHOUT_CONTENT.fullmatch(
        behaviour)


def is_session_description(text):
    try:
        value = json.loads(text)
        return isinstance(value["type"], str) and isinstance(value["sdp"], str)
    except (ValueError, TypeError, KeyError):
        return False


def refusal(body):
    """The error with which the broker answers this request; None if the request is good."""
    version, newline, text = body.partition(b"\n")
    if version != b"1.0" or not newline:
        return "unsupported message version"
    text = text.decode("utf-8", "replace")
    try:
        request = json.loads(text)
    except json.JSONDecodeError as e:
        if e.msg.startswith("Unterminated string") or not text[e.pos:].strip():
            return "unexpected end of JSON input"
        return f"invalid character {text[e.pos]!r} in JSON input"
    if not isinstance(request, dict):
        return "json: cannot unmarshal into Go value of type messages.ClientPollRequest"
    for field in ("offer", "nat", "fingerprint"):
        if not isinstance(request.get(field, ""), str):
            return ("json: cannot unmarshal into Go struct field "
                    f"ClientPollRequest.{field} of type string")
    if not request.get("offer"):
        return "no supplied offer"
    if not re.fullmatch("[0-9A-Fa-f]{40}", request.get("fingerprint") or "0" * 40):
        return "cannot decode fingerprint"
    if request.get("nat", "") not in ("", "unknown", "restricted", "unrestricted"):
        return "invalid NAT type"
    if not is_session_description(request["offer"]):
        return "malformed session description: offer"
    return None


def proxy_message(body, *needed):
    """What a proxy posts, as Snowflake's common/messages decodes it; None if it is refused."""
    kinds = {"Version": str, "Sid": str, "Type": str, "NAT": str, "Clients": int,
             "AcceptedRelayPattern": str, "Answer": str}
    try:
        message = {field: value for field, value in json.loads(body).items() if value is not None}
    except (ValueError, AttributeError):
        return None
    fine = (all(isinstance(message[field], kind) for field, kind in kinds.items()
                if field in message) and message.get("Version", "").split(".")[0] == "1" and
            all(message.get(field) for field in needed) and
            message.get("NAT", "") in ("", "unknown", "restricted", "unrestricted"))
    return message if fine else None


def is_accepted(host, pattern):
    """Whether a proxy lets its clients connect to that relay: Snowflake's common/namematcher.

    The pattern is the end of the name, or all of it behind a ^.
    """
    end = pattern.removesuffix("$")
    return host == end[1:] if end.startswith("^") else host.endswith(end)


def poll_response(status, offer="", nat="", relay=""):
    return compact({"Status": status, "Offer": offer, "NAT": nat, "RelayURL": relay}).encode()


class Proxy:
    """A proxy that polls, with the client's request once there is one, and then its own answer."""

    def __init__(self, sid):
        self.sid = sid
        self.request = self.answer = None
        self.matched, self.answered = threading.Event(), threading.Event()


class Broker:
    """Listens on 127.0.0.1 from construction to close().

    `record` is a file name, `relay` the URL that proxies are given; "" leaves it to them.
    """

    def __init__(self, behaviours=("answer",), record=None, port=0, relay=""):
        # A handler gets a request's body and gives a behaviour and the body of the response.
        self.handlers = {"/client": self.client, "/proxy": self.proxy, "/answer": self.answer}
        self.waiting = []  # proxies without a client
        self.matches = {}  # proxies with a client that waits for the answer, by session id
        self.behaviours = list(behaviours)
        if unknown := [b for b in behaviours if not is_known(b)]:
            raise ValueError(f"unknown behaviours: {unknown}")
        self.record = record
        self.relay = relay
        self.lock = threading.Lock()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Connection)
        self.server.broker = self
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05},
                         daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def handle(self, connection):
        asked = time.time()
        body = connection.rfile.read(int(connection.headers.get("Content-Length") or 0))
        handler = self.handlers.get(connection.path, lambda body: ("status-404", None))
        behaviour, content = handler(body) if len(body) <= REQUEST_LIMIT else ("status-400", None)
        self.write_record(asked, connection, body, behaviour, content)
        connection.respond(behaviour, content)

    def client(self, body):
        if body.startswith(b"{"):
            # The legacy form. A request that only lacks its version line crashes the broker.
            return ("status-503" if is_session_description(body) else "close"), None
        if refused := refusal(body):
            return "refused", error(refused)
        behaviour, content = self.next_behaviour()
        if behaviour == "proxy":
            return self.meet(json.loads(body.partition(b"\n")[2]))
        return behaviour, content

    def next_behaviour(self):
        with self.lock:
            behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
        if behaviour.startswith("error:"):
            return "error", error(urllib.parse.unquote(behaviour.removeprefix("error:")))
        return behaviour, CONTENT.get(behaviour)

    def meet(self, request):
        with self.lock:
            if not self.waiting:
                return "no-proxy", CONTENT["no-proxy"]
            proxy = self.waiting.pop(0)
            proxy.request = request
            self.matches[proxy.sid] = proxy
            proxy.matched.set()
        proxy.answered.wait(CLIENT_WAITS)
        with self.lock:
            self.matches.pop(proxy.sid, None)
            if proxy.answer is None:
                return "timed-out", CONTENT["timed-out"]
            return "proxy", compact({"answer": proxy.answer}).encode()

    def proxy(self, body):
        poll = proxy_message(body, "Sid")
        if not poll:
            return "status-400", None
        if self.relay and not is_accepted(urllib.parse.urlsplit(self.relay).hostname,
                                          poll.get("AcceptedRelayPattern", "")):
            return "rejected", poll_response("incorrect relay pattern")
        proxy = Proxy(poll["Sid"])
        with self.lock:
            self.waiting.append(proxy)
        proxy.matched.wait(PROXY_WAITS)
        with self.lock:
            if not proxy.matched.is_set():
                self.waiting.remove(proxy)
                return "no-match", poll_response("no match")
        return "match", poll_response("client match", proxy.request["offer"],
                                      proxy.request.get("nat") or "unknown", self.relay)

    def answer(self, body):
        message = proxy_message(body, "Sid", "Answer")
        if not message:
            return "status-400", None
        with self.lock:
            proxy = self.matches.pop(message["Sid"], None)
            if proxy:
                proxy.answer = message["Answer"]
                proxy.answered.set()
        return "answered", compact({"Status": "success" if proxy else "client gone"}).encode()

    def write_record(self, asked, connection, body, behaviour, content):
        if self.record is None:
            return
        line = compact({
            "asked": asked, "time": time.time(), "method": connection.command,
            "path": connection.path,
            "headers": connection.headers.items(), "body": body.decode("latin-1"),
            "behaviour": behaviour,
            "response": None if content is None else content.decode("latin-1")})
        with self.lock, open(self.record, "a", encoding="ascii") as file:
            file.write(line + "\n")


class Connection(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle(self):
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client gave up, as some tests want it to

    def do_POST(self):
        self.server.broker.handle(self)

    do_GET = do_POST

    def log_message(self, *args):
        pass

    def head(self, status, *fields):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.end_headers()

    def respond(self, behaviour, content):
        if part := PART.fullmatch(behaviour):
            self.wfile.write((CHUNKED if part[2] else PLAIN)[:int(part[3])])
            behaviour = "close" if part[1] == "cut" else "stall"
        elif behaviour.startswith("endless:"):
            first, more = ENDLESS[behaviour.removeprefix("endless:")]
            self.wfile.write(first)
            while True:  # until the client closes
                self.wfile.write(more * 1000)
        if behaviour == "stall":
            self.connection.recv(1)  # returns when the client closes
            self.close_connection = True
        elif behaviour == "close":
            self.close_connection = True
        elif behaviour == "reset":  # closing with a zero linger time sends RST
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            os.close(self.connection.detach())
        elif behaviour == "redirect":
            self.head(302, ("Location", "/elsewhere"), ("Content-Length", 0))
        elif behaviour.startswith("status-"):
            self.head(int(behaviour.removeprefix("status-")), ("Content-Length", 0))
        elif behaviour.endswith("chunked"):
            self.head(200, ("Transfer-Encoding", "chunked"))
            self.wfile.write(chunks(content) + b"\r\n")
        else:
            self.head(200, ("Content-Length", len(content)))
            if behaviour == "truncated":
                self.wfile.write(content[:len(content) // 2])
                self.close_connection = True
            elif behaviour == "drip":
                for byte in content:
                    self.wfile.write(bytes((byte,)))
                    time.sleep(0.2)
            else:
                self.wfile.write(content)


def main():
    parser = argparse.ArgumentParser(description="A loopback Snowflake broker for tests; see the "
                                     "head of the file.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--record", metavar="FILE")
    parser.add_argument("--behave", metavar="A,B,...", default="answer")
    parser.add_argument("--relay", metavar="URL", default="")
    parser.add_argument("--lifetime", metavar="SECONDS", type=float, default=600)
    options = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    broker = Broker(options.behave.split(","), options.record, options.port, options.relay)
    print(broker.url, flush=True)
    stop.wait(options.lifetime)
    broker.close()


if __name__ == "__main__":
    main()
