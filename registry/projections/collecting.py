"""Look for garbage seldom while very many rows are alive."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """So many rows live as long as a chunk that looking for garbage among them is a tenth of all.

    What is there already is not looked at again until the end.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
