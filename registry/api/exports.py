"""/exports: tables of what held, for other programs, each with its codebook."""

from collections.abc import Iterator
from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields

from registry.api.parameters import Listing, one_of, words
from registry.api.reading import Said, lists
from registry.api.streaming import Stream, streams
from registry.described.tables import Sheet, as_csv, as_json_lines, as_workbook
from registry.queries import exports
from registry.queries.exports import codebook as books
from registry.queries.exports.dyads import RULES
from registry.queries.exports.table import Asked, Table
from registry.queries.view import View
from registry.web.answering import CSV, NDJSON, XLSX

blueprint = Blueprint(
    "exports", __name__, description="Tables of what held, for other programs, with codebooks."
)


class Chosen(Listing):
    layer = fields.List(
        words("The name of a layer.", at_most=60),
        metadata={"description": "Of dyad-year: these layers; diplomatic_relations if left out."},
    )
    rule = one_of(
        "Of dyad-year: how the days of a year become one row; `last_day` when left out.", *RULES
    )


class InAnyForm(Chosen):
    format = one_of("By the Accept header when left out.", "json", "csv", "jsonl", "xlsx")


def _csv(found: Stream, _view: View) -> Iterator[bytes]:
    return as_csv(found.columns, found.items)


def _json_lines(found: Stream, _view: View) -> Iterator[bytes]:
    return as_json_lines(found.items)


def _workbook(found: Stream, _view: View) -> Iterator[bytes]:
    book = found.book() if found.book else ()
    sheets = (
        Sheet(str(found.said["table"]), found.columns, found.items),
        Sheet("codebook", books.COLUMNS, book),
    )
    return as_workbook(sheets)


@streams(
    blueprint,
    "/exports/<table>",
    "ExportedTable",
    InAnyForm,
    {CSV: _csv, NDJSON: _json_lines, XLSX: _workbook},
)
def table(view: View, said: Said, table: str) -> Stream:
    """Read a table of what held: party-day, dyad-year or participation.

    The years of dyad-year are those of `as_of`, as in `as_of=1990/2010`.
    """
    of, choice = _chosen(said, table)
    return Stream(
        {"table": of.name, "replication": books.line(books.replication(view, of, choice))},
        exports.rows(view, of, choice),
        [column.name for column in of.columns],
        lambda: books.codebook(view, of, choice),
    )


@lists(blueprint, "/exports/<table>/codebook", "Codebook", Chosen)
def codebook(view: View, said: Said, table: str) -> dict[str, Any]:
    """Read what the columns, layers and rules of a table mean, and how to get it again."""
    of, choice = _chosen(said, table)
    return {
        "table": of.name,
        "replication": books.line(books.replication(view, of, choice)),
        "items": books.codebook(view, of, choice),
    }


def _chosen(said: Said, name: str) -> tuple[Table, Asked]:
    of = exports.table(name)
    return of, exports.asked(of, tuple(said.get("layer", ())), said.get("rule"))
