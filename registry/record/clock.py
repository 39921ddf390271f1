"""The only clock, and ids that sort by it."""

import os
import time
from collections.abc import Callable

Clock = Callable[[], int]


def clock() -> int:
    """Now, in microseconds since 1970, UTC."""
    return time.time_ns() // 1_000


def new_event_id() -> str:
    """A UUID of version 7 (RFC 9562): ids made later sort later."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = milliseconds << 80 | 7 << 76 | (random >> 68 & 0xFFF) << 64
    value |= 2 << 62 | random & ((1 << 62) - 1)
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
