"""The class in which a head of mission returns is that of whoever may have been there last."""

from tests.api.desk import Desk
from tests.regressions.asking import happened, held, layer

MISSION = {"sender": "BOL", "receiver": "NPL"}
"""Nothing is recorded of it in the seeds."""


def _credentials(desk: Desk, title: str, occurred: str, confidence: str = "reported") -> None:
    happened(
        desk,
        "head_of_mission.credentials_presented",
        **MISSION,
        class_=title,
        occurred=occurred,
        confidence=confidence,
    )


def test_credentials_that_may_have_come_after_the_return_leave_the_class_before_open(
    embedded: Desk,
) -> None:
    _credentials(embedded, "ambassador", "2000-01-01")
    _credentials(embedded, "envoy", "[2010..2012]")
    happened(embedded, "head_of_mission.returned", **MISSION, occurred="2011-05-01")
    answer = layer(embedded, "BOL/NPL", "head_of_mission", "2011-06-01")
    assert held(answer) == (["envoy", "ambassador"], False)


def test_so_do_credentials_that_are_denied(embedded: Desk) -> None:
    _credentials(embedded, "ambassador", "2000-01-01")
    _credentials(embedded, "envoy", "2005-01-01", "disputed")
    happened(embedded, "head_of_mission.returned", **MISSION, occurred="2011-05-01")
    answer = layer(embedded, "BOL/NPL", "head_of_mission", "2011-06-01", confidence="alleged")
    assert held(answer) == (["envoy", "ambassador"], False)


def test_credentials_certainly_presented_since_settle_it(embedded: Desk) -> None:
    _credentials(embedded, "ambassador", "2000-01-01")
    _credentials(embedded, "envoy", "2005-01-01")
    happened(embedded, "head_of_mission.returned", **MISSION, occurred="2011-05-01")
    assert held(layer(embedded, "BOL/NPL", "head_of_mission", "2011-06-01")) == (["envoy"], True)
