"""What a row of the agreements' file says: the agreement, and the dates of it as a whole."""

from collections.abc import Iterator
from typing import Any, Final

from registry.ingest.files import Row
from registry.ingest.profile import Act, Held, Outcome, Reading, Refused, There, given
from registry.ingest.profiles.ggo.cells import (
    AGREEMENTS,
    NEVER,
    beginning,
    cited,
    dated,
    odd,
    slug_of,
)

TITLE_LIMIT: Final = 500
_KINDS: Final = {
    "agreement": "agreement",
    "amendment": "amendment",
    "protocol": "protocol",
    "mou": "memorandum",
}
_FORMS: Final = {"bilateral": "bilateral", "multilateral": "multilateral"}


def of_agreement(
    reading: Reading, row: Row, entered: dict[str, tuple[Row, str]]
) -> Iterator[Outcome]:
    treaty = row["treatyID"]
    if not treaty:
        yield Refused("treatyID", row.cells["treatyID"], "no treatyID: names no agreement")
        return
    if treaty in entered:
        first = entered[treaty][0]
        if all(first[each] == row[each] for each in AGREEMENTS.columns):
            yield There(f"the same as line {first.line}", "treatyID", treaty)
        else:
            reason = f"the treatyID of line {first.line} too, which says otherwise: one or two?"
            yield Held("treatyID", treaty, reason)
        return
    slug = reading.agreements.get(("ggo", treaty), slug_of(treaty))
    entered[treaty] = (row, slug)
    if slug != slug_of(treaty):
        yield There(f"on record as {slug}", "treatyID", treaty)
    else:
        yield _recorded(treaty, slug, row)
    yield from _treaty_dates(treaty, slug, row)


def _recorded(treaty: str, slug: str, row: Row) -> Act:
    title = row["Title"] or f"GGO {treaty}"
    notes = [f"TypeAmbit: {row['TypeAmbit']}" if row["TypeAmbit"] else "", row["Comments"]]
    remark = ""
    if len(title) > TITLE_LIMIT:
        remark = f"title of {len(title)} characters, shortened; whole in the note"
        notes.insert(0, f"Title in full: {title}")
        title = title[: TITLE_LIMIT - 4].rstrip() + " ..."
    said: dict[str, Any] = {
        "type": "agreement.recorded",
        "agreement": slug,
        "title": title,
        "kind": _KINDS.get(row["TypeAgree"].lower(), "other" if row["TypeAgree"] else "unknown"),
        "form": _FORMS.get(row["TypeAmbit"].lower()),
        "topics": [each for each in (row["TypeDomain"], row["TypeSubject"]) if each],
        "depositary": _actor(row["Depository"]),
        "external_ids": {"ggo": treaty},
        "note": "\n".join(each for each in notes if each) or None,
        "sources": [cited(AGREEMENTS.name, treaty)],
    }
    return Act(f"{treaty}|recorded", given(said), "treatyID", treaty, remark)


def _actor(verbatim: str) -> str | None:
    """In plain words; a short code would be taken for a party's id."""
    plain = 3 < len(verbatim) <= 120 and verbatim != verbatim.upper()
    return verbatim if plain else None


def _treaty_dates(treaty: str, slug: str, row: Row) -> Iterator[Outcome]:
    for column in ("Signature", "Force", "End"):
        verbatim = row[column]
        if not verbatim:
            continue
        if verbatim == NEVER:
            what = "still in force" if column == "End" else "it never came about"
            yield There(f"{what}: no act to record", column, verbatim)
            continue
        when = dated(verbatim)
        if isinstance(when, str):
            yield Refused(column, verbatim, when)
            continue
        said: dict[str, Any] = {
            "sources": [cited(AGREEMENTS.name, treaty, f"{column}: {verbatim}")]
        }
        if column == "Signature":
            said |= {
                "type": "status.observed",
                "layer": "conclusion",
                "subject": {"agreement": slug},
                "value": "signed",
                "over": beginning(when),
            }
        else:
            type_ = "entered_into_force" if column == "Force" else "terminated"
            said |= {"type": f"agreement.{type_}", "agreement": slug, "occurred": when.text}
        remark = odd(row, "Force", "End") if column == "End" else ""
        yield Act(f"{treaty}|{column}|{verbatim}", said, column, verbatim, remark)
