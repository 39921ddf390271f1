"""What the pages of data entry link to on top, by what the visitor may do."""

from dataclasses import dataclass
from typing import Final

from flask import current_app, request, url_for

from registry.admin.desk import blueprint
from registry.store.accounts import Account
from registry.web.visiting import needed

ENTRIES: Final = (
    ("admin.record", "Record"),
    ("admin.events", "Events"),
    ("admin.drafts", "Review"),
    ("admin.imports", "Import"),
    ("admin.entities", "Parties and sources"),
    ("admin.audit", "Audit"),
    ("admin.people", "People"),
    ("admin.state", "State"),
)
"""The page, and its words; who may not open it does not see it."""


@dataclass(frozen=True)
class Entry:
    url: str
    words: str
    here: bool


@blueprint.app_context_processor
def _menu() -> dict[str, object]:
    return {"menu": menu}


@blueprint.app_template_filter("is_page")
def _is_page(endpoint: str) -> bool:
    """Whether this installation has the page."""
    return endpoint in current_app.view_functions


def menu(account: Account) -> list[Entry]:
    views = current_app.view_functions
    return [
        Entry(url, words, request.path.startswith(url))
        for endpoint, words in ENTRIES
        if endpoint in views
        and account.may(needed(views[endpoint]) or "reader")
        and (url := url_for(endpoint))
    ]
