"""Hosts of their own inside a throwaway root (tests/root), on one network with the test.

The network is 192.0.2.0/24 (RFC 5737), and the test is 192.0.2.1 there. Nothing gets out of it.
"""
import os
import pathlib
import signal
import subprocess

import mta
from harness import expect_that, wait_until
from mta import run

GATEWAY = "192.0.2.1"
QUERIES = pathlib.Path("/var/log/dnsmasq.log")  # which names were asked for
name_servers = []

# The files are the root's; what the host changes in /etc and /var is its own and ends with it.
START = """
hostname "$1"
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /media
for directory in etc var; do
    mkdir -p /media/$directory/upper /media/$directory/work
    mount -t overlay -o "lowerdir=/$directory,upperdir=/media/$directory/upper,\
workdir=/media/$directory/work" overlay /$directory
done
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -m 1777 /run/lock
touch /run/is-up
shift
exec "$@"
"""


def quick_rspamd():
    """Spares its first start the compilation of some thousand regular expressions."""
    mta.write("/etc/rspamd/local.d/options.inc", "disable_hyperscan = true;\n")


def make_network(*records):
    run("ip", "link", "add", "hosts", "type", "bridge")
    run("ip", "address", "add", f"{GATEWAY}/24", "dev", "hosts")
    run("ip", "link", "set", "hosts", "up")
    mta.write("/etc/resolv.conf", f"nameserver {GATEWAY}\n")
    answer_names(*records)


def answer_names(*records):
    """The test is the network's name server, which knows those records and no others.

    A record is an option of dnsmasq, such as "--host-record=example.org,192.0.2.7".
    """
    while name_servers:
        server = name_servers.pop()
        server.kill()
        server.wait()
    QUERIES.unlink(missing_ok=True)
    # What isn't there is known at once.
    server = subprocess.Popen(
        ["dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
         f"--listen-address={GATEWAY}", "--bind-interfaces",
         "--address=/#/", "--log-queries", f"--log-facility={QUERIES}", *records],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    name_servers.append(server)
    wait_until(lambda: QUERIES.exists() and "started" in QUERIES.read_text(),
               "the name server does not start")


class Host:
    """A host that runs a command as its first process. When that ends, all of the host is gone.

    `output` is what the command's standard output and error go to.
    """

    count = 0

    def __init__(self, name, address, *command, environment=None, output=subprocess.DEVNULL):
        self.name, self.address = name, address
        # A name of its own: the kernel removes that of a host before after a while.
        Host.count += 1
        link = f"to{Host.count}"
        run("ip", "netns", "add", name)
        run("ip", "link", "add", link, "type", "veth", "peer", "name", "net0", "netns", name)
        run("ip", "link", "set", link, "master", "hosts", "up")
        for arguments in (("link", "set", "lo", "up"), ("link", "set", "net0", "up"),
                          ("address", "add", f"{address}/24", "dev", "net0"),
                          ("route", "add", "default", "via", GATEWAY)):
            run("ip", "-n", name, *arguments)
        self.process = subprocess.Popen(
            ["nsenter", f"--net=/run/netns/{name}", "unshare", "--mount", "--propagation",
             "private", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "sh", "-ec", START,
             "sh", name, *command], stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, env=environment)
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        self.first = int(wait_until(lambda: children.read_text().strip(), f"{name} doesn't start"))
        self.root = pathlib.Path(f"/proc/{self.first}/root")
        wait_until((self.root / "run/is-up").exists, f"{name} doesn't start")

    def command(self, *command):
        """What runs that there."""
        return ["nsenter", "--target", str(self.first), "--mount", "--uts", "--ipc", "--net",
                "--pid", "--root", "--wd", "--", *command]

    def run(self, *command):
        return run(*self.command(*command))

    def follow(self, heading, which=lambda text: True):
        mta.follow(heading, which=which, run=self.run, root=self.root)

    def kill(self):
        """As when its power fails."""
        os.kill(self.first, signal.SIGKILL)
        self.process.wait(20)
