"""An answer that held what was erased since is gone, and names the erasure."""

from sqlalchemy import text

from registry.app import create_app
from registry.record import clock
from registry.settings import Settings
from registry.store import log
from registry.store.engine import writing
from tests.api.desk import Desk
from tests.store.given import draft

RELATIONS = "/api/v1/relations/BOL/USA?as_of=2009-06-01&known_at=@{}"


def test_a_pinned_answer_that_held_erased_content_is_gone_and_names_the_erasure(desk: Desk) -> None:
    expelled = desk.get("/api/v1/events?type=conduct.declared_persona_non_grata&limit=1")
    one = expelled.get_json()["items"][0]
    pinned = f"/api/v1/events/{one['event_id']}?as_of=2009-06-01&known_at=@{one['moment']}"
    assert desk.get(pinned).status_code == 200
    on_request = draft("on request", type="event.erased", target=one["event_id"], tags=frozenset())
    with writing(desk.engine) as conn:
        (erasure,) = log.append(conn, log.lock(conn, 1, clock()), [on_request], "keeper")
    with writing(desk.engine) as conn:
        conn.execute(
            text("DELETE FROM event_payload WHERE position = :at"), {"at": one["position"]}
        )
    again = create_app(Settings(desk.engine.url.render_as_string(hide_password=False)))
    for address in (pinned, pinned.removeprefix("/api/v1"), RELATIONS.format(one["moment"])):
        gone = again.test_client().get(address)
        assert gone.status_code == 410
        assert erasure.event_id in gone.text
        assert "immutable" not in gone.headers.get("Cache-Control", "")
    again.extensions["registry"].dispose()
