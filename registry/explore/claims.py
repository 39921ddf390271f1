"""How what is only alleged is worded: by whom, on which day, where, and what is on record against it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from registry.domain.events.conduct import AccusationMade, StatementMade
from registry.explore.dates_said import at
from registry.explore.naming import Namer
from registry.queries import events as of_events
from registry.queries.view import View
from registry.store.tables import event, event_tag
from registry.web.languages import gettext as _
from registry.web.languages import text_of as t

Document = Mapping[str, Any]


def claim(document: Document, body: str, namer: Namer) -> str:
    """It is alleged (by X, on day D, in S) that ..., with the day of what is alleged."""
    who, day, source = _who(document, namer), _day(document), _where(document, namer)
    parts: dict[str, Any] = {"who": who, "day": day, "source": source}
    if document["type"] == AccusationMade.TYPE:
        parts |= {
            "against": namer.actor(document["against"]),
            "content": namer.plain(document["content"].strip()),
        }
        return namer.fill(
            t(
                "it is alleged (by %(who)s, %(day)s, in %(source)s), against %(against)s, that: %(content)s"
            ),
            parts,
        )
    parts["body"] = body
    if not document.get("occurred"):
        return namer.fill(
            t("it is alleged (by %(who)s, %(day)s, in %(source)s) that %(body)s"), parts
        )
    parts["when"] = at(document["occurred"])
    return namer.fill(
        t("it is alleged (by %(who)s, %(day)s, in %(source)s) that, %(when)s, %(body)s"), parts
    )


def denials(document: Document, replies: Sequence[Document], namer: Namer) -> Iterator[str]:
    """What is on record about it: that it is disputed and why, what was said of it, or nothing."""
    if document["confidence"] == "disputed":
        if reason := document.get("confidence_reason"):
            yield namer.fill(t("it is disputed: %(reason)s"), {"reason": namer.plain(reason)})
        else:
            yield _("a party or a source denies it")
    for each in replies:
        parts = {
            "who": namer.actor(each["by"]),
            "content": namer.plain(each["content"].strip()),
            "day": _day(each),
            "source": _where(each, namer),
        }
        yield namer.fill(
            t("answer on record (by %(who)s, %(day)s, in %(source)s): %(content)s"), parts
        )
    if not replies and document["confidence"] != "disputed":
        yield _("no denial is on record")


def replies_to(view: View, event_ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The statements about these events, or in answer to them, as they stand; also those about
    another claim of the same act.
    """
    wanted = list(event_ids)
    if not wanted:
        return {}
    same = _same_acts(view, wanted)
    tags = [f"event:{each}" for each in {*wanted, *same}]
    statement = (
        select(event.c.event_id)
        .join(event_tag, event_tag.c.position == event.c.position)
        .where(
            event_tag.c.tag.in_(tags),
            event.c.type == StatementMade.TYPE,
            event.c.position <= view.moment,
        )
        .order_by(event.c.position)
    )
    found = of_events.documents(view, view.conn.scalars(statement))
    replies: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for document in found.values():
        if document["standing"]["state"] == "retracted":
            continue
        for target in {document.get("about"), document.get("responds_to")} - {None}:
            for each in {str(target), *(i for i, others in same.items() if target in others)}:
                if each in wanted:
                    replies[each].append(document)
    return replies


def _same_acts(view: View, event_ids: Sequence[str]) -> dict[str, set[str]]:
    """The claims of the same act as each of these, those that they name and that name them."""
    tags = [f"event:{each}" for each in event_ids]
    statement = (
        select(event.c.event_id)
        .join(event_tag, event_tag.c.position == event.c.position)
        .where(event_tag.c.tag.in_(tags), event.c.position <= view.moment)
    )
    stood = of_events.standings(view, {*event_ids, *view.conn.scalars(statement)})
    linked: dict[str, set[str]] = defaultdict(set)
    for each, stands in stood.items():
        if stands.event is not None and stands.event.same_act_as:
            linked[each].add(stands.event.same_act_as)
            linked[stands.event.same_act_as].add(each)
    return {each: linked[each] for each in event_ids}


_NOBODY: Final = t("somebody who is not named")


def _who(document: Document, namer: Namer) -> str:
    """Who asserts it: as the record says, else whoever wrote or published the source."""
    if document["type"] in (AccusationMade.TYPE, StatementMade.TYPE):
        return namer.actor(document["by"])
    if by := document.get("claimed_by"):
        return namer.actor(by)
    record = _record(document)
    words = record.get("author") or record.get("publisher")
    return namer.plain(words) if words else _(_NOBODY)


def _day(document: Document) -> str:
    """When it was said: as the citation says, by the date of the source, or as a statement's own."""
    if document["type"] in (AccusationMade.TYPE, StatementMade.TYPE) and document.get("occurred"):
        return at(document["occurred"])
    observed = next((c["observed"] for c in document["sources"] if c.get("observed")), None)
    date = observed or _record(document).get("published")
    return at(date) if date else _("on a day that is not recorded")


def _where(document: Document, namer: Namer) -> str:
    cited = next(iter(document["sources"]), None)
    if cited is None:
        return _("a source that is not named")
    title = namer.linked(
        "source", cited["source"], (_record(document) or {}).get("title", cited["source"])
    )
    said = namer.fill(t("“%(title)s”"), {"title": title})
    if not cited.get("via"):
        return said
    via = namer.linked(
        "source", cited["via"], (cited.get("via_record") or {}).get("title", cited["via"])
    )
    return namer.fill(t("%(source)s, cited in “%(via)s”"), {"source": said, "via": via})


def _record(document: Document) -> Mapping[str, Any]:
    cited = next(iter(document["sources"]), None)
    return (cited or {}).get("source_record") or {}
