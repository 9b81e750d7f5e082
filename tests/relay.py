"""A stand-in for Snowflake's server, which Debian doesn't have: it sends back what it gets.

It speaks what the server speaks, as far as some kilobytes over loopback need it: WebSocket
(RFC 6455), and in its stream a token, the client's id and packets behind a length (Snowflake's
Turbo Tunnel, common/encapsulation). In these is KCP, without sending anything twice, since here
nothing is lost, and in that smux 2, without flow control.
"""
import base64
import hashlib
import http.server
import struct
import threading

TOKEN = bytes.fromhex("1293605d278175f5")  # with which a client of today begins
# Conversation, command, fragment, window, time, number, acknowledged up to, length.
KCP = struct.Struct("<IBBHIIII")
KCP_PUSH, KCP_ACK, KCP_ASK, KCP_TELL = 81, 82, 83, 84
KCP_PAYLOAD = 1200  # bytes
SMUX = struct.Struct("<BBHI")  # version, command, length, stream
SMUX_FIN, SMUX_PUSH = 1, 2


class Relay:
    """Listens on 127.0.0.1 from construction to close()."""

    def __init__(self):
        self.connections = 0
        self.echoed = b""
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Connection)
        self.server.relay = self
        self.url = f"ws://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05},
                         daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Connection(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        accept = hashlib.sha1(self.headers["Sec-WebSocket-Key"].encode() +
                              b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(accept).decode())
        self.end_headers()
        self.close_connection = True
        self.server.relay.connections += 1
        try:
            self.serve(Stream(self.rfile))
        except (EOFError, ConnectionError):
            pass

    def serve(self, stream):
        if stream.read(len(TOKEN)) != TOKEN:
            return
        stream.read(8)  # the client's id
        tunnel = Tunnel(self.server.relay)
        while True:
            for packet in tunnel.take(stream.read_packet()):
                length = len(packet)
                self.write_message(bytes((0xc0 | length >> 7, length & 0x7f)) + packet)

    def write_message(self, data):
        length = len(data)
        head = bytes((0x82, length)) if length < 126 else struct.pack(">BBH", 0x82, 126, length)
        self.wfile.write(head + data)


class Stream:
    """What comes in WebSocket messages, one behind the other."""

    def __init__(self, file):
        self.file, self.rest = file, b""

    def exactly(self, count):
        data = self.file.read(count)
        if len(data) < count:
            raise EOFError
        return data

    def read(self, count):
        while len(self.rest) < count:
            kind, length = self.exactly(2)
            length &= 0x7f
            if length > 125:
                length = int.from_bytes(self.exactly(2 if length == 126 else 8), "big")
            mask = self.exactly(4)
            data = bytes(byte ^ mask[i % 4] for i, byte in enumerate(self.exactly(length)))
            if kind & 0x0f == 8:  # close
                raise EOFError
            if kind & 0x0f <= 2:
                self.rest += data
        data, self.rest = self.rest[:count], self.rest[count:]
        return data

    def read_packet(self):
        while True:
            first, = self.read(1)
            length, more = first & 0x3f, first & 0x40
            while more:
                byte, = self.read(1)
                length, more = length << 7 | byte & 0x7f, byte & 0x80
            packet = self.read(length)
            if first & 0x80:  # else padding
                return packet


class Tunnel:
    """Gives the packets with which a packet is answered."""

    def __init__(self, relay):
        self.relay = relay
        self.expected = self.sent = 0
        self.early = {}
        self.frames = b""

    def take(self, packet):
        while packet:
            conversation, command, _, _, time, number, _, length = KCP.unpack_from(packet)
            data, packet = packet[KCP.size:KCP.size + length], packet[KCP.size + length:]
            if command == KCP_ASK:
                yield self.segment(conversation, KCP_TELL, 0, 0)
            elif command == KCP_PUSH:
                if number >= self.expected:
                    self.early[number] = data
                while self.expected in self.early:
                    self.frames += self.early.pop(self.expected)
                    self.expected += 1
                yield self.segment(conversation, KCP_ACK, time, number)
                back = self.echo()
                for start in range(0, len(back), KCP_PAYLOAD):
                    yield self.segment(conversation, KCP_PUSH, time, self.sent,
                                       back[start:start + KCP_PAYLOAD])
                    self.sent += 1

    def segment(self, conversation, command, time, number, data=b""):
        return KCP.pack(conversation, command, 0, 1024, time, number, self.expected,
                        len(data)) + data

    def echo(self):
        back = b""
        while len(self.frames) >= SMUX.size:
            _, command, length, _ = SMUX.unpack_from(self.frames)
            end = SMUX.size + length
            if len(self.frames) < end:
                break
            if command in (SMUX_FIN, SMUX_PUSH):
                back += self.frames[:end]
            if command == SMUX_PUSH:
                self.relay.echoed += self.frames[SMUX.size:end]
            self.frames = self.frames[end:]
        return back
