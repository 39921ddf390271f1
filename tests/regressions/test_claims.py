"""Claims and conduct between two parties are told as they stand."""

import pytest

from tests.api.desk import LIST, Desk
from tests.regressions.asking import asked


@pytest.mark.parametrize(
    ("said", "moved", "where"),
    [
        (
            {"type": "conduct.statement_made", "by": "BOL", "content": "x", "concerning": ["NPL"]},
            {"concerning": ["FIN"]},
            "claims",
        ),
        (
            {"type": "conduct.visited", "visitor": {"party": "BOL"}, "host": "NPL"},
            {"host": "FIN"},
            "conduct",
        ),
    ],
)
def test_what_an_amendment_moved_is_told_where_it_belongs_now(
    embedded: Desk, said: dict[str, object], moved: dict[str, object], where: str
) -> None:
    said = said | {"occurred": "2000-01-01"}
    event_id = embedded.told(said)["event_id"]
    amendment = embedded.post(
        f"{LIST}/{event_id}/amendment", {"reason": "the wrong one", "event": said | moved}
    ).json
    assert asked(embedded, "relations/BOL/NPL")[where] == []
    assert len(asked(embedded, "relations/BOL/FIN")[where]) == 1
    embedded.post(f"{LIST}/{amendment['event_id']}/retraction", {"reason": "it was right"})
    assert len(asked(embedded, "relations/BOL/NPL")[where]) == 1
    assert asked(embedded, "relations/BOL/FIN")[where] == []
