"""The agreements of two parties: a page of them as a table, and when they bound both as timelines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.domain.dates import MAX_DAY, Day, parse
from registry.queries import agreements as of_agreements
from registry.queries.bound_over_time import bound_over_time
from registry.queries.view import View
from registry.web.languages import gettext as _
from registry.web.timeline import Bar, Line

ROWS: Final = 40
LINES: Final = 6


@dataclass(frozen=True)
class OfTwo:
    """`items`: as the API has them, from number `start` on of `count`. `drawn`: the documents of
    those that are drawn as lines. What the two negotiated comes first.
    """

    items: Sequence[Mapping[str, Any]]
    drawn: Sequence[Mapping[str, Any]]
    start: int
    count: int

    @property
    def before(self) -> int | None:
        return max(self.start - ROWS, 0) if self.start else None

    @property
    def after(self) -> int | None:
        return self.start + ROWS if self.start + ROWS < self.count else None


def of_two(view: View, first: str, second: str, start: int) -> OfTwo:
    taken, negotiated = of_agreements.shared_slugs(view, first, second)
    ranked = [*sorted(negotiated), *sorted(taken - negotiated)]
    page, drawn = ranked[start : start + ROWS], ranked[:LINES]
    docs = view.directory.docs("agreement", {*page, *drawn})
    items = of_agreements.between_by(
        view, first, second, [docs[each] for each in page if each in docs]
    )
    return OfTwo(items, [docs[each] for each in drawn if each in docs], start, len(ranked))


def lines_of(
    view: View,
    parties: tuple[str, str],
    docs: Sequence[Mapping[str, Any]],
    titles: Mapping[str, str],
    suspended: Mapping[str, Sequence[Mapping[str, Any]]],
) -> list[Line]:
    """When each of these bound both; those that never did have no line.

    `suspended`: by agreement, the runs of days of its suspension between the two.
    """
    return [
        Line(_("In force between the two: %(title)s", title=titles[doc["id"]]), tuple(bars))
        for doc in docs
        if (bars := list(_bars(view, parties, doc, suspended.get(doc["id"], ()))))
    ]


def _bars(
    view: View,
    parties: tuple[str, str],
    doc: Mapping[str, Any],
    suspended: Iterable[Mapping[str, Any]],
) -> Iterable[Bar]:
    counts = bound_over_time(view, doc, parties)
    ends = [*(each.day for each in counts[1:]), MAX_DAY + 1][: len(counts)]
    begun = False
    for count, end in zip(counts, ends, strict=True):
        begun = begun or count.possible == 2
        if begun and count.possible < 2:
            yield Bar(count.day, end - 1, _("not both bound"), "over")
        elif begun:
            for lo, hi, broken in _pieces(count.day, end - 1, suspended):
                yield _bar(lo, hi, broken, certain=count.certain == 2)


def _bar(lo: Day, hi: Day, broken: str, *, certain: bool) -> Bar:
    if broken == "suspended":
        return Bar(lo, hi, _("suspended between the two"), "over")
    if certain and not broken:
        return Bar(lo, hi, _("both bound"), "certain")
    return Bar(lo, hi, _("perhaps both bound"), "possible")


def _pieces(
    lo: Day, hi: Day, suspended: Iterable[Mapping[str, Any]]
) -> Iterable[tuple[Day, Day, str]]:
    """The days cut where a suspension begins or ends; with what it says of each piece."""
    for run in suspended:
        if "suspended" not in run["possible"]:
            continue
        start = lo if run["from"] is None else parse(run["from"]).earliest
        end = hi if run["to"] is None else parse(run["to"]).latest
        if end < lo or start > hi:
            continue
        if start > lo:
            yield lo, start - 1, ""
        yield max(start, lo), min(end, hi), "suspended" if run["certain"] else "perhaps"
        lo = min(end, hi) + 1
    if lo <= hi:
        yield lo, hi, ""
