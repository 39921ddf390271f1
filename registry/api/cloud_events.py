"""Events of the log as CloudEvents 1.0, a batch in JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import request

from registry.queries.cloud_events import enveloped


def batch(items: Sequence[Mapping[str, Any]]) -> bytes:
    """The documents of events, each in the envelope of CloudEvents, in the same order."""
    source = request.host_url.rstrip("/")
    return orjson.dumps([enveloped(each, source) for each in items])
