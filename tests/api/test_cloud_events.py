"""The log as CloudEvents, followed by position."""

import re

import orjson

from tests.api.desk import LIST, SEVERED, Desk

BATCH = "application/cloudevents-batch+json"


def test_the_whole_log_can_be_followed_as_cloud_events(library: Desk) -> None:
    address: str | None = f"{LIST}?format=cloudevents&limit=200"
    seen: list[int] = []
    while address:
        page = library.get(address)
        assert page.mimetype == BATCH
        seen += [int(each["sequence"]) for each in page.json]
        following = re.search(r'<([^>]+)>; rel="next"', page.headers.get("Link", ""))
        address = following[1] if following else None
    assert seen == list(range(1, library.position() + 1))


def test_a_cloud_event_envelops_the_event_as_it_is_told(library: Desk) -> None:
    (told,) = library.get(f"{LIST}?type=relations.interrupted&limit=1").json["items"]
    after = told["position"] - 1
    found = library.get(f"{LIST}?after={after}&limit=1", Accept=BATCH)
    (one,) = orjson.loads(found.data)
    assert one == {
        "specversion": "1.0",
        "id": told["event_id"],
        "source": "http://localhost",
        "type": "registry.relations.interrupted",
        "subject": told["stream"],
        "time": told["recorded_at"],
        "sequence": f"{told['position']:016}",
        "datacontenttype": "application/json",
        "data": told,
    }


def test_what_was_recorded_after_a_position_is_alone_in_the_next_batch(desk: Desk) -> None:
    before = desk.position()
    receipt = desk.told(SEVERED)
    batch = desk.get(f"{LIST}?format=cloudevents&after={before}").json
    assert [each["id"] for each in batch] == [receipt["event_id"]]
    assert desk.get(f"{LIST}?format=cloudevents&after={before + 1}").json == []


def test_a_batch_is_documented(library: Desk) -> None:
    content = library.get("/openapi.json").json["paths"][LIST]["get"]["responses"]["200"]["content"]
    assert BATCH in content
