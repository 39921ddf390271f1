"""The start page: what waits for me, what was recorded last, doubts to look at, import runs."""

from typing import Any

from registry.admin.desk import blueprint
from registry.web.pages import page
from registry.web.visiting import needs


@blueprint.get("/")
@needs("reader")
def start() -> Any:
    """Show what waits for the visitor."""
    return page("admin/start.html", title="Data entry")
