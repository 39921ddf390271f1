"""A spreadsheet comes in by pages: tried first, each row accounted for, recorded once, by whoever gave it."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from registry.admin.wizard import door, running
from registry.store import uploads
from registry.store.engine import reading, writing
from registry.store.people_tables import upload as upload_table
from registry.store.uploads import Upload
from tests.admin.office import Office, Visitor

HEADER = ("Treaty", "Country", "Date of ratification", "Remark", "Internal")
TREATY = {
    "type": "agreement.recorded",
    "agreement": "andean-transit-1999",
    "title": "Convention on Transit in the Andes",
}
BAD = (
    ("andean-transit-1999", "Bolivya", "2011-05-02", "", "nobody's name, but close"),
    ("andean-transit-1999", "BRA", "09/11/2008", "", "two readings"),
    ("andean-transit-1999", "PER", "1900-02-29", "", "no such day"),
    ("no-such-treaty", "PER", "2001", "", "no such agreement"),
    ("", "CHL", "2001-03-04", "", "no agreement"),
    ("andean-transit-1999", "145", "2001", "", "a bare number"),
    ("andean-transit-1999", "ARG", "", "", "no date"),
)
"""Each is bad in another way."""
GOOD = 493
PARTIES = ("BOL", "BRA", "PER", "CHL", "ARG", "COL", "ECU", "USA", "IRN", "FRA")


def sheet(rows: int = GOOD) -> bytes:
    """So many rows of ratifications, and the bad ones spread among them."""
    every = [
        (
            "andean-transit-1999",
            PARTIES[n % 10],
            f"{2000 + n // 250}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}",
            f"row {n}",
            "x",
        )
        for n in range(rows)
    ]
    for place, each in enumerate(BAD):
        every.insert(min(rows, 60 * place + 10), each)
    return table(HEADER, *every)


def table(*rows: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def give(visitor: Visitor, content: bytes, name: str = "ours.csv", **more: str) -> Any:
    return visitor.post(
        "/admin/imports/new",
        {"file": [(io.BytesIO(content), name)], **more},
        content_type="multipart/form-data",
    )


def given(visitor: Visitor, content: bytes, name: str = "ours.csv", **more: str) -> str:
    """The address of the import that begins with this file."""
    answer = give(visitor, content, name, **more)
    assert answer.status_code == 303, answer.text
    return str(answer.location).rsplit("/", 1)[0]


def one(office: Office, address: str) -> Upload:
    with reading(office.engine) as conn:
        found = uploads.one(conn, address.rsplit("/", 1)[-1])
    assert found is not None
    return found


def tried(office: Office, visitor: Visitor, content: bytes) -> str:
    """Give the file, take the columns as suggested, and try it."""
    address = given(visitor, content, type="agreement.ratified")
    columns = one(office, address).said["columns"]
    said = {f"c{n}": columns[name] for n, name in enumerate(HEADER)}
    answer = visitor.post(
        f"{address}/columns", {"type": "agreement.ratified", "act": "try", **said}
    )
    assert answer.status_code == 303, answer.text
    assert answer.location == f"{address}/check"
    return address


def kept(office: Office) -> int:
    with reading(office.engine) as conn:
        return int(conn.execute(select(func.count()).select_from(upload_table)).scalar_one())


def test_five_hundred_rows_come_in_but_for_the_seven_bad_ones(office: Office) -> None:
    office.told(TREATY)
    ana = office.client("recorder")
    before = office.position()
    address = tried(office, ana, sheet())
    assert office.position() == before
    page = ana.get(f"{address}/check").text
    assert "Import 493 rows" in page
    assert "Bolivya" in page
    assert "Settle whom they mean" in page
    said = one(office, address).said["columns"]
    assert said == {
        "Treaty": "agreement",
        "Country": "party",
        "Date of ratification": "occurred",
        "Remark": "note",
        "Internal": "",
    }
