"""An event of the log in the envelope of CloudEvents 1.0, for whoever follows the log by position."""

from collections.abc import Mapping
from typing import Any


def enveloped(document: Mapping[str, Any], source: str) -> dict[str, Any]:
    """`source`: the address of the register. `sequence` is the position, padded: the extension of
    that name is compared as text. Of an event whose content was erased there is no data.
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
    if document["standing"]["state"] == "erased":
        return envelope
    return envelope | {"datacontenttype": "application/json", "data": document}
