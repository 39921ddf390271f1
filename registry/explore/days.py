"""The day that a page looks at, in the reader's language."""

from datetime import date

from babel.dates import format_date

from registry.domain.dates import human
from registry.domain.dates.gregorian import calendar_of
from registry.queries.view import View
from registry.web import languages


def day_said(view: View) -> str:
    """1 June 2009; 1 de junio de 2009."""
    asked = view.as_of
    if asked.earliest == asked.latest:
        year, month, day = calendar_of(asked.earliest)
        if year >= 1:
            return format_date(
                date(year, month, day), "long", locale=_LOCALES[languages.language()]
            )
    return human(asked)


_LOCALES = {"en": "en_GB", "es": "es"}
