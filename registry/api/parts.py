"""The parts that answers share: a layer's answer, an event, an agreement, a party."""

from typing import Final

from registry.api.wording import Schema, by_name, many, maybe, ref, shape, text, whole
from registry.domain.confidence import BY_WORD, THRESHOLDS
from registry.domain.layers import LAYERS

INSTANT: Final = text("RFC 3339, UTC.", format="date-time")
EVENT_IDS: Final = many(text(format="uuid"))
BOUNDS: Final = shape(
    "A first and a last possible day; null where there is no end.",
    {"earliest": maybe(text()), "latest": maybe(text())},
)
STATED: Final[Schema] = {
    "as_of": text("The time in the world that was asked about, in EDTF."),
    "known_at": shape(
        "The point of the register's knowledge that was asked about.",
        {"position": whole("As in `known_at=@position`."), "recorded_at": INSTANT},
    ),
    "confidence": text("The least confidence looked at.", enum=[each.word for each in THRESHOLDS]),
    "rules": whole("Version of the rules and of the format; the bytes are the same within one."),
}
EVIDENCE: Final = by_name(ref("RecordedEvent"), "The events that are named, by id.")


def answer(doc: str, told: Schema, may: Schema | None = None) -> Schema:
    return shape(doc, {**STATED, **told}, may)


def listing(doc: str, item: Schema, may: Schema | None = None) -> Schema:
    return answer(doc, {"items": many(item)}, may)


SUBJECT: Final[Schema] = {
    "type": "object",
    "description": 'Named by its parts: `{"pair": ["BOL", "USA"]}`, '
    '`{"sender": "USA", "receiver": "BOL"}`, `{"agreement": "...", "party": "BOL"}`.',
}
BASIS: Final = text(
    "`events`; `default` where nothing is recorded; `coverage` where a list that is stated to be "
    "complete is silent.",
    enum=["events", "default", "coverage"],
)
SHORT: Final[Schema] = {
    "value": maybe(text("What held, where only one value is possible.")),
    "certain": {"type": "boolean", "description": "Whether it held in every possible world."},
    "possible": many(text(), "Every value that may have held."),
    "basis": BASIS,
    "since": maybe(BOUNDS),
}
LAYER_ANSWER: Final = shape(
    "What held in one layer for one subject, how sure that is, since when, and who says so.",
    {
        "layer": text(enum=[*LAYERS, "bound"]),
        "subject": SUBJECT,
        **SHORT,
        "until": maybe(BOUNDS),
        "evidence": EVENT_IDS,
        "because": by_name(EVENT_IDS, "By value, the events that may have brought it about."),
        "undetermined": EVENT_IDS,
        "competing_claims": many(EVENT_IDS, "Events that are claims about one act."),
        "assumed": many(ref("Assumption")),
        "doubts": many(ref("Doubt")),
    },
    {
        "covered_until": maybe(text("The last day of the stated coverage; null: it has no end.")),
        "gaps": EVENT_IDS,
        "reading": text("The answer in words, where it could be misread."),
        "suspended_towards": many(text()),
    },
)
COVERED_UNTIL: Final = maybe(text("The last day of the stated coverage; null: it has no end."))
HELD: Final = shape(
    "What held for one subject of a layer.",
    {"subject": SUBJECT, **SHORT, "until": maybe(BOUNDS), "evidence": EVENT_IDS},
    {"covered_until": COVERED_UNTIL},
)
CITATION: Final = shape(
    "Where it is said, with the records of the source and of the one that cites it.",
    {
        "source": text(),
        "source_record": maybe(ref("Source")),
        "via": maybe(text()),
        "via_record": maybe(ref("Source")),
    },
    {"locator": text(), "quote": text(), "url": text(), "observed": text()},
)
RECORDED: Final[Schema] = {
    "event_id": text(format="uuid"),
    "type": text("As in /event-types."),
    "sources": many(CITATION),
    "position": whole("Its place in the log."),
    "moment": whole("The position from which it was known."),
    "recorded_at": INSTANT,
    "recorded_by": text(),
    "reviewed_by": maybe(text()),
    "stream": text("What its version is counted in."),
    "stream_version": whole(),
    "type_version": whole(),
    "standing": shape(
        "How the event stood at `known_at`.",
        {"state": text(enum=["live", "retracted", "erased"])},
        {
            "erased_by": text(),
            "retracted_by": text(),
            "amended_by": text(),
            "confidence_changed_by": text(),
        },
    ),
}
COMMON: Final[Schema] = {
    "occurred": text("When it happened, in EDTF."),
    "effective": text("When it took effect, in EDTF."),
    "confidence": text(enum=list(BY_WORD)),
    "reading": text("A claim in the words in which it may be repeated."),
}
NAMED: Final = shape("A party by its name on the day.", {"id": text(), "name": text()})
PARTY: Final[Schema] = {
    "id": text("For ever the same."),
    "name": text("On the day asked about."),
    "kind": text(),
    "names": many(
        shape(
            "A name, and since when.",
            {"name": text()},
            {"since": text(), "languages": by_name(text(), "Other languages' names.")},
        )
    ),
    "external_ids": by_name(text(), "Codes by scheme."),
}
AGREEMENT: Final[Schema] = {
    "id": text("Its slug, for ever the same."),
    "title": text("On the day asked about."),
    "kind": maybe(text()),
    "form": maybe(text()),
    "binding": maybe(text()),
    "topics": many(text()),
    "external_ids": by_name(text(), "Numbers elsewhere; `mtdsg` is the UN's treaty id."),
}
SHORT_ANSWER: Final = shape("A layer's answer, shortened.", SHORT)
BRIEF: Final = shape("An agreement.", AGREEMENT)
BETWEEN: Final = shape(
    "An agreement of the two.",
    {
        **AGREEMENT,
        "force": SHORT_ANSWER,
        "participation": by_name(SHORT_ANSWER, "By party."),
        "bound": by_name(SHORT_ANSWER, "By party."),
    },
)
SEGMENT: Final = shape(
    "A run of days on which a layer's answer is the same.",
    {
        "layer": text(),
        "subject": SUBJECT,
        "from": maybe(text("Its first day; null where there is none.")),
        "to": maybe(text("Its last day; null where there is none.")),
        "value": maybe(text()),
        "certain": {"type": "boolean"},
        "possible": many(text()),
        "because": by_name(EVENT_IDS, "By value, the events that may have brought it about."),
    },
)
CHANGE: Final = shape(
    "A layer whose answer on the second day is not that of the first.",
    {
        "layer": text(),
        "subject": SUBJECT,
        "before": ref("LayerAnswer"),
        "after": ref("LayerAnswer"),
    },
)
STATEMENT: Final = shape(
    "A reservation, declaration or objection, and how it stands.",
    {"event_id": text(format="uuid"), "answer": ref("LayerAnswer")},
    {
        "type": text(),
        "text": text(),
        "articles": many(text()),
        "to": text(),
        "opposes_entry_into_force": {"type": "boolean"},
        "occurred": text(),
        "effective": text(),
    },
)
PARTICIPANT: Final = shape(
    "A party to the agreement.",
    {
        "party": shape("", {"id": text(), "name": text(), "external_ids": PARTY["external_ids"]}),
        "participation": ref("LayerAnswer"),
        "denunciation": ref("LayerAnswer"),
        "provisional_application": ref("LayerAnswer"),
        "bound": ref("LayerAnswer"),
        "statements": many(STATEMENT),
        "territories": many(ref("LayerAnswer")),
    },
)
TYPE: Final = shape(
    "A type of event: what it says, what it sets, and how one is written.",
    {
        "type": text(),
        "version": whole(),
        "family": text(),
        "title": text(),
        "description": text(),
        "basis": maybe(text()),
        "cameo": many(text()),
        "sets": many({"type": "object"}),
        "schema": {"type": "object", "description": "JSON Schema 2020-12."},
        "columns": many({"type": "object"}),
        "form": {},
        "example": {"type": "object"},
    },
)
RECEIPT: Final = shape(
    "Where an event now stands in the log, and what is odd about it.",
    {
        "event_id": text(format="uuid"),
        "position": whole(),
        "recorded_at": INSTANT,
        "stream": text("With its version, what If-Match takes: `<stream>@<version>`."),
        "stream_version": whole(),
        "doubts": many(ref("Doubt")),
    },
)
HASH: Final = text("SHA-256 in hexadecimal.", pattern="^[0-9a-f]{64}$")
_SIZED: Final = shape("A log by its size and root hash.", {"size": whole(), "root": HASH})
EVENT_PROOF: Final = shape(
    "An event as it was hashed, and its path to a signed checkpoint (RFC 9162 2.1.3).",
    {
        "position": whole("Its place in the log, from 1."),
        "envelope": shape("What the leaf is the hash of.", {"payload_hash": HASH}, more=True),
        "payload": maybe(shape("Null once it was erased.", {"salt": HASH, "data": text()})),
        "leaf_index": whole("Its place among the leaves, from 0."),
        "leaf_hash": HASH,
        "path": many(HASH, "From the leaf upwards."),
        "size": whole("Of the log that the checkpoint signs."),
        "root": HASH,
        "checkpoint": text("A C2SP signed note."),
    },
)
GROWTH_PROOF: Final = shape(
    "That one log begins with another one (RFC 9162 2.1.4).",
    {"from": _SIZED, "to": _SIZED, "path": many(HASH)},
)
