"""The receiver that the docs show takes what it is told, and nothing of others."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.scale.cluster import free_port
from tests.webhooks.conftest import Publisher, added, head

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")


@pytest.fixture
def shown() -> str:
    found = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def test_the_receiver_of_the_docs_takes_what_is_told(
    engine: Engine, publisher: Publisher, shown: str
) -> None:
    port = free_port()
    assert len([line for line in shown.splitlines() if line.strip()]) <= 15
    _, secret = added(engine, f"http://127.0.0.1:{port}/")
    process = subprocess.Popen(
        [sys.executable, "-c", shown.replace("8100", str(port))],
        env={"PATH": os.environ["PATH"], "WEBHOOK_SECRET": secret},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        _wait_for(port)
        conn = http.client.HTTPConnection("127.0.0.1", port)
        headers = {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
        conn.request("POST", "/", b"{}", headers)
        assert conn.getresponse().status == 401
        publisher.once()
    finally:
        process.terminate()
        lines = process.communicate(timeout=30)[0].splitlines()
    assert lines[0] == "1 is not from the register"
    assert len(lines) == 1 + head(engine)
    assert all('"specversion":"1.0"' in line for line in lines[1:])
    assert not any("not from" in line for line in lines[1:])
    assert len(publisher.said) == 1


def _wait_for(port: int) -> None:
    for _ in range(400):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.025)
        else:
            return
    raise AssertionError("it never listened")
