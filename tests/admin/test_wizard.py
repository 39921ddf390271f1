"""A spreadsheet comes in by pages: tried first, each row accounted for, recorded once, by whoever gave it."""

import csv
import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select, update

from registry.admin.wizard import report, running
from registry.record import clock
from registry.store import uploads, visits
from registry.store.engine import reading, writing
from registry.store.people_tables import draft
from registry.store.people_tables import upload as upload_table
from registry.store.tables import event
from registry.store.uploads import Upload
from tests.admin.conftest import _office as office_of
from tests.admin.office import Office, Visitor
from tests.api.conftest import Seeded
from tests.ingest.test_wrong_files import bomb, book, entity, repacked

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
    answer = visitor.post(
        "/admin/imports/new",
        {"file": [(io.BytesIO(content), name)], **more},
        content_type="multipart/form-data",
    )
    answer.request.environ["wsgi.input"].close()  # a file of the client's own, where it is large
    return answer


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


def imported(visitor: Visitor, address: str) -> str:
    """Start it and load its page until it is done; the page."""
    assert visitor.post(address, {"act": "start"}).status_code == 303
    return imported_further(visitor, address)


def imported_further(visitor: Visitor, address: str) -> str:
    page = visitor.get(address).text
    for _ in range(60):
        if "rows are taken in." not in page:
            break
        page = visitor.get(address).text
    assert "rows are taken in." not in page
    return page


def counted_agreements(visitor: Visitor) -> float:
    """As `/metrics` says how many events about agreements were recorded."""
    text = visitor.get("/metrics").text
    found = re.search(
        r'^registry_events_recorded_total\{family="agreement"\} (\S+)$', text, re.MULTILINE
    )
    return float(found[1]) if found else 0.0


def ratifications(office: Office) -> Sequence[Any]:
    with reading(office.engine) as conn:
        return conn.execute(
            select(event)
            .where(event.c.stream == f"agreement:{TREATY['agreement']}")
            .where(event.c.type == "agreement.ratified")
            .order_by(event.c.position)
        ).all()


def test_five_hundred_rows_come_in_but_for_the_seven_bad_ones(office: Office) -> None:
    office.told(TREATY)
    ana = office.client("recorder")
    before, counted = office.position(), counted_agreements(ana)
    address = tried(office, ana, sheet())
    assert (office.position(), counted_agreements(ana)) == (before, counted)
    page = ana.get(f"{address}/check").text
    assert "Import 493 rows" in page
    counts = report.counts(one(office, address).report)
    assert (counts.imported, counts.present, counts.held, counts.refused) == (493, 0, 2, 5)
    assert counts.total == 500
    lines = re.findall(r'<th scope="row">Line&nbsp;(\d+)</th>', page)
    assert [int(each) for each in lines] == [60 * place + 12 for place in range(7)]
    page = imported(ana, address)
    assert "493 rows are recorded, 7 were left out" in page
    assert office.position() == before + 493
    assert counted_agreements(ana) == counted + 493
    assert report.counts(one(office, address).report) == counts
    events = ratifications(office)
    assert len(events) == 493
    assert {each.recorded_by for each in events} == {"Ana Flores"}
    assert f"/admin/events/{events[0].event_id}" in page
    with reading(office.engine) as conn:
        assert uploads.content_of(conn, address.rsplit("/", 1)[-1], clock()) is None


def test_each_bad_row_is_told_with_its_line_its_cell_and_the_reason(office: Office) -> None:
    office.told(TREATY)
    ana = office.client("recorder")
    address = tried(office, ana, sheet(20))
    answer = ana.get(f"{address}/refusals.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    told = {each["cell"]: each for each in rows}
    assert len(rows) == len(BAD)
    assert told["Bolivya"]["column"] == "Country"
    assert told["Bolivya"]["suggestions"].split()[0] == "BOL"
    assert told["Bolivya"]["line"] == "12"
    assert told["145"]["state"] == "held"
    assert told["09/11/2008"]["column"] == "Date of ratification"
    assert "1900-02-29" in told
    assert {each["state"] for each in rows} == {"held", "refused"}


def test_a_cell_that_a_spreadsheet_would_compute_is_guarded_in_the_refusals(
    small_office: Office,
) -> None:
    ana = small_office.client("recorder")
    rows = (HEADER, ("andean-transit-1999", "@SUM", "2001", "", ""))
    address = tried(small_office, ana, table(*rows))
    assert ",'@SUM," in ana.get(f"{address}/refusals.csv").text


def test_a_name_is_settled_by_a_person_for_this_file_only(office: Office) -> None:
    office.told(TREATY)
    ana = office.client("recorder")
    address = tried(office, ana, sheet(20))
    page = ana.get(f"{address}/names").text
    names = re.findall(r'name="name(\d+)" value="([^"]+)"', page)
    assert {name for _, name in names} == {"Bolivya", "145"}
    assert page.count(' value="" checked') == 2
    said = {f"name{n}": name for n, name in names}
    at = next(n for n, name in names if name == "Bolivya")
    answer = ana.post(f"{address}/names", {**said, f"n{at}": "BOL"})
    assert answer.status_code == 303
    assert report.counts(one(office, address).report).imported == 21
    assert "Import 21 rows" in ana.get(f"{address}/check").text
    imported(ana, address)
    assert "2011-05-02" in {each.occurred for each in ratifications(office)}
    again = tried(office, ana, sheet(20))
    counts = report.counts(one(office, again).report)
    assert (counts.imported, counts.present, counts.held) == (0, 20, 2)


def test_nobody_is_taken_for_somebody_who_was_not_offered(small_office: Office) -> None:
    small_office.told(TREATY)
    ana = small_office.client("recorder")
    address = tried(small_office, ana, sheet(20))
    said = {"name0": "145", "name1": "Bolivya", "n1": "ZAF"}
    answer = ana.post(f"{address}/names", said)
    assert answer.status_code == 422
    assert "Choose again whom “Bolivya” means." in answer.text
    assert one(small_office, address).said["parties"] == {}


def test_an_import_that_is_sent_twice_is_recorded_once(office: Office) -> None:
    office.told(TREATY)
    ana = office.client("recorder")
    before = office.position()
    address = tried(office, ana, sheet(30))
    with ThreadPoolExecutor(4) as pool:
        others = [office.client("recorder") for _ in range(4)]
        list(pool.map(lambda visitor: visitor.post(address, {"act": "start"}), others))
    imported(ana, address)
    assert office.position() == before + 30
    assert report.counts(one(office, address).report).total == 37


def test_the_same_file_given_again_adds_nothing(small_office: Office) -> None:
    small_office.told(TREATY)
    ana = small_office.client("recorder")
    imported(ana, tried(small_office, ana, sheet(30)))
    before = small_office.position()
    page = ana.get(f"{tried(small_office, ana, sheet(30))}/check").text
    assert "There is nothing to import." in page
    assert small_office.position() == before


def test_columns_are_remembered_by_their_header(small_office: Office) -> None:
    small_office.told(TREATY)
    ana = small_office.client("recorder")
    address = given(ana, sheet(20), type="agreement.ratified")
    said = {"c0": "agreement", "c1": "party", "c2": "effective", "c3": "", "c4": "note"}
    form = {"type": "agreement.ratified", "act": "try", **said}
    lacking = ana.post(f"{address}/columns", form)
    assert lacking.status_code == 422
    assert "Choose the column that holds “Occurred”: it is needed." in lacking.text
    form |= {"c2": "occurred"}
    assert ana.post(f"{address}/columns", form).status_code == 303
    again = given(small_office.client("second"), sheet(5), "other.csv")
    found = one(small_office, again).said
    assert found["type"] == "agreement.ratified"
    assert list(found["columns"].values()) == ["agreement", "party", "occurred", "", "note"]


def test_columns_survive_a_visit_that_is_over(small_office: Office) -> None:
    ana = small_office.client("recorder")
    address = given(ana, sheet(5), type="agreement.ratified")
    with writing(small_office.engine) as conn:
        visits.end_all(conn, ana.account.id, clock())
    form = {"type": "agreement.signed", "act": "try", "c0": "note", "c4": "agreement"}
    answer = ana.post(f"{address}/columns", form)
    assert answer.status_code == 303
    back = parse_qs(urlsplit(answer.location).query)["next"][0]
    page = small_office.client("recorder").get(back).text
    assert '<option value="agreement.signed" selected>' in page
    chosen = re.findall(r'<option value="([^"]+)" selected>', page)
    assert chosen == ["agreement.signed", "note", "agreement"]
    assert one(small_office, address).said["type"] == "agreement.ratified"


def test_the_type_of_each_row_may_stand_in_a_column(small_office: Office) -> None:
    small_office.told(TREATY)
    ana = small_office.client("recorder")
    rows = (
        ("type", "agreement", "party", "occurred"),
        ("agreement.signed", "andean-transit-1999", "BRA", "1999-05-02"),
        ("agreement.ratified", "andean-transit-1999", "BRA", "2001"),
        ("agreement.smiled_at", "andean-transit-1999", "BRA", "2001"),
    )
    address = given(ana, table(*rows))
    columns = one(small_office, address).said["columns"]
    assert list(columns.values()) == list(rows[0])
    form = {"type": "by column", "act": "try"} | {f"c{n}": name for n, name in enumerate(rows[0])}
    assert ana.post(f"{address}/columns", form).status_code == 303
    counts = report.counts(one(small_office, address).report)
    assert (counts.imported, counts.refused) == (2, 1)


def test_events_as_json_come_in_without_naming_columns(small_office: Office) -> None:
    ana = small_office.client("recorder")
    lines = [TREATY, {**TREATY, "type": "agreement.ratified"}, {"type": "agreement.recorded"}]
    content = "\n".join(json.dumps(each) for each in lines).encode()
    address = given(ana, content, "events.txt")
    counts = report.counts(one(small_office, address).report)
    assert (counts.imported, counts.refused) == (1, 2)
    before = small_office.position()
    imported(ana, address)
    assert small_office.position() == before + 1


def test_a_workbook_is_known_by_its_content_not_by_its_name(small_office: Office) -> None:
    small_office.told(TREATY)
    ana = small_office.client("recorder")
    content = book(HEADER, ("andean-transit-1999", "BOL", "2011-05-02", None, None))
    address = given(ana, content, "../../etc/passwd", type="agreement.ratified")
    upload = one(small_office, address)
    assert (upload.said["form"], upload.name) == ("xlsx", "passwd")
    assert "BOL" in ana.get(f"{address}/columns").text


def test_a_second_person_sees_how_far_it_is_and_cannot_go_on_with_it(office: Office) -> None:
    office.told(TREATY)
    ana, carlos = office.client("recorder"), office.client("second")
    address = tried(office, ana, sheet(30))
    before = office.position()
    assert "It is not imported yet" in carlos.get(address).text
    assert carlos.post(address, {"act": "start"}).status_code == 403
    assert carlos.post(address, {"act": "drop"}).status_code == 403
    assert carlos.get(f"{address}/columns").status_code == 403
    assert carlos.post(f"{address}/names", {}).status_code == 403
    start(office, address)
    assert "0 of 37 rows are taken in." in carlos.get(address).text
    assert office.position() == before
    assert "30 rows are recorded" in imported_further(ana, address)
    assert "30 rows are recorded" in carlos.get(address).text


def start(office: Office, address: str) -> Upload:
    with writing(office.engine) as conn:
        assert running.begin(conn, one(office, address), review=False)
    return one(office, address)


def test_an_import_goes_on_portion_by_portion_wherever_it_was_left(office: Office) -> None:
    office.told(TREATY)
    ana = office.client("recorder")
    before = office.position()
    address = tried(office, ana, sheet(250))
    upload = start(office, address)
    running.go_on(office.engine, upload, ana.account, seconds=0)
    further = one(office, address)
    assert further.state == uploads.RUNNING
    assert 90 < further.done <= 100
    running.go_on(office.engine, upload, ana.account, seconds=0)  # as one who looked before
    assert one(office, address) == further
    running.go_on(office.engine, further, ana.account, seconds=0)
    assert 180 < one(office, address).done <= 200
    assert "250 rows are recorded" in imported_further(ana, address)
    assert office.position() == before + 250
    assert report.counts(one(office, address).report).total == 257


def test_an_error_in_the_middle_leaves_what_was_recorded_and_says_so(office: Office) -> None:
    office.told(TREATY)
    ana = office.client("recorder")
    before = office.position()
    address = tried(office, ana, sheet(250))
    running.go_on(office.engine, start(office, address), ana.account, seconds=0)
    content = damage(office, address)
    page = imported_further(ana, address)
    upload = one(office, address)
    assert upload.state == uploads.STOPPED
    assert 0 < upload.done < 257
    assert f"was broken off after {upload.done} of 257 rows." in page
    assert "not UTF-8" in page
    counts = report.counts(upload.report)
    assert counts.total == upload.done
    assert office.position() == before + counts.imported
    with writing(office.engine) as conn:
        conn.execute(update(upload_table).values(content=content))
    assert ana.post(address, {"act": "again"}).status_code == 303
    assert "250 rows are recorded" in imported_further(ana, address)
    assert office.position() == before + 250


def damage(office: Office, address: str) -> bytes:
    """Spoil the file as it is kept; what it was."""
    with writing(office.engine) as conn:
        content = uploads.content_of(conn, address.rsplit("/", 1)[-1], clock())
        assert content is not None
        conn.execute(update(upload_table).values(content=content + b"\xff\xff\n"))
    return content


def test_an_import_that_is_killed_goes_on_and_records_each_row_once(office: Office) -> None:
    office.told(TREATY)
    ana = office.client("recorder")
    before = office.position()
    address = tried(office, ana, sheet(GOOD))
    upload = start(office, address)
    url = office.engine.url.render_as_string(hide_password=False)
    here = Path(__file__).resolve().parents[2]
    deaths = 0
    for portions in (1, 2):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, url, upload.id, str(portions)], cwd=here, check=False
        )
        deaths += done.returncode == -signal.SIGKILL
    assert deaths == 2
    assert 0 < one(office, address).done < 500
    assert "493 rows are recorded, 7 were left out" in imported_further(ana, address)
    assert office.position() == before + 493


KILLED = """
import os, signal, sys
from sqlalchemy import event
from registry.admin.wizard import running
from registry.store import accounts, uploads
from registry.store.engine import connect, reading
engine = connect(sys.argv[1])
with reading(engine) as conn:
    upload = uploads.one(conn, sys.argv[2])
    account = accounts.by_id(conn, upload.account)
appended = 0
def count(conn, cursor, statement, *rest):
    global appended
    appended += statement.upper().startswith("UPDATE UPLOAD")
    if appended > int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)  # all is written, nothing of this portion committed
event.listen(engine, "after_cursor_execute", count)
running.go_on(engine, upload, account, seconds=60)
"""


def test_what_a_second_person_must_approve_becomes_drafts(
    office_with: Callable[[str], Office],
) -> None:
    office = office_with("recorder:agreement")
    office.told(TREATY)
    ana = office.client("recorder")
    before = office.position()
    address = tried(office, ana, sheet(130))
    assert "Hand in 130 rows" in ana.get(f"{address}/check").text
    page = imported(ana, address)
    assert "<strong>130 rows wait for review</strong>, in 2 drafts" in page
    assert office.position() == before
    with reading(office.engine) as conn:
        of_it = draft.c.upload == one(office, address).id
        rows = conn.execute(select(draft).where(of_it).order_by(draft.c.made_at)).all()
    events = [each for row in rows for each in json.loads(row.events)]
    assert {row.author_name for row in rows} == {"Ana Flores"}
    assert len({each["event_id"] for each in events}) == 130
    assert ana.post(address, {"act": "start"}).status_code == 303
    with reading(office.engine) as conn:
        assert len(conn.execute(select(draft.c.id)).all()) == 2
    luz = office.client("reviewer")
    waiting = luz.get(f"/admin/drafts/import/{one(office, address).id}")
    upto = re.search(r'name="upto" value="(\d+)"', waiting.text)
    assert upto is not None
    answer = luz.post(waiting.request.path, {"act": "approve", "upto": upto[1]})
    assert answer.status_code == 303
    recorded = ratifications(office)
    assert [each.event_id for each in recorded] == [each["event_id"] for each in events]
    assert {(each.recorded_by, each.reviewed_by) for each in recorded} == {
        ("Ana Flores", "Luz Rojas")
    }


def test_no_event_gets_past_review_because_the_dry_run_refused_it(
    office_with: Callable[[str], Office],
) -> None:
    """Rows that were refused when it was tried can be fit to record when it is begun."""
    office = office_with("recorder:agreement")
    ana = office.client("recorder")
    rows = (
        ("type", "agreement", "party", "parties", "occurred"),
        ("relations.severed", "", "", "BOL; CHL", "1978-03-17"),
        ("agreement.ratified", TREATY["agreement"], "BOL", "", "2001"),
    )
    address = given(ana, table(*rows))
    form = {"type": "by column", "act": "try"} | {f"c{n}": name for n, name in enumerate(rows[0])}
    assert ana.post(f"{address}/columns", form).status_code == 303
    assert report.counts(one(office, address).report).refused == 1
    office.told(TREATY)
    page = imported(ana, address)
    assert "1 row is recorded, 1 was left out" in page
    assert "A second person must approve this" in page
    assert ratifications(office) == []


def test_only_so_many_files_of_one_person_are_kept(small_office: Office) -> None:
    ana = small_office.client("recorder")
    addresses = [given(ana, sheet(1)) for _ in range(uploads.MOST_OPEN + 2)]
    states = [one(small_office, each).state for each in addresses]
    assert states == [uploads.DROPPED] * 2 + [uploads.GIVEN] * uploads.MOST_OPEN


def test_a_file_is_thrown_away_when_asked_and_after_a_day(office: Office) -> None:
    ana = office.client("recorder")
    first, second = given(ana, sheet(5)), given(ana, sheet(6))
    assert ana.post(first, {"act": "drop"}).status_code == 303
    assert "nothing of it was recorded" in ana.get(first).text
    with writing(office.engine) as conn:
        yesterday = clock() - uploads.LASTS - 1
        conn.execute(update(upload_table).values(made_at=yesterday))
    assert "no longer kept" in ana.get(f"{second}/columns").text
    assert ana.get("/admin/imports").status_code == 200
    with reading(office.engine) as conn:
        assert conn.execute(select(upload_table.c.content)).scalars().all() == [None, None]
    assert one(office, second).state == uploads.DROPPED


WRONG: dict[str, tuple[bytes | Callable[[], bytes], str]] = {
    "empty": (b"", "Empty: expected a header row and rows."),
    "blank": (b"\n\n", "The first row is blank"),
    "program": (Path(sys.executable).read_bytes()[:100_000], "a program"),
    "image": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "an image"),
    "bomb": (lambda: repacked(book(), sheet1=bomb), "Unpacks to more than"),
    "entities": (repacked(book(), sheet1=entity), "declares XML entities"),
    "external": (
        repacked(book(), sheet1=lambda xml: b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + xml),
        "declares XML entities",
    ),
    "archive": (repacked(book())[:900], "damaged archive"),
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old or protected workbook"),
    "utf-16": (sheet(3).decode().encode("utf-16"), "Save it as “CSV UTF-8”"),
    "latin-1": ("Treaty,Country\nx,Perú\n".encode("latin-1"), "Save it as “CSV UTF-8”"),
    "formula": (b"Treaty,Country\nx,=1+1\n", "Line 2, Country: a formula, not a value"),
    "formula-in-a-book": (book(("Treaty", "Day"), ("x", "=TODAY()")), "cell B2: a formula"),
    "no-header": (b"vcdr-1961,BRA,1961-04-18\nvcdr-1961,BOL,1961\n", "is no name but a value"),
    "header-only": (b"Treaty,Country\n", "There is no row below the names of the columns"),
    "semicolons": (b"Treaty;Country\nx;BRA\n", "parted by semicolons, not by commas"),
    "twice": (b"Treaty,Treaty\nx,y\n", "stands there twice"),
    "ragged": (b"Treaty,Country\nx\n", "Line 2: expected 2 cells, got 1"),
    "half-json": (b'{"type": "agreement.signed"', "not JSON"),
    "list-of-json": (b"[1, 2]", "expected a JSON object"),
    "large": (b"Treaty,Country\n" + b"x,BRA\n" * 700_000, "larger than 4 MB"),
    "many-rows": (b"Treaty,Country\n" + b"x,BRA\n" * 5_001, "More than 5000 rows"),
}


@pytest.fixture(scope="module")
def shut(seeded: Seeded) -> Iterator[tuple[Office, Visitor]]:
    """One register for all files that are refused: none changes it."""
    with office_of(seeded, "sqlite") as office:
        yield office, office.client("recorder")


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_at_the_door(shut: tuple[Office, Visitor], name: str) -> None:
    office, ana = shut
    given_, words = WRONG[name]
    content = given_ if isinstance(given_, bytes) else given_()
    before = office.position()
    answer = give(ana, content, f"{name}.csv", type="agreement.ratified")
    assert answer.status_code == 422
    assert answer.text.count(words) == 2, re.findall(r'class="error".*', answer.text)
    assert '<a href="#file">' in answer.text
    assert "upload." not in answer.text
    assert '<option value="agreement.ratified" selected>' in answer.text
    assert kept(office) == 0
    assert office.position() == before


def test_what_is_over_ten_megabytes_is_not_even_read(shut: tuple[Office, Visitor]) -> None:
    office, ana = shut
    answer = give(ana, b"Treaty,Country\n" + b"x,BRA\n" * 1_700_000)
    assert answer.status_code == 413
    assert "larger than is taken here" in answer.text
    assert kept(office) == 0


def test_without_a_file_the_page_says_so(shut: tuple[Office, Visitor]) -> None:
    office, ana = shut
    answer = ana.post("/admin/imports/new", {})
    assert answer.status_code == 422
    assert "Choose a file." in answer.text
    assert kept(office) == 0


def test_what_a_file_says_is_shown_as_text(small_office: Office) -> None:
    small_office.told(TREATY)
    ana = small_office.client("recorder")
    evil = "<img src=x onerror=alert(1)>"
    rows = ((evil, *HEADER[1:]), (evil, evil, evil, evil, evil))
    address = given(ana, table(*rows), f"{evil}.csv", type="agreement.ratified")
    form = {"type": "agreement.ratified", "act": "try", "c0": "agreement", "c1": "party"}
    shown = [ana.get(f"{address}/columns"), ana.post(f"{address}/columns", form)]
    assert ana.post(f"{address}/columns", form | {"c2": "occurred"}).status_code == 303
    shown += [ana.get(f"{address}/check"), ana.get(f"{address}/names"), ana.get("/admin/imports")]
    for page in shown:
        assert evil not in page.text
    assert all("&lt;img" in page.text for page in (*shown[:3], shown[-1]))
