"""Recognition of a state, or of its government, by another."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.domain.catalogue import Event, stored
from registry.domain.events.relations import pair_stream
from registry.domain.fields import Kind, told
from registry.domain.sets import Sets


def _as_state(value: str) -> tuple[Sets, ...]:
    """The same value in the layer of the state or, where `of` says so, of its government."""
    return (
        Sets("recognition_state", lambda e: _degree(e, value) if e.of == "state" else None),
        Sets("recognition_government", lambda e: _degree(e, value) if e.of != "state" else None),
    )


def _degree(event: "_Recognition", value: str) -> str:
    if value != "granted":
        return value
    return "de_facto" if getattr(event, "de_jure", None) is False else "de_jure"


@dataclass(frozen=True, kw_only=True)
class _Recognition(Event):
    from_: str = told(Kind.PARTY, "Who recognises.", required=True)
    to: str = told(Kind.PARTY, "Who is recognised.", required=True)
    of: str = told(
        Kind.TEXT, "`state`, or which government: its name or its head.", default="state"
    )

    @property
    def stream(self) -> str:
        return pair_stream(self.from_, self.to)

    def objections(self) -> Iterator[tuple[str, str]]:
        if self.from_ == self.to:
            yield "to", "expected another party than in `from`"


@stored("recognition.granted", basis="custom", cameo=("054",))
class Granted(_Recognition):
    """The one recognises the other."""

    de_jure: bool | None = told(Kind.YES_NO, "De jure (also where not stated), or de facto only.")
    SETS = _as_state("granted")


@stored("recognition.refused", basis="custom")
class Refused(_Recognition):
    """The one refuses to recognise the other."""

    SETS = _as_state("refused")


@stored("recognition.withdrawn", basis="custom")
class Withdrawn(_Recognition):
    """The one withdraws its recognition."""

    SETS = _as_state("withdrawn")
