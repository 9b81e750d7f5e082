"""Encrypted messages and keys as no program makes them, by packets (RFC 9580 4, 5).

A message is forged with the session key of one that gpg made: so anything can be inside.
"""
import base64
import bz2
import hashlib
import os
import re
import subprocess
import zlib

from pgp import KEYS, Home, crc24, packet_at

SESSION_KEY, SIGNATURE, PASSWORD_SESSION_KEY, ONE_PASS, PUBLIC_KEY = 1, 2, 3, 4, 6
COMPRESSED, OLD_DATA = 8, 9
MARKER, LITERAL, USER_ID, SUBKEY, USER_ATTRIBUTE, DATA, MDC, AEAD = 10, 11, 13, 14, 17, 18, 19, 20


def packet(tag, body):
    return bytes([0xC0 | tag, 0xFF]) + len(body).to_bytes(4, "big") + body


def in_parts(tag, body, power, ends=True):
    """A packet of partial lengths of 2 to that power; it may lack its end."""
    size = 1 << power
    head, parts = bytes([0xC0 | tag]), b""
    while len(body) >= size:
        parts, body = parts + bytes([0xE0 | power]) + body[:size], body[size:]
    return head + parts + (b"\xff" + len(body).to_bytes(4, "big") + body if ends else b"")


def literal(octets, name=b""):
    return packet(LITERAL, b"b" + bytes([len(name)]) + name + bytes(4) + octets)


def zipped(octets, level=9):
    deflate = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packet(COMPRESSED, b"\x01" + deflate.compress(octets) + deflate.flush())


def zlibbed(octets):
    return packet(COMPRESSED, b"\x02" + zlib.compress(octets, 9))


def bzipped(octets):
    return packet(COMPRESSED, b"\x03" + bz2.compress(octets))


def times(count, function, octets):
    for _ in range(count):
        octets = function(octets)
    return octets


def armor(octets, fields="", kind="MESSAGE"):
    lines = re.sub("(.{64})", r"\1\n", base64.b64encode(octets).decode())
    checksum = base64.b64encode(crc24(octets).to_bytes(3, "big")).decode()
    return f"-----BEGIN PGP {kind}-----\n{fields}\n{lines}\n={checksum}\n-----END PGP {kind}-----\n"


class Forge:
    """Messages to the service."""

    def __init__(self, alice):
        whole = alice.gpg("--recipient-file", KEYS / "service-ed25519.pub", "--encrypt", input=b"x")
        _, _, end = packet_at(whole, 0)
        self.session_key = whole[:end]
        with Home("service-ed25519.sec") as service:
            said = service.run("--show-session-key", "--decrypt", input=whole).stderr.decode()
        algorithm, key = re.search(r"'(\d+):([0-9A-F]+)'", said).groups()
        self.cipher = {"7": "aes-128-cfb", "8": "aes-192-cfb", "9": "aes-256-cfb"}[algorithm]
        self.key = key

    def encrypted(self, octets):
        command = ["openssl", "enc", f"-{self.cipher}", "-K", self.key, "-iv", "0" * 32]
        return subprocess.run(command, input=octets, capture_output=True, check=True).stdout

    def data(self, packets, mdc=None):
        """The body of encrypted data, version 1 (5.13.1)."""
        prefix = os.urandom(16)
        hashed = prefix + prefix[-2:] + packets + bytes([0xC0 | MDC, 20])
        digest = hashlib.sha1(hashed).digest() if mdc is None else mdc
        return b"\x01" + self.encrypted(hashed + digest)

    def message(self, packets, mdc=None):
        return self.session_key + packet(DATA, self.data(packets, mdc))


def messages(forge, inside):
    """Sentences, with octets that hold the mail `inside`, and what the mail must end with."""
    key, whole = forge.session_key, literal(inside)
    data = forge.data(whole)
    password = packet(PASSWORD_SESSION_KEY, bytes([4, 9, 3, 8]) + bytes(8) + b"\xff")
    zeros = literal(bytes(1 << 26))
    yield "as gpg makes it", forge.message(whole), "answer"

    yield "64 MiB of zeros, zipped", forge.message(zipped(zeros)), "too-large"
    yield "64 MiB of zeros, in three of zlib", forge.message(times(3, zlibbed, zeros)), "too-large"
    yield "64 MiB of zeros, in bzip2 in zlib", forge.message(zlibbed(bzipped(zeros))), "too-large"
    yield "64 MiB of zeros for a file name of a terminal", forge.message(
        bzipped(literal(bytes(1 << 26), b"_CONSOLE"))), "too-large"
    yield "the mail in 8 compressions", forge.message(times(8, zlibbed, whole)), "answer"
    yield "the mail in 2000 compressions", forge.message(times(2000, zipped, whole)), "no-request"
    yield "a compression that ends early", forge.message(
        packet(COMPRESSED, b"\x02" + zlib.compress(whole)[:-400])), "no-request"
    yield "a compression nobody knows", forge.message(
        packet(COMPRESSED, b"\x63" + whole)), "no-request"

    yield "5000 markers before it", packet(MARKER, b"PGP") * 5000 + forge.message(whole), \
        "undecryptable"
    yield "5000 markers inside", forge.message(packet(MARKER, b"PGP") * 5000 + whole), "answer"
    yield "5000 texts inside", forge.message(literal(b"x\n") * 5000), "no-request"
    yield "packets that nobody knows inside", forge.message(
        packet(60, bytes(1000)) * 200 + whole), "answer"
    anonymous = packet(SESSION_KEY, bytes([3]) + bytes(8) + packet_at(key, 0)[1][9:-1] + b"x")
    yield "a message in the message", forge.message(forge.message(whole)), "undecryptable"
    yield "20 messages in one another", times(20, forge.message, whole), "undecryptable"
    yield "a message with 3000 session keys for nobody in the message", \
        forge.message(anonymous * 3000 + packet(DATA, data)), "undecryptable"
    yield "the same, zipped", \
        forge.message(zlibbed(anonymous * 3000 + packet(DATA, data))), "undecryptable"
    yield "signed with a key of version 6", forge.message(
        packet(ONE_PASS, bytes([6, 0, 10, 27, 32]) + bytes(64) + b"\1") + whole +
        packet(SIGNATURE, b"\6" + bytes(150))), "undecryptable"
    yield "nothing inside", forge.message(b""), "no-request"
    yield "noise inside", forge.message(bytes(range(256)) * 20), "no-request"
    yield "another message behind it", forge.message(whole) * 2, "undecryptable"
    yield "a text behind it", forge.message(whole) + literal(b"x"), "undecryptable"

    yield "16 session keys for nobody", anonymous * 16 + packet(DATA, data), "undecryptable"
    yield "15 session keys for nobody, and ours", anonymous * 15 + forge.message(whole), "answer"
    yield "3000 session keys", key * 3000 + packet(DATA, data), "undecryptable"
    yield "a session key with a length of zero", b"\xc1\x00" + forge.message(whole), "undecryptable"
    for version in 2, 4, 6, 255:
        body = bytes([version]) + key[3:]
        yield f"a session key of version {version}", \
            packet(SESSION_KEY, body) + packet(DATA, data), "undecryptable"
    yield "a password's session key beside", password + forge.message(whole), "undecryptable"
    yield "a password's session key alone", password + packet(DATA, data), "undecryptable"
    yield "no session key", packet(DATA, data), "undecryptable"
    yield "a session key alone", key, "undecryptable"

    for version in 0, 2, 3:
        yield f"encrypted data of version {version}", \
            key + packet(DATA, bytes([version]) + data[1:]), "undecryptable"
    yield "authenticated data", key + packet(AEAD, b"\x01\x09\x02\x10" + os.urandom(600)), \
        "undecryptable"
    yield "data without a checksum, as 1998", key + packet(OLD_DATA, forge.encrypted(
        bytes(18) + whole)), "undecryptable"
    yield "a checksum that is wrong", forge.message(whole, bytes(20)), "undecryptable"
    yield "a checksum that is cut", forge.message(whole, bytes(7)), "undecryptable"
    yield "a changed octet", key + packet(DATA, data[:100] + bytes([data[100] ^ 1]) + data[101:]), \
        "undecryptable"

    yield "parts of 512 octets", key + in_parts(DATA, data, 9), "answer"
    yield "parts of 1 octet", key + in_parts(DATA, data, 0), "answer"
    yield "parts without an end", key + in_parts(DATA, data * 20, 9, False), "undecryptable"
    yield "a part of a gibibyte", key + b"\xd2\xfe" + data, "undecryptable"
    yield "a length of 4 GiB", key + b"\xd2\xff\xff\xff\xff\xff" + data, "undecryptable"
    for cut in range(1, len(data), len(data) // 5):
        yield f"whole but for what is behind {cut} octets", key + packet(DATA, data[:cut]), \
            "undecryptable"


def key_with(key, more):
    """A public key with more packets before its first subkey."""
    at = 0
    while packet_at(key, at)[0] != SUBKEY:
        at = packet_at(key, at)[2]
    return key[:at] + more + key[at:]


def keys():
    """Sentences, with octets in place of Alice's key, and what her mail must end with."""
    key = (KEYS / "alice-deltachat.pub").read_bytes()
    _, body, end = packet_at(key, 0)
    yield "as it is", key, "answer"
    yield "of 100 kB", key_with(key, packet(USER_ID, b"x" * 100000)), "no-key"
    yield "with 10,000 user IDs", key_with(key, packet(USER_ID, b"a@b.c") * 10000), "no-key"
    yield "with 1,000 user IDs", key_with(key, packet(USER_ID, b"a@b.c") * 1000), "answer"
    yield "with 12 kB of a picture", key_with(key, packet(USER_ATTRIBUTE, os.urandom(12000))), \
        "answer"
    yield "with itself behind it", key * 2, "no-key"
    yield "with a message behind it", key + literal(b"x"), "no-key"
    yield "that is cut", key[:-30], "no-key"
    yield "of its first packet", key[:end], "no-key"
    for version in 2, 3, 5, 6, 255:
        yield f"of version {version}", \
            packet(PUBLIC_KEY, bytes([version]) + body[1:]) + key[end:], "no-key"
    yield "of an unknown algorithm", \
        packet(PUBLIC_KEY, body[:5] + b"\x63" + body[6:]) + key[end:], "no-key"
    yield "of noise", os.urandom(500), "no-key"
    yield "that is secret", subprocess.run(
        ["gpg", "--dearmor"], input=(KEYS / "alice-deltachat.sec.asc").read_bytes(),
        capture_output=True, check=True).stdout, "no-key"
    with Home() as other:
        for usage in "sign", "default":
            other.gpg("--passphrase", "", "--quick-generate-key", f"{usage}@example.net",
                      "ed25519" if usage == "sign" else "future-default", usage, "never")
        yield "that only signs", other.gpg("--export", "sign@example.net"), "no-key"
        yield "of another address", other.gpg("--export", "default@example.net"), "answer"
        listing = other.gpg("--with-colons", "--list-keys", "default@example.net").decode()
        fingerprint = re.search("^fpr:+(.*):", listing, re.M)[1]
        text = (other.path / "openpgp-revocs.d" / f"{fingerprint}.rev").read_text()
        other.gpg("--import", input=text.replace(":-----BEGIN", "-----BEGIN").encode())
        yield "that is revoked", other.gpg("--export", "default@example.net"), "no-key"
