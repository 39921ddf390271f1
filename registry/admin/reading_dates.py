"""What the register understands of a date, said back while it is typed."""

from typing import Any

from flask import request

from registry.admin import date_boxes
from registry.admin.desk import blueprint
from registry.admin.typed import Typed
from registry.domain import dates
from registry.domain.errors import Invalid
from registry.web.visiting import needs


@blueprint.get("/dates")
@needs("recorder")
def read_date() -> Any:
    """The inputs of one date as they are named in the form; `at`: the field."""
    at = request.args.get("at", "")[:200]
    typed = Typed((name, value[:200]) for name, value in request.args.items())
    try:
        read = date_boxes.read_boxes(at, typed)
    except Invalid as wrong:
        offers = [{"value": each, "words": dates.human(dates.parse(each))} for each in wrong.offers]
        return {"ok": False, "words": wrong.message, "offers": offers}
    return {"ok": True, "words": echo_of(read), "offers": []}


def echoes(typed: Typed) -> dict[str, str]:
    """By field, what is understood of each date that stands in a form."""
    found: dict[str, str] = {}
    for at in {name.rsplit(".", 1)[0] for name in typed if name.endswith((".year", ".text"))}:
        try:
            read = date_boxes.read_boxes(at, typed)
        except Invalid:
            continue
        found[at] = echo_of(read)
    return found


def echo_of(read: date_boxes.Read | None) -> str:
    """Read as: some day between 1 January and 31 December 2011."""
    if read is None:
        return ""
    words = date_boxes.echo(dates.parse(read.edtf))
    return f"Read as: {words}" + (f" (in the source: {read.verbatim})" if read.verbatim else "")
