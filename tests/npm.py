"""Programs from npm, each of one version that a hash names."""
import base64
import hashlib
import shutil
import subprocess
import tarfile

from harness import TREE, expect


def place(package, version):
    """The directory of the package, once fetch() has been there."""
    return TREE / "build/npm" / f"{package.replace('/', '-')}-{version}" / "package"


def fetch(package, version, sha512, *members):
    """Fetches these files of the package, unless they are there, and gives its directory.

    A text in its place says why it can't be had.
    """
    package_directory = place(package, version)
    if package_directory.exists():
        return package_directory
    directory = package_directory.parent
    npm = shutil.which("npm")
    if not npm:
        return "needs npm"
    directory.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([npm, "pack", "--silent", f"{package}@{version}"], cwd=directory.parent,
                          capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        return "npm can't fetch it"
    archive = directory.parent / done.stdout.split()[-1]
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    expect("integrity", digest, sha512)
    unpacked = directory.with_name(f"{directory.name}.new")
    shutil.rmtree(unpacked, ignore_errors=True)
    with tarfile.open(archive) as tar:
        for member in members:
            tar.extract(f"package/{member}", unpacked)
    archive.unlink()
    unpacked.rename(directory)
    return package_directory
