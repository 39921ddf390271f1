"""The day that a page looks at, in the reader's language."""

from registry.explore.dates_said import named
from registry.queries.view import View


def day_said(view: View) -> str:
    """1 June 2009; 1 de junio de 2009."""
    return named(view.as_of)
