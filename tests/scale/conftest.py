"""One register on a primary, with two copies that stream from it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from registry.app import create_app
from registry.settings import Settings
from registry.store.schema import migrate
from tests.api.desk import Desk
from tests.conftest import Databases
from tests.in_memory import folder_of_the_run
from tests.scale import cluster
from tests.scale.cluster import Cluster, Server
from tests.store.given import opened, recorded_background


@pytest.fixture(scope="session")
def template(databases: Databases) -> Iterator[Server]:
    """A server with the background on record, ended in order."""
    of = databases._server
    with folder_of_the_run("scale-") as folder:
        if of.system_user is not None:
            shutil.chown(folder, of.system_user)
        made = cluster.made(of.bin_path, of.system_user, folder)
        made.start()
        made.sql("CREATE DATABASE registry", "postgres")
        migrate(made.url)
        with opened(made.url) as engine:
            recorded_background(engine)
        made.end()
        yield made


@pytest.fixture
def streaming(template: Server) -> Iterator[Cluster]:
    """A primary and two copies, of this test alone."""
    with cluster.running(template, template.data.parent, copies=2) as servers:
        yield servers


Serve = Callable[..., Desk]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """`serve(primary, *copies)`: an application over them."""
    with ExitStack() as stack:

        def served(primary: Server, *copies: Server, lag: float = 2.0, wait: float = 0.25) -> Desk:
            settings = Settings(
                primary.url,
                tuple(each.url for each in copies),
                replica_lag_seconds=lag,
                replica_wait_seconds=wait,
                lock_timeout_seconds=5,
            )
            app = create_app(settings)
            app.testing = True
            desk = Desk(app, app.extensions["registry"])
            stack.callback(desk.engine.dispose)
            stack.callback(app.extensions["registry-replicas"].stop)
            return desk

        yield served
