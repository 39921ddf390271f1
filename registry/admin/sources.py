"""A source's page: what it is, where it and its archived copy are, how often it is cited."""

from typing import Any, Final

from flask import request

from registry.admin.desk import blueprint, engine, me
from registry.admin.events import listed
from registry.admin.parties import gone, registered, short
from registry.admin.telling import teller
from registry.admin.typed import typed_of
from registry.domain.events.register import SourceRecorded
from registry.queries import events as of_events
from registry.queries.entities import COUNTED, own_events, uses
from registry.queries.view import open_view
from registry.store.engine import reading
from registry.web.pages import page, plain
from registry.web.visiting import needs

CITED: Final = 30
"""Events that cite it and are listed, the latest."""


@blueprint.get("/sources/<source>")
@needs("reader")
def source(source: str) -> Any:
    """Show a source."""
    with reading(engine()) as conn:
        view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
        doc = view.directory.docs("source", [source]).get(source)
        if doc is None:
            return gone(view, "source", source)
        registration = registered(view, doc)
        used = uses(view, "source", source)
        own = own_events(view, "source", source, [SourceRecorded.TYPE])
        ids = [each for each in used.latest if each not in own]
        citing = listed(view, of_events.documents(view, ids[:CITED]).values())
        facts = teller(view, [registration]).facts(registration, but=("title", "confidence"))
    return page(
        "admin/source.html",
        title=doc["title"],
        source=doc,
        facts=facts,
        cited=used.total - 1,
        whole=used.whole,
        by_type=[
            (plain(name), number)
            for name, number in used.by_type.items()
            if name != SourceRecorded.TYPE
        ],
        counted=COUNTED,
        citing=citing,
        more=len(ids) > CITED,
        called=f"{str(doc['title']).replace('[', '(').replace(']', ')')} [{source}]",
        short=short(doc["recorded"], typed_of(SourceRecorded, registration), ("archived_url",)),
        may=me().may("recorder"),
        merges=me().may("reviewer"),
        gone=request.args.get("merged", "")[:100],
    )
