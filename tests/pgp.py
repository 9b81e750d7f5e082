"""OpenPGP for the tests: homes of gpg, encrypted mails, and what chatmail servers let pass."""
import base64
import contextlib
import email
import email.utils
import pathlib
import re
import shutil
import subprocess
import tempfile

from harness import TESTS, expect, expect_that

KEYS = TESTS / "openpgp/keys"
REQUESTS = TESTS / "openpgp/requests"
SERVICE = "snowflake@example.org"
SERVICE_FINGERPRINT = "F0501AD743E583CEB337F5045231C0DD39310310"


class Home:
    """A home of gpg with keys of the folder keys/."""

    def __init__(self, *keys, parent=None):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="h", dir=parent))
        for key in keys:
            self.gpg("--import", KEYS / key)
        self.rest()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.rest()
        shutil.rmtree(self.path, ignore_errors=True)

    def rest(self):
        """Ends the agent, which the program's runs don't use."""
        subprocess.run(["gpgconf", "--homedir", self.path, "--kill", "gpg-agent"], check=True)

    def run(self, *argv, input=b""):
        return subprocess.run(
            ["gpg", "--homedir", self.path, "--batch", "--no-tty", "--quiet", "--trust-model",
             "always", "--pinentry-mode", "loopback", "--ignore-valid-from",
             "--ignore-time-conflict", *argv], input=input, capture_output=True)

    def gpg(self, *argv, input=b""):
        done = self.run(*argv, input=input)
        expect_that(done.returncode == 0, done.stderr.decode())
        return done.stdout

    def encrypt(self, text, *argv, to=KEYS / "service-ed25519.pub"):
        """The text as a message in armor; `to` is the file of a key."""
        return self.gpg("--armor", "--recipient-file", to, *argv, "--encrypt",
                        input=text.encode()).decode()

    def read(self, mail, signer=SERVICE_FINGERPRINT):
        """The mail in an encrypted mail, whose signature must be that primary key's."""
        armor = email.message_from_string(mail).get_payload(1).get_payload()
        done = self.run("--status-fd", "2", "--decrypt", input=armor.encode())
        status = done.stderr.decode()
        expect_that("[GNUPG:] DECRYPTION_OKAY" in status, status)
        valid = re.search(r"VALIDSIG (\S+) ", status)
        expect("signed with", valid and valid[1], signer)
        return email.message_from_bytes(done.stdout.replace(b"\r\n", b"\n"))


def autocrypt(key, address):
    return autocrypt_of((KEYS / key).read_bytes(), address)


def autocrypt_of(key, address):
    keydata = base64.b64encode(key).decode()
    return f"Autocrypt: addr={address}; keydata=" + re.sub("(.{70})", r"\n \1", keydata) + "\n"


def pgp_mime(armor, header=""):
    return (f"{header}MIME-Version: 1.0\nContent-Type: multipart/encrypted; boundary=b;\n"
            ' protocol="application/pgp-encrypted"\n\n--b\n'
            "Content-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\n"
            f"Content-Type: application/octet-stream\n\n{armor}\n--b--\n")


def crc24(octets):
    crc = 0xB704CE
    for octet in octets:
        crc ^= octet << 16
        for _ in range(8):
            crc = crc << 1 ^ (0x1864CFB if crc & 0x800000 else 0)
    return crc & 0xFFFFFF


def dearmor(armor):
    """The octets in an armor without fields, whose checksum must be there and right."""
    found = re.fullmatch(r"-----BEGIN PGP MESSAGE-----\n\n([A-Za-z0-9+/=\n]+)\n=(.{4})\n"
                         r"-----END PGP MESSAGE-----\n*", armor)
    expect_that(found, "the armor is not as chatmail wants it")
    octets = base64.b64decode(found[1])
    expect("checksum", int.from_bytes(base64.b64decode(found[2]), "big"), crc24(octets))
    return octets


def packet_at(octets, at):
    """Tag, body and end of the packet there (RFC 9580 4.2); of partial lengths all together."""
    head, at, body = octets[at], at + 1, b""
    if not head & 0x40:
        size = 1 << (head & 3)
        length, at = int.from_bytes(octets[at:at + size], "big"), at + size
        return head >> 2 & 15, octets[at:at + length], at + length
    while 224 <= octets[at] < 255:
        length = 1 << (octets[at] & 31)
        body, at = body + octets[at + 1:at + 1 + length], at + 1 + length
    first = octets[at]
    if first < 192:
        length, at = first, at + 1
    elif first == 255:
        length, at = int.from_bytes(octets[at + 1:at + 5], "big"), at + 5
    else:
        length, at = (first - 192 << 8) + octets[at + 1] + 192, at + 2
    return head & 0x3F, body + octets[at:at + length], at + length


def packets(octets):
    """The tags of the packets, whose heads must be in the new format (RFC 9580 4.2.1)."""
    tags, at = [], 0
    while at < len(octets):
        expect_that(octets[at] & 0xC0 == 0xC0, f"packet {len(tags)} has a head in the old format")
        tag, _, at = packet_at(octets, at)
        tags.append(tag)
    expect("end of the last packet", at, len(octets))
    return tags


def expect_passes_chatmail(mail, return_path="", author=SERVICE):
    """The rules of chatmail servers for encrypted mail (deltachat/chatmail, filtermail)."""
    message = email.message_from_string(mail)
    expect("type", message.get_content_type(), "multipart/encrypted")
    parts = message.get_payload()
    expect("types of the parts", [part.get_content_type() for part in parts],
           ["application/pgp-encrypted", "application/octet-stream"])
    expect("version", parts[0].get_payload().strip(), "Version: 1")
    tags = packets(dearmor(parts[1].get_payload()))
    expect("packets", tags, [1] * max(1, len(tags) - 1) + [18])
    expect("subject", message["Subject"], "[...]")
    # The mail system signs with DKIM for the domain of From, and the return path is that address.
    expect("From", [address for _, address in email.utils.getaddresses(message.get_all("From"))],
           [author])
    expect_that(return_path in ("", author), f"the return path is {return_path}")


@contextlib.contextmanager
def service(*keys, parent=None):
    """A home with the service's keys, and the settings that name it."""
    with Home(*(keys or ["service-ed25519.sec"]), parent=parent) as home:
        yield home, f"[openpgp]\nhome = {home.path}\nkey = {SERVICE_FINGERPRINT}\n"


def processes_with(text):
    """The ids of the processes that have the text in their arguments."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(text).encode() in path.read_bytes():
                found.append(path.parent.name)
    return found
