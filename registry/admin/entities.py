"""Parties, agreements and sources: found by name or code, page by page; and those that may be one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import request, url_for

from registry.admin.desk import blueprint, engine, me
from registry.admin.merging import page_of
from registry.domain.errors import NotFound
from registry.domain.parties import coded
from registry.queries import parties as of_parties
from registry.queries.duplicates import SHOWN, Likely, likely
from registry.queries.entities import KINDS, found, name_of
from registry.queries.view import View, open_view
from registry.store.engine import reading
from registry.web.pages import page, plain
from registry.web.visiting import needs

PAGE: Final = 50
WORDS: Final = {"party": "Parties", "agreement": "Agreements", "source": "Sources"}


@dataclass(frozen=True)
class Row:
    """`beside`: other names, codes, the publisher."""

    url: str
    key: str
    name: str
    kind: str
    beside: str


@dataclass(frozen=True)
class Pair:
    first: Row
    second: Row
    why: str


@blueprint.get("/entities")
@needs("reader")
def entities() -> Any:
    """List what is on record of one kind."""
    kind = request.args.get("kind", "party")
    if kind not in KINDS:
        raise NotFound("There is no such list.")
    asked = request.args.get("q", "").replace("\x00", "").strip()[:200]
    after = request.args.get("after", "").replace("\x00", "")[:120]
    twice = request.args.get("duplicates") == "1"
    rows: list[Row] = []
    pairs: list[Pair] = []
    following, whole = None, True
    with reading(engine()) as conn:
        view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
        if twice:
            looked = likely(view, kind)
            pairs, whole = [_pair(kind, each) for each in looked.pairs], looked.whole
        elif kind == "party":
            rows, following = _parties(view, asked, after)
        else:
            rows, following = _titled(view, kind, asked, after)
    return page(
        "admin/entities.html",
        title="Parties and sources",
        kind=kind,
        kinds=[(each, WORDS[each]) for each in KINDS],
        asked=asked,
        rows=rows,
        twice=twice,
        pairs=pairs,
        most=len(pairs) >= SHOWN,
        whole=whole,
        merges=me().may("reviewer"),
        records=me().may("recorder"),
        following=_following(kind, asked, following),
        gone=request.args.get("merged", "")[:100],
    )


def _following(kind: str, asked: str, after: str | None) -> str | None:
    if after is None:
        return None
    return url_for("admin.entities", kind=kind, q=asked or None, after=after)


def _parties(view: View, asked: str, after: str) -> tuple[list[Row], str | None]:
    start = int(after) if after.isdigit() and len(after) < 8 else 0
    code = coded(asked)  # cow:145
    listed = of_parties.listed(view, {"q": code[1] if code else asked}, start, PAGE)
    if code:
        docs = view.directory.docs("party", [each["id"] for each in listed.items])
        listed = replace(listed, items=[e for e in listed.items if _has(docs[e["id"]], *code)])
    rows = [
        Row(
            page_of("party", each["id"]),
            each["id"],
            each["name"],
            plain(each["kind"]),
            _names(each),
        )
        for each in listed.items
    ]
    return rows, None if listed.next is None else str(listed.next)


def _has(party: Mapping[str, Any], scheme: str, code: str) -> bool:
    return any(
        each["scheme"] == scheme and each["code"].upper() == code.upper()
        for each in party.get("codes", ())
    )


def _names(party: Mapping[str, Any]) -> str:
    codes = sorted(
        {str(each) for each in party["external_ids"].values()} - {party["id"], party["name"]}
    )
    others = {each["name"] for each in party["names"]} - {party["name"]}
    return "; ".join(part for part in (", ".join(sorted(others)), ", ".join(codes)) if part)


def _titled(view: View, kind: str, asked: str, after: str) -> tuple[list[Row], str | None]:
    docs = found(view, kind, asked, after, PAGE)
    rows = [
        Row(
            page_of(kind, doc["id"])
            if kind == "source"
            else url_for("admin.event", event_id=doc["recorded"]),
            doc["id"],
            name_of(view, kind, doc),
            plain(doc.get("kind") or ""),
            _published(doc) if kind == "source" else ", ".join(doc["parties"][:12]),
        )
        for doc in docs[:PAGE]
    ]
    return rows, docs[PAGE - 1]["id"] if len(docs) > PAGE else None


def _published(doc: Mapping[str, Any]) -> str:
    return ", ".join(str(doc[each]) for each in ("publisher", "author") if doc.get(each))


def _pair(kind: str, each: Likely) -> Pair:
    return Pair(
        _half(kind, each.first, each.first_name),
        _half(kind, each.second, each.second_name),
        each.why,
    )


def _half(kind: str, key: str, name: str) -> Row:
    return Row(page_of(kind, key), key, name, "", "")
