"""A throwaway authority, certificates that it signed, and TLS in front of the broker."""
import contextlib
import functools
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading

scratch = tempfile.TemporaryDirectory()
KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
CONF = """[ca]
default_ca = authority
[authority]
database = index
new_certs_dir = .
rand_serial = yes
unique_subject = no
default_md = sha256
policy = names
[names]
commonName = supplied
"""


@functools.cache
def certificates():
    """A directory with ca.pem, with localhost.pem and expired.pem, which it signed for the name
    localhost, and with self.pem, which signed itself for that name."""
    directory = pathlib.Path(scratch.name)

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)
    (directory / "extensions").write_text("subjectAltName=DNS:localhost\n")
    openssl("req", "-x509", *KEY, "-days", "2", "-subj", "/CN=test authority",
            "-keyout", "ca.key", "-out", "ca.pem")
    (directory / "index").touch()
    (directory / "conf").write_text(CONF)
    for name, dates in (("localhost", ["-days", "2"]),
                        ("expired", ["-startdate", "200101000000Z", "-enddate", "200102000000Z"])):
        openssl("req", *KEY, "-subj", "/CN=localhost", "-keyout", f"{name}.key", "-out", "request")
        openssl("ca", "-config", "conf", "-batch", "-notext", "-cert", "ca.pem",
                "-keyfile", "ca.key", *dates, "-extfile", "extensions", "-in", "request",
                "-out", f"{name}.pem")
    openssl("req", "-x509", *KEY, "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost", "-keyout", "self.key", "-out", "self.pem")
    # A chain of three: the authority signs another one, which signs the server's certificate. And
    # the same authority, with its old key, when its time is over.
    (directory / "authority").write_text("basicConstraints=critical,CA:TRUE\n")
    openssl("req", *KEY, "-subj", "/CN=middle", "-keyout", "middle.key", "-out", "request")
    openssl("x509", "-req", "-in", "request", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2",
            "-extfile", "authority", "-out", "middle.pem")
    openssl("req", *KEY, "-subj", "/CN=localhost", "-keyout", "chain.key", "-out", "request")
    openssl("x509", "-req", "-in", "request", "-CA", "middle.pem", "-CAkey", "middle.key",
            "-days", "2", "-extfile", "extensions", "-out", "chain.pem")
    with (directory / "chain.pem").open("a") as chain:
        chain.write((directory / "middle.pem").read_text())
    openssl("req", "-new", "-key", "ca.key", "-subj", "/CN=test authority", "-out", "request")
    openssl("ca", "-config", "conf", "-batch", "-notext", "-selfsign", "-keyfile", "ca.key",
            "-startdate", "200101000000Z", "-enddate", "200102000000Z", "-extfile", "authority",
            "-in", "request", "-out", "old-ca.pem")
    return directory


@functools.cache
def directory_of(certificate, hashed=True):
    """A directory with that certificate, as openssl-rehash(1) makes it."""
    directory = certificates() / f"{certificate}-{hashed}"
    directory.mkdir()
    shutil.copy(certificates() / f"{certificate}.pem", directory)
    if hashed:
        subprocess.run(["openssl", "rehash", directory], check=True)
    return directory


class Forwarder:
    """Takes TLS connections on a port of 127.0.0.1, and sends on to a broker what they hold.

    `instead` is called with the connection, where there is to be no TLS.
    """

    def __init__(self, broker, certificate="localhost", instead=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates() / f"{certificate}.pem",
                                certificates() / f"{certificate}.key")
        context.set_alpn_protocols(["h2", "http/1.1"])  # the broker can't speak h2
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.address, self.instead = broker.server.server_address, instead
        threading.Thread(target=self.forward, args=(listener, context), daemon=True).start()

    def forward(self, listener, context):
        """Each connection goes on to the broker; one at a time will do."""
        while True:
            with contextlib.suppress(OSError):
                raw, _ = listener.accept()
                if self.instead:
                    with raw:
                        self.instead(raw)
                    continue
                with (context.wrap_socket(raw, server_side=True) as client,
                      socket.create_connection(self.address) as broker):
                    client.settimeout(5)

                    def back():
                        with contextlib.suppress(OSError):
                            while data := broker.recv(65536):
                                client.sendall(data)
                    threading.Thread(target=back, daemon=True).start()
                    while data := client.recv(65536):
                        broker.sendall(data)
