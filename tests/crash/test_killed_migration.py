"""A migration of a register full of events that is killed, and run again."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from alembic import command

from registry.projections.rebuild import compare
from registry.store.engine import connect, reading
from registry.store.schema import configuration, is_current
from registry.store.verify import verify
from tests.api.conftest import Seeded, seeded
from tests.conftest import ENGINES

__all__ = ["seeded"]

KILLS = int(os.environ.get("CRASHES", "3"))
BEFORE = "2026_11_25_people"
"""The last revision before events were entered under their words and their tree was kept."""


def migrating(url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "registry", "migrate"],
        env={**os.environ, "REGISTRY_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("on", ENGINES)
def test_a_killed_migration_is_run_again_and_loses_nothing(seeded: Seeded, on: str) -> None:
    chance = random.Random(on)
    with seeded.copy(on) as url:
        engine = connect(url)
        config = configuration()
        with engine.begin() as conn:
            config.attributes["connection"] = conn
            command.downgrade(config, BEFORE)
        assert not is_current(engine)
        engine.dispose()
        killed = 0
        for _ in range(20 * KILLS):
            step = migrating(url)
            time.sleep(chance.uniform(0.4, 0.9))
            killed += step.poll() is None
            step.send_signal(signal.SIGKILL)
            step.communicate()
            if killed >= KILLS or is_current(engine):
                break
        assert killed
        last = migrating(url)
        _, said = last.communicate(timeout=120)
        assert last.returncode == 0, said
        assert is_current(engine)
        with reading(engine) as conn:
            found = verify(conn)
        assert found.sound, found
        assert found.positions > 1_000
        assert not compare(engine).total
        engine.dispose()
