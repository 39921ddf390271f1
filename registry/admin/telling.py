"""Events told to who enters data: dates as the forms say them back."""

from functools import partial
from typing import Final

from registry.admin import date_boxes
from registry.domain import dates
from registry.domain.errors import Invalid
from registry.web import telling
from registry.web.telling import Words


def date_words(edtf: str) -> Words:
    """The date as it is said, and beside it what is understood by it."""
    try:
        date = dates.parse(edtf)
    except Invalid:
        return Words(edtf)
    text = dates.human(date)
    beside = "" if date.over.single else date_boxes.echo(date)
    return Words(text, beside if beside != text else "")


teller: Final = partial(telling.teller, when=date_words)
