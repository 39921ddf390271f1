"""All that the rows of one treaty and state tell together, whatever their order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.domain import dates
from registry.ingest.files import Row
from registry.ingest.profile import Reading
from registry.ingest.profiles.ggo.cells import FIELDS, NEVER, PARTIES, dated

Pair = tuple[str, str]


@dataclass
class Told:
    """All that the rows of one treaty and state say: what one act is told by several of them."""

    values: dict[str, dict[str, dates.Edtf]] = field(default_factory=dict)
    quotes: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    notes: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def rival(self, column: str, verbatim: str) -> str | None:
        """The value told before that is another claim about the same act.

        Two acts, not two claims, if between them participation ended (or, of ends, began).
        """
        told = self.values[column]
        mine = told[verbatim].earliest
        parting = self.values.get("StateForce" if column == "StateEnd" else "StateEnd", {})
        for other, when in told.items():
            if other == verbatim:
                return None
            lo, hi = sorted((mine, when.earliest))
            if not any(lo <= each.earliest < hi for each in parting.values()):
                return other
        return None


def survey(reading: Reading, entered: Mapping[str, tuple[Row, str]]) -> Mapping[Pair, Told]:
    """What is told of each pair, so that neither the order of rows nor a doubled row matters."""
    pairs: dict[Pair, Told] = {}
    for row in reading.rows(PARTIES.name):
        told = pairs.setdefault((row["treatyID"], row["stateID"]), Told())
        acts = acts_of(row, entered)
        for column in acts:
            at = (column, row[column])
            when = dated(row[column])
            if isinstance(when, dates.Edtf):
                told.values.setdefault(column, {}).setdefault(row[column], when)
            told.quotes.setdefault(at, set())
            told.notes.setdefault(at, set())
            if row["Comments"]:
                told.notes[at].add(row["Comments"])
        if acts:
            told.quotes[acts[-1], row[acts[-1]]] |= {
                f"{each}: {row[each]}" for each in FIELDS if row[each] == NEVER
            }
    return pairs


def acts_of(row: Row, entered: Mapping[str, tuple[Row, str]]) -> list[str]:
    """The columns of the row that tell an act of this party."""
    return [
        each
        for each in FIELDS
        if row[each]
        and row[each] != NEVER
        and not isinstance(dated(row[each]), str)
        and not (each == "StateEnd" and is_the_agreements(row, entered))
    ]


def is_the_agreements(row: Row, entered: Mapping[str, tuple[Row, str]]) -> bool:
    """Whether the row only repeats the end of the agreement as a whole."""
    known = entered.get(row["treatyID"])
    return known is not None and row["StateEnd"] == row["End"] == known[0]["End"]
