"""Multilateral treaties deposited with the UN Secretary-General: the participant tables of 2015.

What the tables hold are days under a column's words, with a letter or none (see `columns`).
Their footnotes are not in the copy, so what only these say is not here: see `treaties.CUT_SHORT`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from registry.domain.errors import Invalid
from registry.ingest.files import File, Row
from registry.ingest.profile import Act, Held, Outcome, Profile, Reading, Refused, Said, There
from registry.ingest.profiles.un_mtdsg.cells import SOURCES, Found, act_of, as_act, cited
from registry.ingest.profiles.un_mtdsg.columns import meaning, read_cell
from registry.ingest.profiles.un_mtdsg.treaties import agreement_of, coverage_of, slug_of
from registry.kinds import PROSE_LIMIT

READ_ON: Final = "2015-03-14"
SLUGS: Final = "un-mtdsg"

TREATIES: Final = File(
    "treaties.csv",
    ("treaty_id", "title_verbatim", "date_in_title_verbatim", "chapter_name", "url"),
)
EVENTS: Final = File(
    "events.csv",
    ("treaty_id", "participant_verbatim", "column_header_verbatim", "cell_verbatim"),
)
_DECLARATIONS: Final = File(
    "declarations.csv", ("treaty_id", "participant_verbatim", "text_verbatim", "block_no")
)


def slugs_of(reading: Reading, prefix: str) -> dict[str, str]:
    """treaty_id -> slug of every treaty of the index: the one on record, else its own."""
    slugs: dict[str, str] = {}
    for row in reading.rows(TREATIES.name):
        number = row["treaty_id"]
        slug = reading.agreements.get(("mtdsg", number)) or slug_of(prefix, number)
        if slug is not None:
            slugs[number] = slug
    return slugs


def read(reading: Reading) -> Iterator[Said]:
    """The index, then the tables, then the statements."""
    slugs = slugs_of(reading, SLUGS)
    plain = _plain_tables(reading)
    for row in reading.rows(TREATIES.name):
        yield Said(row, _treaty(row, slugs, plain))
    for row in reading.rows(EVENTS.name):
        found = act_of(reading, row, slugs.get(row["treaty_id"]), READ_ON)
        yield Said(row, [as_act(row, found.said) if isinstance(found, Found) else found])
    if reading.has(_DECLARATIONS.name):
        for row in reading.rows(_DECLARATIONS.name):
            yield Said(row, [_statement(reading, row, slugs.get(row["treaty_id"]))])


def _treaty(row: Row, slugs: Mapping[str, str], plain: Mapping[str, bool]) -> list[Outcome]:
    number = row["treaty_id"]
    slug = slugs.get(number)
    if slug is None:
        return [Refused("treaty_id", number, "not a number of a treaty")]
    cite = cited(f"{number}: title", READ_ON) | ({"url": row["url"]} if row["url"] else {})
    said: list[Outcome] = []
    if slug == slug_of(SLUGS, number):
        title = row["title_verbatim"]
        said.append(
            Act(f"treaty\x1f{number}", agreement_of(row, cite, slug), "title_verbatim", title)
        )
    else:
        said.append(There(f"on record as {slug}", "treaty_id", number))
    if plain.get(number):
        stated = coverage_of(slug, READ_ON, cited(f"{number}: participants", READ_ON))
        said.append(Act(f"coverage\x1f{number}", stated, "treaty_id", number))
    return said


def _plain_tables(reading: Reading) -> dict[str, bool]:
    """Of each treaty that has a table: whether every column of it says what its days amount to.

    Where one only lists a participation, silence about the rest is no answer.
    """
    plain: dict[str, bool] = defaultdict(lambda: True)
    for row in reading.rows(EVENTS.name):
        plain[row["treaty_id"]] &= _is_plain(row)
    return plain


def _is_plain(row: Row) -> bool:
    try:
        letter = read_cell(row["cell_verbatim"]).letter
    except Invalid:
        return True
    meant = meaning(row["column_header_verbatim"], letter)
    return meant is not None and meant.is_plain


def _statement(reading: Reading, row: Row, agreement: str | None) -> Outcome:
    text = row.cells["text_verbatim"]
    if agreement is None:
        return Refused("treaty_id", row["treaty_id"], "the index has no treaty of that number")
    if not text.strip():
        return Refused("text_verbatim", text, "no words")
    if len(text) > PROSE_LIMIT:
        reason = f"{len(text)} characters: a statement has at most {PROSE_LIMIT}"
        return Held("text_verbatim", text, reason)
    party = reading.party(row, "participant_verbatim")
    if isinstance(party, Held):
        return party
    where = f"{row['treaty_id']}, {row['participant_verbatim']}: declarations and reservations"
    said = {
        "type": "agreement.statement_recorded",
        "agreement": agreement,
        "party": party,
        "occurred": f"[..{READ_ON}]",
        "text": text,
        "sources": [cited(where[:500], READ_ON)],
        "note": "The list gives no day and does not tell reservations, declarations, objections "
        "and notices of their withdrawal apart.",
    }
    key = f"statement\x1f{row['treaty_id']}\x1f{row['participant_verbatim']}\x1f{row['block_no']}"
    return Act(key, said, "text_verbatim", text)


PROFILE: Final = Profile(
    name="un-mtdsg",
    title="Multilateral Treaties Deposited with the Secretary-General, as read on 14 March 2015",
    files=(TREATIES, EVENTS, File(_DECLARATIONS.name, _DECLARATIONS.columns, optional=True)),
    sources=SOURCES,
    read=read,
    names_as_of=READ_ON,
    aliases="un-mtdsg.yaml",
)
