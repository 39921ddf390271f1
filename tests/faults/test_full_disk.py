"""A disk that is really full: what cannot be written is refused, and goes on once there is room."""

import shutil
import signal
import time
from typing import Final

import psycopg

from tests.api.test_serve import served
from tests.faults.clients import BATCH, PARTY, Client, nothing_is_wrong
from tests.faults.conftest import PutOn
from tests.faults.disk import Disk, mounted
from tests.scale import cluster
from tests.scale.cluster import Server
from tests.store.given import BACKGROUND

_LITTLE_LOG: Final = ("wal_keep_size = 0", "min_wal_size = '32MB'", "max_wal_size = '48MB'")


def test_a_full_disk_under_sqlite(put_on: PutOn) -> None:
    with mounted(megabytes=12) as disk, served(put_on(disk), heard=False) as service:
        client = Client.of(service)
        taken = _refused_while_it_is_full(disk, client)
        disk.make_room()
        assert client.record(f"batch-{taken}", BATCH).status == 201
        assert client.get(PARTY).status == 200
        nothing_is_wrong(service, len(BACKGROUND) + len(BATCH) * (taken + 1))


def test_a_full_disk_under_postgresql(template: Server) -> None:
    """First no table grows any more; then PostgreSQL gives up, for want of room for its own log, and
    is started again once there is room. The service is left alone.
    """
    with mounted(megabytes=128) as disk:
        if template.user is not None:
            shutil.chown(disk.folder, template.user)
        with cluster.running(template, disk.folder, copies=0) as servers:
            server = servers.primary
            for setting in _LITTLE_LOG:
                server.sql(f"ALTER SYSTEM SET {setting}")
            server.sql("SELECT pg_reload_conf()")
            with served(server.url, heard=False) as service:
                client = Client.of(service)
                taken = _refused_while_it_is_full(disk, client)
                _fill_its_log(disk, server)
                for path in (PARTY, "/readyz"):
                    assert client.get(path).is_a_clear_503
                assert client.record(f"batch-{taken}", BATCH).is_a_clear_503
                disk.make_room()
                server.end(signal.SIGQUIT)  # by itself it ends, or seldom stays as it is
                server.start()
                answer = client.record_soon(f"batch-{taken}", BATCH)
                assert answer.status == 201
                assert client.get(PARTY).status == 200
                nothing_is_wrong(service, len(BACKGROUND) + len(BATCH) * (taken + 1))


def _refused_while_it_is_full(disk: Disk, client: Client) -> int:
    """How many batches were taken before the first that did not fit."""
    taken = 0
    disk.fill()
    while (answer := client.record(f"batch-{taken}", BATCH)).status == 201:
        taken += 1
        assert taken < 100
        disk.fill()
    for _ in range(3):
        assert answer.is_a_clear_503, answer
        assert "takes nothing in" in answer.body["detail"]
        assert client.get(PARTY).status == 200
        answer = client.record(f"batch-{taken}", BATCH)
    return taken


def _fill_its_log(disk: Disk, server: Server) -> None:
    """Until nobody is let in any more, and not only for the moment of a recovery."""
    refused = 0
    for _ in range(600):
        disk.fill()
        try:
            server.sql("SELECT pg_switch_wal()")
            server.sql("CREATE TABLE more (n int)")
            refused = 0
        except psycopg.errors.DiskFull:
            refused = 0
        except psycopg.OperationalError:
            refused += 1
            if refused == 20:
                return
        time.sleep(0.02)
    raise AssertionError("it never wanted for room")
