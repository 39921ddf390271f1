"""The ladder on which the United States ranks its missions, read off two layers.

The highest office that stands in a country names its rung: a mission if there is one
(`representation`), else a consular post (`consular_post`), else nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from registry.domain.layers import LAYERS, NOT_APPLICABLE
from registry.queries.answers import answers
from registry.queries.view import View

NONE: Final = "None"
UNKNOWN: Final = "unknown"

MISSIONS: Final[Mapping[str, str]] = {
    "embassy": "Embassy",
    "ambassador_nonresident": "Ambassador Nonresident",
    "legation": "Legation",
    "envoy_nonresident": "Envoy Nonresident",
    "liaison_office": "Liaison",
    "representative_office": "Liaison",  # the ladder has no other rung for an office of no rank
    "interests_section": "Interests",
}
POSTS: Final[Mapping[str, str]] = {
    "consulate": "Consulate",
    "consul_nonresident": "Consul Nonresident",
}
STATUSES: Final = (*dict.fromkeys((*MISSIONS.values(), *POSTS.values())), NONE)


@dataclass(frozen=True, slots=True)
class Rung:
    """`possible`: statuses, or `unknown`, or `not_applicable`; `certain`: there is just one."""

    possible: tuple[str, ...]
    certain: bool

    @property
    def status(self) -> str | None:
        return self.possible[0] if len(self.possible) == 1 else None


def mission_status(view: View, sender: str, receiver: str) -> Rung:
    """How the sender was represented in the receiving state, as one status of the ladder."""
    subjects = [
        (layer, LAYERS[layer].key(sender, receiver))
        for layer in ("representation", "consular_post")
    ]
    found = answers(view, subjects)
    return rung(*(found[each] for each in subjects))


def rung(representation: Mapping[str, Any], consular_post: Mapping[str, Any]) -> Rung:
    """The status that two answers come to. A mission outranks every post, whichever there are."""
    missions = [MISSIONS.get(each, each) for each in representation["possible"] if each != "none"]
    certain = bool(representation["certain"])
    possible = set(missions)
    if "none" in representation["possible"]:
        possible |= {
            NONE if each == "none" else POSTS.get(each, each) for each in consular_post["possible"]
        }
        certain = certain and bool(consular_post["certain"])
    order = (*STATUSES, NOT_APPLICABLE, UNKNOWN)
    ranked = tuple(each for each in order if each in possible)
    return Rung(ranked, certain and len(ranked) == 1 and ranked != (UNKNOWN,))


def layers_of(status: str) -> tuple[tuple[str, str], ...]:
    """What a status says of the two layers; KeyError for one that is not of the ladder.

    That there is a mission says nothing about consular posts beside it.
    """
    if status == NONE:
        return ("representation", "none"), ("consular_post", "none")
    for value, name in MISSIONS.items():
        if name == status:
            return (("representation", value),)
    value = {name: value for value, name in POSTS.items()}[status]
    return ("representation", "none"), ("consular_post", value)
