"""Empty tables to fill in: the columns of an event type, each with a hint.

In CSV the hints are a row of their own below the header, each cell beginning with `# `; an import
skips that row, so it may be left. In XLSX they are comments on the header; choices are lists to
pick from, every cell is text (so a spreadsheet makes no other date of a date), and a second sheet
says the same in full.
"""

import csv
import io
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from registry import codec
from registry.described import Column, columns
from registry.domain.confidence import BY_WORD
from registry.domain.errors import Invalid
from registry.domain.fields import Kind, Told
from registry.domain.layers import LAYERS
from registry.ingest.generic import HINT
from registry.ingest.workbook import LAST_ROW

KINDS: Final = ("csv", "xlsx")
_ID: Final = Column(
    "id",
    "Your own number of the row, if you have one: given again with it, the row is found again.",
    required=False,
    path=("id",),
    told=Told("id", "id", Kind.TEXT, "", required=False, many=False, choices=(), record=None),
    listed=False,
)
_FORMS: Final = {
    Kind.DATE: "also as people write it: 20 June 2012, c. 2011, before 2012",
    Kind.PARTY: "or its name on the day of the event",
    Kind.NAMES: "es=Bolivia; en=Bolivia",
    Kind.CODES: "cow=145; isohist=YUCS@1992/2003",
    Kind.EXTERNAL_IDS: "mtdsg=6-18",
    Kind.SUBJECT: "pair=BOL,USA",
    Kind.CONTENT: "as JSON",
}


def template(type_: str, kind: str) -> bytes:
    """An empty table for events of the type; `registry import KIND FILE --type TYPE` reads it."""
    cls = codec.type_named(type_)
    if kind not in KINDS:
        raise Invalid(f"expected one of {', '.join(KINDS)}; got {kind[:40]!r}")
    every = [*columns(cls), _ID]
    return _csv(every) if kind == "csv" else _xlsx(cls.TYPE, every)


def hint(column: Column) -> str:
    """What a cell of the column holds, in one line."""
    parts = ["required" if column.required else "", column.description]
    if choices := _choices(column.told):
        parts.append(f"One of: {', '.join(choices)}.")
    if form := _FORMS.get(column.told.kind):
        parts.append(f"In a cell: {form}.")
    if column.listed:
        parts.append("Several are parted by ; in the cell.")
    return " ".join(part if part.endswith((".", ")")) else f"{part}." for part in parts if part)


def _choices(told: Told) -> tuple[str, ...]:
    match told.kind:
        case Kind.CHOICE:
            return told.choices
        case Kind.CONFIDENCE:
            return tuple(BY_WORD)
        case Kind.LAYER:
            return tuple(LAYERS)
        case Kind.YES_NO:
            return ("true", "false")
    return ()


def _csv(every: list[Column]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(each.name for each in every)
    writer.writerow(HINT + hint(each) for each in every)
    return text.getvalue().encode()


def _xlsx(type_: str, every: list[Column]) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = type_[:31]
    sheet.freeze_panes = "A2"
    lists: Any = book.create_sheet("choices")
    for place, each in enumerate(every, start=1):
        letter = get_column_letter(place)
        cell = sheet.cell(1, place, each.name)
        cell.font = Font(bold=True, underline="single" if each.required else None)
        cell.comment = Comment(hint(each), "registry", width=360, height=140)
        sheet.column_dimensions[letter].width = max(14, len(each.name) + 4)
        sheet.column_dimensions[letter].number_format = "@"
        if choices := _choices(each.told):
            for line, choice in enumerate((each.name, *choices), start=1):
                lists.cell(line, place, choice)
            if not each.listed:
                sheet.add_data_validation(_picked(letter, len(choices)))
    lists.sheet_state = "hidden"
    _explained(book.create_sheet("columns", 1), every)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _picked(letter: str, many: int) -> DataValidation:
    """A list to pick from; it stands in a sheet because a rule holds no more than 255 characters."""
    rule = DataValidation("list", formula1=f"choices!${letter}$2:${letter}${many + 1}")
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.error = "One of the list, please"
    rule.add(f"{letter}2:{letter}{LAST_ROW}")
    return rule


def _explained(sheet: Any, every: list[Column]) -> None:
    sheet.append(["column", "required", "what it holds"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for each in every:
        sheet.append([each.name, "yes" if each.required else "", hint(each)])
    for letter, width in (("A", 24), ("B", 10), ("C", 120)):
        sheet.column_dimensions[letter].width = width
    for cell in sheet["C"]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
