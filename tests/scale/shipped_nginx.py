"""The nginx that ships with the register, started on loopback in front of services of a test."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.scale.cluster import free_port

TEMPLATE: Final = Path(__file__).parents[2] / "docker/nginx/registry.conf.template"
NGINX: Final = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
_AROUND: Final = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 128; }}
http {{
    access_log off;
    {temporary}
    include {folder}/registry.conf;
}}
"""
"""What the nginx image brings."""


def binary() -> str:
    if NGINX is None:
        if os.environ.get("REQUIRE_NGINX") == "1":
            pytest.fail("REQUIRE_NGINX=1, and there is no nginx")
        pytest.skip("there is no nginx: `apt-get install nginx-light`")
    return NGINX


@contextmanager
def in_front_of(ports: Sequence[int], folder: Path) -> Iterator[int]:
    """The port of a cache before the services at these ports."""
    nginx, port = binary(), free_port()
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    around = _AROUND.format(
        user="user root;" if os.geteuid() == 0 else "",
        folder=folder,
        temporary=" ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds),
    )
    (folder / "nginx.conf").write_text(around)
    (folder / "registry.conf").write_text(filled(port, ports, folder / "kept"))
    process = subprocess.Popen(
        [nginx, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"],
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port, folder)
        yield port
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(20)


def filled(port: int, ports: Sequence[int], kept: Path) -> str:
    """The template as the image fills it in."""
    text = TEMPLATE.read_text()
    said = {
        "REGISTRY_LISTEN": f"127.0.0.1:{port}",
        "REGISTRY_SERVERS": " ".join(f"server 127.0.0.1:{each};" for each in ports),
        "REGISTRY_CACHE": str(kept),
    }
    for name, value in said.items():
        text = text.replace(f"${{{name}}}", value)
    return text


def _wait(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, (folder / "error.log").read_text()
            time.sleep(0.025)
        else:
            return
    raise AssertionError((folder / "error.log").read_text())
