"""The page of an agreement: its table is what the API answers, its CSV and its plot say the same."""

import csv
import html
import io
import re
from typing import Any

import pytest

from registry import codec
from registry.domain.catalogue import CATALOGUE
from registry.domain.dates import iso
from registry.explore.letters import letter_of
from registry.ingest.profiles.un_mtdsg.columns import meaning
from registry.queries.bound import bound_answers
from registry.queries.bound_over_time import Count, bound_over_time
from registry.queries.status import status
from registry.queries.view import open_view
from registry.store.engine import reading
from tests.api.desk import Desk
from tests.explore.test_frame import permalink, read

AMENDED = "un-single-convention-1961-as-amended"
DAYS = ("2005-06-01", "2012-06-01", "2013-01-20", "2013-06-01", "1970-01-01", "2012")
SEEDED = (AMENDED, "un-single-convention-1961", "un-protocol-1972", "un-drug-convention-1988")

Cells = list[str]


def test_bolivia_was_not_bound_on_1_june_2012_and_has_two_rows(library: Desk) -> None:
    page = read(library, f"/agreements/{AMENDED}?party=BOL&as_of=2012-06-01").text
    assert "On 1 June 2012 the Plurinational State of Bolivia was not bound (certain)." in page
    rows = [row for row in table(page) if row[0].startswith("Plurinational State of Bolivia")]
    assert len(rows) == 2
    first, second = rows
    assert "as Bolivia" in first[0]
    assert (first[2], first[4], first[5]) == ("23 Sep 1976 a", "29 Jun 2011", "1 Jan 2012")
    assert first[6] == "C.N.829.2011.TREATIES-28"
    assert first[7] == "not bound (left)"
    assert (second[2], second[3]) == ("11 Jan 2013 a", "10 Feb 2013")
    assert second[7] == "after this day"
    assert page.count('class="none gone asked"') == 1


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        ("2005-06-01", "Bolivia was bound (certain)."),
        ("2013-01-20", "the Plurinational State of Bolivia was not bound (certain)."),
        ("2013-06-01", "the Plurinational State of Bolivia was bound (certain)."),
    ],
)
def test_whether_bolivia_was_bound_is_said_in_plain_words(
    library: Desk, day: str, answer: str
) -> None:
    page = read(library, f"/agreements/{AMENDED}?party=BOL&as_of={day}").text
    assert answer in plain(page[page.index('id="answer"') :])


def test_who_takes_no_part_is_not_said_to_be_unbound_for_certain(library: Desk) -> None:
    page = read(library, f"/agreements/{AMENDED}?party=IRQ&as_of=2012-06-01").text
    assert "Nothing is recorded of Iraq taking part" in page


@pytest.mark.parametrize("agreement", SEEDED)
@pytest.mark.parametrize("day", DAYS)
def test_rows_marks_and_counts_are_what_the_api_says_at_the_same_point(
    library: Desk, agreement: str, day: str
) -> None:
    said = read(library, f"/api/v1/agreements/{agreement}/parties?as_of={day}").get_json()["items"]
    page = read(library, f"/agreements/{agreement}?as_of={day}").text
    marks: dict[str, set[str]] = {}
    for party, mark in re.findall(r'<tr id="p-([A-Z0-9-]+)-\d+" class="(\w+)', page):
        marks.setdefault(party, set()).add(mark)
    assert marks.keys() == {each["party"]["id"] for each in said}
    wanted = {each["party"]["id"]: _mark(each["bound"]) for each in said}
    assert {p: next(iter(m - {"earlier", "later"})) for p, m in marks.items()} == wanted
    counted = plain(page[page.index('<span id="parties">') :].split("</span>")[0]).split()
    certain = list(wanted.values()).count("certain")
    possible = certain + list(wanted.values()).count("possible")
    assert int(counted[0]) == certain
    assert int(counted[-1]) == possible


def _mark(bound: dict[str, Any]) -> str:
    if bound["value"] == "bound" and bound["certain"]:
        return "certain"
    return "possible" if "bound" in bound["possible"] else "none"


@pytest.mark.parametrize("agreement", SEEDED)
def test_the_csv_has_the_rows_and_the_dates_of_the_table(library: Desk, agreement: str) -> None:
    page = read(library, f"/agreements/{agreement}?as_of=2012-06-01").text
    link = re.search(r'href="([^"]+status\.csv[^"]*)"', page)
    assert link
    answer = read(library, html.unescape(link[1]))
    assert answer.mimetype == "text/csv"
    assert "immutable" in answer.headers["Cache-Control"]
    head, *rows = csv.reader(io.StringIO(answer.text))
    shown = re.findall(r"<tr id=\"p-(.*?)-(\d+)\" class=\"(\w+).*?</tr>", page, re.DOTALL)
    assert [(r[0], r[3], r[head.index("bound")]) for r in rows] == shown
    names = ("signature", "consent", "entry_into_force", "withdrawal_notified")
    for row, body in zip(rows, re.findall(r"<tr id=\"p-.*?</tr>", page, re.DOTALL), strict=True):
        cells = re.findall(r"<td>(.*?)</td>", body, re.DOTALL)
        for name, cell in zip(names, cells, strict=False):
            dates = re.findall(r'(?:datetime|value)="([^"]*)"', cell)
            assert row[head.index(name)] == "; ".join(html.unescape(each) for each in dates)


@pytest.mark.parametrize("agreement", SEEDED)
def test_the_plot_draws_the_numbers_of_its_table(library: Desk, agreement: str) -> None:
    page = read(library, f"/agreements/{agreement}?as_of=2012-06-01").text
    figure = page[page.index("headcount-figure") :]
    most = int(re.findall(r'viewBox="0 0 \d+ (\d+)"', figure)[0])
    line = re.findall(r'class="line" d="([^"]+)"', figure)[0]
    band = re.findall(r'class="band" d="([^"]+)"', figure)[0]
    facts = re.findall(
        r'<tr><th scope="row">[^<]*</th><td class="number">(\d+)</td><td class="number">(\d+)</td>',
        figure,
    )
    assert facts
    certain = [int(each) for each, _ in facts]
    changes = [n for n, was in zip(certain, [0, *certain], strict=False) if n != was]
    assert [most - int(y) for y in re.findall(r"V(\d+)", line)] == changes
    heights = [most - int(y) for y in re.findall(r"V(\d+)", band)]
    assert heights[: len(facts)] == [int(each) for _, each in facts]
    assert heights[len(facts) :] == [certain[-1], *reversed([0, *certain[:-1]])]


@pytest.mark.parametrize("agreement", SEEDED)
def test_the_plot_counts_on_a_day_what_the_table_counts(library: Desk, agreement: str) -> None:
    page = read(library, f"/agreements/{agreement}?as_of=2026-01-01").text
    counted = plain(page[page.index('<span id="parties">') :].split("</span>")[0]).split()
    last = re.findall(r'<td class="number">(\d+)</td><td class="number">(\d+)</td></tr>', page)[-1]
    assert (int(counted[0]), int(counted[-1])) == (int(last[0]), int(last[1]))


def test_the_parties_counted_over_time_are_those_bound_on_each_day(library: Desk) -> None:
    """On the day of each change and on the day before it, by one question for each day."""
    with reading(library.engine) as conn:
        view = open_view(conn, as_of="2012-06-01", known_at=None, confidence=None)
        for agreement in SEEDED:
            doc, ids = view.agreement(agreement), status(view, agreement).parties
            counts = bound_over_time(view, doc, ids)
            assert counts
            for day in [d for each in counts for d in (each.day - 1, each.day)]:
                on_day = view.on(iso(day), "as_of")
                said = [_mark(each) for each in bound_answers(on_day, doc, ids).values()]
                certain = said.count("certain")
                told = [each for each in counts if each.day <= day][-1:] or [Count(day, 0, 0)]
                assert (told[0].certain, told[0].possible) == (
                    certain,
                    certain + said.count("possible"),
                )


@pytest.mark.parametrize(
    ("header", "letter"),
    [
        ("Ratification, Accession(a)", "a"),
        ("Ratification, Acceptance(A)", "A"),
        ("Ratification, Approval(AA)", "AA"),
        ("Ratification, Formal confirmation(c)", "c"),
        ("Ratification, Succession(d)", "d"),
        ("Definitive signature(s), Ratification", "s"),
        ("Signature, Provisional application(n)", "n"),
        ("Consent to be bound(P)", "P"),
        ("Ratification, Accession(a)", ""),
        ("Signature, Definitive signature(s)", ""),
    ],
)
def test_the_letter_of_an_act_is_the_one_that_its_column_was_read_by(
    header: str, letter: str
) -> None:
    meant = meaning(header, letter)
    assert meant is not None
    cls = CATALOGUE[meant.type]
    wire = {**meant.wire(), "agreement": "x", "party": "BOL", "occurred": "2000-01-01"}
    assert letter_of(codec.content({"type_version": cls.VERSION, **wire})) == letter


def test_a_claim_that_differs_is_shown_beside_the_other(desk: Desk) -> None:
    one = {
        "type": "agreement.ratified",
        "agreement": "un-vclt-1969",
        "party": "BOL",
        "occurred": "1990-01-01",
    }
    receipt = desk.told(one)
    desk.told({**one, "occurred": "1990-02", "same_act_as": receipt["event_id"]})
    page = read(desk, "/agreements/un-vclt-1969?as_of=2012-06-01").text
    (row,) = [each for each in table(page) if each[0].startswith("Plurinational State of Bolivia")]
    assert "1 Jan 1990 one account" in row[2]
    assert "in February 1990 one account" in row[2]


def test_nothing_alleged_is_on_the_page_unless_it_is_asked_for(desk: Desk) -> None:
    desk.told(
        {
            "type": "agreement.withdrew",
            "agreement": AMENDED,
            "party": "PER",
            "occurred": "2011-05-05",
            "confidence": "alleged",
            "claimed_by": "a weekly paper",
            "sources": [{"source": "insight-crime-2012-06"}],
        }
    )
    before = read(desk, f"/agreements/{AMENDED}?as_of=2012-06-01")
    assert "weekly paper" not in before.text
    assert "5 May 2011" not in before.text
    assert (
        "5 May 2011" not in read(desk, f"/agreements/{AMENDED}/status.csv?confidence=alleged").text
    )
    asked = read(desk, f"/agreements/{AMENDED}?as_of=2012-06-01&confidence=alleged")
    assert "a weekly paper" in asked.text
    assert "noindex" in asked.headers["X-Robots-Tag"]
    assert all("5 May 2011" not in cell for row in table(asked.text) for cell in row)


def test_a_pinned_page_stays_as_it_was_after_later_events(desk: Desk) -> None:
    address = f"/agreements/{AMENDED}?party=BOL&as_of=2012-06-01"
    pinned = permalink(read(desk, address))
    before = read(desk, pinned)
    table_before = read(desk, pinned.replace("?", "/status.csv?", 1))
    desk.told(
        {"type": "agreement.withdrew", "agreement": AMENDED, "party": "PER", "occurred": "2011-05"}
    )
    desk.told({"type": "party.renamed", "party": "PER", "name": "Peru anew", "occurred": "2000"})
    desk.told(
        {"type": "agreement.retitled", "agreement": AMENDED, "title": "T", "occurred": "1980"}
    )
    assert read(desk, pinned).data == before.data
    assert read(desk, pinned.replace("?", "/status.csv?", 1)).data == table_before.data
    assert "Peru anew" in read(desk, address).text


def test_reservations_and_objections_stand_with_their_words(library: Desk) -> None:
    page = read(library, f"/agreements/{AMENDED}?as_of=2014-01-01").text
    statements = page[page.index("statements-title") :]
    assert "the right to allow in its territory traditional coca leaf chewing" in plain(statements)
    assert statements.count("what Plurinational State of Bolivia said") == 15


def test_the_list_finds_what_the_api_finds(library: Desk) -> None:
    for query in ("", "?bound=BOL&as_of=2012-06-01&certainty=certain", "?q=narcotic&kind=protocol"):
        said = read(library, f"/api/v1/agreements{query}").get_json()["items"]
        page = read(library, f"/agreements{query}").text
        rows = page[page.index("<tbody>") :]
        assert re.findall(r'<th scope="row"><a href="/agreements/([^"?]+)', rows) == [
            each["id"] for each in said
        ]


def table(page: str) -> list[Cells]:
    rows = re.findall(r"<tr id=\"p-.*?</tr>", page, re.DOTALL)
    return [
        [plain(each) for each in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())
