"""Many parties of one agreement on one page: a grid, typed or pasted from a spreadsheet."""

import csv
import uuid
from dataclasses import dataclass, field
from typing import Any, Final

from flask import redirect, request, url_for

from registry.admin import date_boxes, entering, picking, record
from registry.admin.asking import inputs
from registry.admin.desk import blueprint, engine, me
from registry.admin.reading_dates import echoes
from registry.admin.record import Form
from registry.admin.saving import Entry, Meanwhile, save, submitted
from registry.admin.typed import Typed, errors_of, rows_of, said_of
from registry.domain.catalogue import Event
from registry.domain.errors import Conflict, Invalid, NotFound, Problems
from registry.domain.fields import Kind, told_by
from registry.store.engine import reading
from registry.web.labels import labelled
from registry.web.pages import page, plain
from registry.web.visiting import needs

MOST: Final = 300
EMPTY: Final = 5
_ROWS: Final = "rows"


@dataclass
class Grid:
    """`columns`: wire name, label. `cells`: by row, what was typed in each column."""

    columns: list[tuple[str, str]]
    cells: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.columns]

    @property
    def shown(self) -> list[tuple[int, dict[str, str]]]:
        """The rows with something in them, and some empty ones."""
        last = max(self.cells, default=-1)
        empty = {row: dict.fromkeys(self.names, "") for row in range(last + 1, last + 1 + EMPTY)}
        return sorted((self.cells | empty).items())


@blueprint.route("/record/<type_>/rows", methods=["GET", "POST"])
@needs("recorder")
def record_rows(type_: str) -> Any:
    """Fill in a grid: common values once on top, a row for each party."""
    cls = record.type_of(type_)
    if not record.has_rows(cls):
        raise NotFound(f"{plain(type_)} is entered one at a time.")
    if request.method == "GET":
        form = record.opened(cls)
        return _show(form, _grid(cls, form.typed))
    form = record.sent(cls)
    grid = _grid(cls, form.typed)
    action = request.form.get("action", "preview")
    if action == "paste":
        _paste(grid, request.form.get("pasted", ""), form)
        return _show(form, grid, 422 if form.errors else 200)
    if action.startswith(record.MORE):
        return _show(form, grid)
    entry = _entry(form, grid)
    if entry is None:
        return _show(form, grid, 422)
    if action == "preview":
        return _show(form, grid, preview=_previewed(form, grid, entry))
    return _save(form, grid, entry)


def columns_of(cls: type[Event]) -> list[tuple[str, str]]:
    """The party, the dates of the type, and a remark."""
    dated = [one.wire for one in told_by(cls) if one.kind is Kind.DATE]
    return [(each, labelled(each)) for each in ("party", *dated, "note")]


def _grid(cls: type[Event], typed: Typed) -> Grid:
    grid = Grid(columns_of(cls))
    for row in rows_of(typed, _ROWS)[:MOST]:
        grid.cells[row] = {name: typed.get(f"{_ROWS}.{row}.{name}", "") for name in grid.names}
    return grid


def _paste(grid: Grid, pasted: str, form: Form) -> None:
    """Add the rows of a spreadsheet, its columns in the order of the grid or as its first row says."""
    lines = list(csv.reader(pasted.replace("\r\n", "\n").split("\n"), delimiter="\t"))
    lines = [[cell.strip() for cell in line] for line in lines if any(c.strip() for c in line)]
    if not lines:
        form.errors.append(("pasted", "Paste the rows of a spreadsheet first"))
        return
    by_words = {words.casefold(): name for name, words in grid.columns}
    by_words |= {name.casefold(): name for name in grid.names} | {"date": "occurred"}
    header = [by_words.get(cell.casefold()) for cell in lines[0]]
    if "party" in header:
        unknown = [c for c, n in zip(lines.pop(0), header, strict=True) if c and n is None]
        if unknown:
            form.errors.append(("pasted", f"There is no column “{unknown[0][:40]}” here"))
            return
    else:
        header = list(grid.names)
    if len(lines) + len(grid.cells) > MOST:
        form.errors.append(("pasted", f"At most {MOST} rows at once; for more use the import"))
        return
    first = max(grid.cells, default=-1) + 1
    for row, line in enumerate(lines, start=first):
        if len(line) > len(header):
            form.errors.append(("pasted", f"Row {row + 1} has more columns than the grid"))
            return
        cells = dict.fromkeys(grid.names, "")
        cells |= {name: cell for name, cell in zip(header, line, strict=False) if name}
        grid.cells[row] = cells
    form.typed.pop("pasted", None)


def _entry(form: Form, grid: Grid) -> Entry | None:
    """All rows as events, what is entered in place before them; None with `errors`."""
    events: list[tuple[str, dict[str, Any]]] = []
    _common(form, grid)
    for at, kind in entering.places(form.cls, form.typed):
        new, wrong = entering.said_of_new(kind, at, form.typed)
        form.refuse(wrong)
        events.append((entering.event_id_of(form.event_id, at), new))
    if not grid.cells:
        form.errors.append((f"{_ROWS}.0.party", "Fill in at least one row"))
    with reading(engine()) as conn:
        for row, cells in sorted(grid.cells.items()):
            typed, problems = picking.settled(
                conn, form.cls, _row(form.typed, cells), form.event_id
            )
            cells["party"] = typed.get("party", cells["party"])
            said, unread = said_of(form.cls, typed)
            for each in (*problems, *unread):
                if (name := _column(each.field, grid)) is not None:
                    form.refuse(
                        [Invalid(f"Row {row + 1}, {each.message}", _at(row, name), each.offers)]
                    )
            events.append((_id_of(form.event_id, row), said))
    entry = Entry(events, form.seen, f"{plain(form.cls.TYPE)}: {len(grid.cells)} parties")
    try:
        submitted(entry)
    except Problems as wrong_said:
        _refuse(form, grid, wrong_said)
    return None if form.errors else entry


def _common(form: Form, grid: Grid) -> None:
    """What is wrong with the values on top, told once."""
    _, problems = said_of(form.cls, _row(form.typed, dict.fromkeys(grid.names, "")))
    form.refuse(each for each in problems if _column(each.field, grid) is None)


def _refuse(form: Form, grid: Grid, wrong: Problems) -> None:
    """Beside the cell; what is wrong with a common value once, on top."""
    new = len(list(entering.places(form.cls, form.typed)))
    for place, (row, cells) in enumerate(sorted(grid.cells.items()), start=new):
        prefix = f"events[{place}]."
        own = [each for each in wrong.each if (each.field or "").startswith(prefix)]
        for at, words in errors_of(form.cls, _row(form.typed, cells), own, prefix):
            name = _column(at, grid)
            error = (at, words) if name is None else (_at(row, name), f"Row {row + 1}, {words}")
            if error[0] not in [known for known, _ in form.errors]:
                form.errors.append(error)
    if not form.errors:
        form.refuse(Invalid(each.message, "top") for each in wrong.each)


def _row(typed: Typed, cells: dict[str, str]) -> Typed:
    """The whole form of one row: the common values, and its own."""
    dated = [name for name in cells if name not in ("party", "note")]
    whole = Typed(
        (name, value)
        for name, value in typed.items()
        if not name.startswith((f"{_ROWS}.", *(f"{each}." for each in dated)))
    )
    whole["party"] = cells["party"]
    for each in dated:
        whole[f"{each}.text"] = cells[each]
    whole["note"] = "\n".join(each for each in (typed.get("note", ""), cells["note"]) if each)
    return whole


def _column(at: str | None, grid: Grid) -> str | None:
    name = (at or "").split(".")[0]
    return name if name in grid.names and name != "note" else None


def _at(row: int, name: str) -> str:
    return f"{_ROWS}.{row}.{name}"


def _id_of(event_id: str, row: int) -> str:
    return str(uuid.uuid5(uuid.UUID(event_id), f"row {row}"))


def _previewed(form: Form, grid: Grid, entry: Entry) -> Any:
    from registry.admin.preview import preview  # noqa: PLC0415 - folds only when asked

    found = preview(engine(), submitted(entry), me().name)
    if found.problems:
        _refuse(form, grid, Problems(list(found.problems)))
    return found


def _save(form: Form, grid: Grid, entry: Entry) -> Any:
    try:
        saved = save(me(), entry, confirmed=False)
    except Problems as wrong:
        _refuse(form, grid, wrong)
        return _show(form, grid, 422)
    except (Conflict, NotFound) as wrong:
        form.refuse([Invalid(str(wrong), "top")])
        return _show(form, grid, 409 if isinstance(wrong, Conflict) else 422)
    if isinstance(saved, Meanwhile):
        form.seen = saved.seen
        return _show(form, grid, 409, meanwhile=saved)
    if saved.draft:
        return redirect(url_for("admin.waiting", draft_id=saved.draft), 303)
    return redirect(record.told_of_saving(saved), 303)


def _show(
    form: Form,
    grid: Grid,
    status: int = 200,
    preview: Any = None,
    meanwhile: Meanwhile | None = None,
) -> Any:
    common = [
        one.wire for one in told_by(form.cls) if one.wire not in grid.names or one.wire == "note"
    ]
    offers = {at: choices for at, choices in form.offers.items() if at.startswith(f"{_ROWS}.")}
    return page(
        "admin/rows.html",
        status,
        title=f"{plain(form.cls.TYPE).capitalize()}: many parties",
        type_=form.cls.TYPE,
        about=record.first_sentence(form.cls),
        sections=inputs(
            form.cls,
            form.typed,
            form.errors,
            form.offers,
            only=common,
            echoes=echoes(form.typed),
        ),
        grid=grid,
        offers=offers,
        said={at: _echo(cell) for at, cell in _dates(grid)},
        pasted=form.typed.get("pasted", ""),
        errors=form.errors,
        event_id=form.event_id,
        seen=form.seen,
        preview=preview,
        meanwhile=record.shown(meanwhile),
        fresh=request.method == "GET" and not request.args.get("kept"),
    )


def _dates(grid: Grid) -> list[tuple[str, str]]:
    return [
        (_at(row, name), cell)
        for row, cells in grid.cells.items()
        for name, cell in cells.items()
        if cell and name not in ("party", "note")
    ]


def _echo(cell: str) -> str:
    try:
        return date_boxes.echo(date_boxes.parsed(cell))
    except Invalid:
        return ""
