"""Short ways to record a few facts and to ask about them."""

from typing import Any

from tests.api.desk import Desk

SLUG = "a-test-convention"


def agreement(desk: Desk, slug: str = SLUG, **said: Any) -> str:
    happened(desk, "agreement.recorded", agreement=slug, title="A test convention", **said)
    return slug


def happened(desk: Desk, type_: str, /, **said: Any) -> str:
    """Record one event; `from_` is the field `from`, and so on. Its id."""
    fields = {field.removesuffix("_"): value for field, value in said.items()}
    return str(desk.told({"type": type_, **fields})["event_id"])


def asked(desk: Desk, path: str) -> dict[str, Any]:
    response = desk.get(f"/api/v1/{path}")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json
    return found


def participant(desk: Desk, party: str, as_of: str, **more: str) -> dict[str, Any]:
    """The row of the party in the list of those of the test convention."""
    query = "".join(f"&{name}={value}" for name, value in more.items())
    items = asked(desk, f"agreements/{SLUG}/parties?as_of={as_of}{query}")["items"]
    (row,) = [each for each in items if each["party"]["id"] == party]
    return dict(row)


def force(desk: Desk, as_of: str, **more: str) -> dict[str, Any]:
    """The answer of the layer force of the test convention."""
    query = "".join(f"&{name}={value}" for name, value in more.items())
    layers = asked(desk, f"agreements/{SLUG}?as_of={as_of}{query}")["layers"]
    return dict(next(each for each in layers if each["layer"] == "force"))


def layer(desk: Desk, pair: str, name: str, as_of: str, **more: str) -> dict[str, Any]:
    """The first answer of this layer between two parties, as in `BOL/IRN`."""
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return dict(asked(desk, f"relations/{pair}?layer={name}&as_of={as_of}{query}")["layers"][0])


def held(answer: dict[str, Any]) -> tuple[list[str], bool]:
    """What was possible, and whether it was certain."""
    return answer["possible"], answer["certain"]
