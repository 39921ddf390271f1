"""Events of the log as CloudEvents 1.0 in JSON, for whoever follows the log by position."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import request


def batch(items: Sequence[Mapping[str, Any]]) -> bytes:
    """The documents of events, each in the envelope of CloudEvents, in the same order."""
    source = request.host_url.rstrip("/")
    return orjson.dumps([_enveloped(each, source) for each in items])


def one(document: Mapping[str, Any], source: str) -> bytes:
    return orjson.dumps(_enveloped(document, source))


def _enveloped(document: Mapping[str, Any], source: str) -> dict[str, Any]:
    """`sequence` is the position, padded: the extension of that name is compared as text.

    Of an event whose content was erased there is no data.
    """
    envelope = {
        "specversion": "1.0",
        "id": document["event_id"],
        "source": source,
        "type": f"registry.{document['type']}",
        "subject": document["stream"],
        "time": document["recorded_at"],
        "sequence": f"{document['position']:016}",
    }
    if "erased" in document:
        return envelope
    return envelope | {"datacontenttype": "application/json", "data": document}
