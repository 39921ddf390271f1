"""The shapes of answers as JSON Schema: published in OpenAPI, and the columns of tables.

Answers are sent as the queries make them; a test holds every one against its shape.
"""

from typing import Any, Final

from registry.domain.confidence import BY_WORD, THRESHOLDS
from registry.domain.layers import LAYERS

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _text(doc: str = "", **more: Any) -> Schema:
    return {"type": "string", **({"description": doc} if doc else {}), **more}


def _whole(doc: str = "") -> Schema:
    return {"type": "integer", "minimum": 0, **({"description": doc} if doc else {})}


def _maybe(schema: Schema) -> Schema:
    if "type" in schema and "properties" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _many(schema: Schema, doc: str = "") -> Schema:
    return {"type": "array", "items": schema, **({"description": doc} if doc else {})}


def _by_name(schema: Schema, doc: str) -> Schema:
    return {"type": "object", "additionalProperties": schema, "description": doc}


def _object(doc: str, told: Schema, may: Schema | None = None, *, more: bool = False) -> Schema:
    """`told` is always there, `may` sometimes; `more`: fields that are not listed here."""
    shape: Schema = {
        "type": "object",
        "description": doc,
        "properties": {**told, **(may or {})},
        "required": list(told),
    }
    return shape if more else {**shape, "additionalProperties": False}


_INSTANT: Final = _text("RFC 3339, UTC.", format="date-time")
_EVENT_IDS: Final = _many(_text(format="uuid"))
_BOUNDS: Final = _object(
    "A first and a last possible day; null where there is no end.",
    {"earliest": _maybe(_text()), "latest": _maybe(_text())},
)
_STATED: Final[Schema] = {
    "as_of": _text("The time in the world that was asked about, in EDTF."),
    "known_at": _object(
        "The point of the register's knowledge that was asked about.",
        {"position": _whole("As in `known_at=@position`."), "recorded_at": _INSTANT},
    ),
    "confidence": _text("The least confidence looked at.", enum=[each.word for each in THRESHOLDS]),
    "rules": _whole("Version of the rules and of the format; the bytes are the same within one."),
}
_EVIDENCE: Final = _by_name(ref("RecordedEvent"), "The events that are named, by id.")


def _answer(doc: str, told: Schema, may: Schema | None = None) -> Schema:
    return _object(doc, {**_STATED, **told}, may)


def _list(doc: str, item: Schema, may: Schema | None = None) -> Schema:
    return _answer(doc, {"items": _many(item)}, may)


_SUBJECT: Final[Schema] = {
    "type": "object",
    "description": 'Named by its parts: `{"pair": ["BOL", "USA"]}`, '
    '`{"sender": "USA", "receiver": "BOL"}`, `{"agreement": "...", "party": "BOL"}`.',
}
_BASIS: Final = _text(
    "`events`; `default` where nothing is recorded; `coverage` where a list that is stated to be "
    "complete is silent.",
    enum=["events", "default", "coverage"],
)
_SHORT: Final[Schema] = {
    "value": _maybe(_text("What held, where only one value is possible.")),
    "certain": {"type": "boolean", "description": "Whether it held in every possible world."},
    "possible": _many(_text(), "Every value that may have held."),
    "basis": _BASIS,
    "since": _maybe(_BOUNDS),
}
_LAYER_ANSWER: Final = _object(
    "What held in one layer for one subject, how sure that is, since when, and who says so.",
    {
        "layer": _text(enum=[*LAYERS, "bound"]),
        "subject": _SUBJECT,
        **_SHORT,
        "until": _maybe(_BOUNDS),
        "evidence": _EVENT_IDS,
        "because": _by_name(_EVENT_IDS, "By value, the events that may have brought it about."),
        "undetermined": _EVENT_IDS,
        "competing_claims": _many(_EVENT_IDS, "Events that are claims about one act."),
        "assumed": _many(ref("Assumption")),
        "doubts": _many(ref("Doubt")),
    },
    {
        "covered_until": _text("The last day of the stated coverage."),
        "gaps": _EVENT_IDS,
        "reading": _text("The answer in words, where it could be misread."),
        "suspended_towards": _many(_text()),
    },
)
_CITATION: Final = _object(
    "Where it is said, with the records of the source and of the one that cites it.",
    {
        "source": _text(),
        "source_record": _maybe(ref("Source")),
        "via": _maybe(_text()),
        "via_record": _maybe(ref("Source")),
    },
    {"locator": _text(), "quote": _text(), "url": _text(), "observed": _text()},
)
_RECORDED: Final[Schema] = {
    "event_id": _text(format="uuid"),
    "type": _text("As in /event-types."),
    "sources": _many(_CITATION),
    "position": _whole("Its place in the log."),
    "moment": _whole("The position from which it was known."),
    "recorded_at": _INSTANT,
    "recorded_by": _text(),
    "reviewed_by": _maybe(_text()),
    "stream": _text("What its version is counted in."),
    "stream_version": _whole(),
    "type_version": _whole(),
    "standing": _object(
        "How the event stood at `known_at`.",
        {"state": _text(enum=["live", "retracted"])},
        {
            "retracted_by": _text(),
            "amended_by": _text(),
            "confidence_changed_by": _text(),
        },
    ),
}
_COMMON: Final[Schema] = {
    "occurred": _text("When it happened, in EDTF."),
    "effective": _text("When it took effect, in EDTF."),
    "confidence": _text(enum=list(BY_WORD)),
    "reading": _text("A claim in the words in which it may be repeated."),
}
_NAMED: Final = _object("A party by its name on the day.", {"id": _text(), "name": _text()})
_PARTY: Final[Schema] = {
    "id": _text("For ever the same."),
    "name": _text("On the day asked about."),
    "kind": _text(),
    "names": _many(
        _object(
            "A name, and since when.",
            {"name": _text()},
            {"since": _text(), "languages": _by_name(_text(), "Other languages' names.")},
        )
    ),
    "external_ids": _by_name(_text(), "Codes by scheme."),
}
_AGREEMENT: Final[Schema] = {
    "id": _text("Its slug, for ever the same."),
    "title": _text("On the day asked about."),
    "kind": _maybe(_text()),
    "form": _maybe(_text()),
    "binding": _maybe(_text()),
    "topics": _many(_text()),
    "external_ids": _by_name(_text(), "Numbers elsewhere; `mtdsg` is the UN's treaty id."),
}
_SHORT_ANSWER: Final = _object("A layer's answer, shortened.", _SHORT)
_BRIEF: Final = _object("An agreement.", _AGREEMENT)
_BETWEEN: Final = _object(
    "An agreement of the two.",
    {
        **_AGREEMENT,
        "force": _SHORT_ANSWER,
        "participation": _by_name(_SHORT_ANSWER, "By party."),
        "bound": _by_name(_SHORT_ANSWER, "By party."),
    },
)
_SEGMENT: Final = _object(
    "A run of days on which a layer's answer is the same.",
    {
        "layer": _text(),
        "subject": _SUBJECT,
        "from": _maybe(_text("Its first day; null where there is none.")),
        "to": _maybe(_text("Its last day; null where there is none.")),
        "value": _maybe(_text()),
        "certain": {"type": "boolean"},
        "possible": _many(_text()),
        "because": _by_name(_EVENT_IDS, "By value, the events that may have brought it about."),
    },
)
_CHANGE: Final = _object(
    "A layer whose answer on the second day is not that of the first.",
    {
        "layer": _text(),
        "subject": _SUBJECT,
        "before": ref("LayerAnswer"),
        "after": ref("LayerAnswer"),
    },
)
_STATEMENT: Final = _object(
    "A reservation, declaration or objection, and how it stands.",
    {"event_id": _text(format="uuid"), "answer": ref("LayerAnswer")},
    {
        "type": _text(),
        "text": _text(),
        "articles": _many(_text()),
        "to": _text(),
        "opposes_entry_into_force": {"type": "boolean"},
        "occurred": _text(),
        "effective": _text(),
    },
)
_PARTICIPANT: Final = _object(
    "A party to the agreement.",
    {
        "party": _object(
            "", {"id": _text(), "name": _text(), "external_ids": _PARTY["external_ids"]}
        ),
        "participation": ref("LayerAnswer"),
        "denunciation": ref("LayerAnswer"),
        "provisional_application": ref("LayerAnswer"),
        "bound": ref("LayerAnswer"),
        "statements": _many(_STATEMENT),
        "territories": _many(ref("LayerAnswer")),
    },
)
_TYPE: Final = _object(
    "A type of event: what it says, what it sets, and how one is written.",
    {
        "type": _text(),
        "version": _whole(),
        "family": _text(),
        "title": _text(),
        "description": _text(),
        "basis": _maybe(_text()),
        "cameo": _many(_text()),
        "sets": _many({"type": "object"}),
        "schema": {"type": "object", "description": "JSON Schema 2020-12."},
        "columns": _many({"type": "object"}),
        "form": {},
        "example": {"type": "object"},
    },
)
_RECEIPT: Final = _object(
    "Where an event now stands in the log, and what is odd about it.",
    {
        "event_id": _text(format="uuid"),
        "position": _whole(),
        "recorded_at": _INSTANT,
        "stream": _text("With its version, what If-Match takes: `<stream>@<version>`."),
        "stream_version": _whole(),
        "doubts": _many(ref("Doubt")),
    },
)

SHAPES: Final[dict[str, Schema]] = {
    "LayerAnswer": _LAYER_ANSWER,
    "Assumption": _object("An inference that is not in any source.", {}, more=True),
    "Doubt": _object(
        "Something odd in the history: recorded all the same, for editors to look at.",
        {"code": _text(), "message": _text(), "events": _EVENT_IDS},
        more=True,
    ),
    "Source": _object(
        "A source as recorded.",
        {"id": _text(), "kind": _text(), "title": _text(), "recorded": _text(format="uuid")},
        more=True,
    ),
    "RecordedEvent": _object(
        "An event of the log with the fields of its type.", _RECORDED, _COMMON, more=True
    ),
    "AgreementPage": _list(
        "Agreements.",
        _object(
            "An agreement and how far it came.",
            {**_AGREEMENT, "force": _SHORT_ANSWER, "conclusion": _SHORT_ANSWER},
        ),
    ),
    "AgreementAnswer": _answer(
        "An agreement, and each layer of it as a whole.",
        {
            **_AGREEMENT,
            "parties": _many(_text(), "Those that negotiated it."),
            "titles": _many(
                _object(
                    "", {"title": _text()}, {"since": _text(), "since_day": {"type": "integer"}}
                )
            ),
            "note": _maybe(_text()),
            "layers": _many(ref("LayerAnswer")),
            "evidence": _EVIDENCE,
        },
    ),
    "ParticipantList": _list(
        "The parties of an agreement, one row each.",
        _PARTICIPANT,
        {"agreement": _BRIEF, "evidence": _EVIDENCE},
    ),
    "Timeline": _list("Runs of days, layer by layer.", _SEGMENT),
    "EventPage": _list("Events in the order of the log.", ref("RecordedEvent")),
    "EventAnswer": {
        **_object(
            "An event and what was corrected of it.",
            {**_STATED, **_RECORDED, "corrections": _many(ref("RecordedEvent"))},
            {**_COMMON, "confidence": _text()},
            more=True,
        )
    },
    "PartyPage": _list("Parties.", _object("A party.", _PARTY)),
    "PartyAnswer": _answer(
        "A party: its names and codes, whether it existed, what it belonged to.",
        {
            **_PARTY,
            "codes": _many(_object("", {"scheme": _text(), "code": _text()}, {"valid": _text()})),
            "existence": ref("LayerAnswer"),
            "name_on_the_day": ref("LayerAnswer"),
            "memberships": _many(ref("LayerAnswer")),
            "evidence": _EVIDENCE,
        },
        {
            "began": _text(),
            "ended": _many(_maybe(_text())),
            "succeeded_by": _many(
                _object("", {"party": _text(), "mode": _text()}, {"occurred": _text()})
            ),
            "part_of": _text(),
            "note": _text(),
        },
    ),
    "PartyAgreementList": _list(
        "The agreements of a party.",
        _object(
            "An agreement, and how the party stands to it.",
            {
                "agreement": _BRIEF,
                "participation": ref("LayerAnswer"),
                "bound": ref("LayerAnswer"),
                "force": ref("LayerAnswer"),
            },
        ),
    ),
    "PartyRelationList": _list(
        "The relations of a party, by the other one.",
        _object(
            "Another party, and the layers between the two.",
            {"party": _NAMED, "layers": _many(ref("LayerAnswer"))},
        ),
    ),
    "RelationsAnswer": _answer(
        "How two parties stood to each other, layer by layer.",
        {
            "parties": _many(_NAMED),
            "layers": _many(ref("LayerAnswer")),
            "evidence": _EVIDENCE,
        },
        {
            "agreements": _many(_BETWEEN),
            "claims": _many(_object("What somebody says of it.", {"event_id": _text()}, more=True)),
            "conduct": _many(
                {"anyOf": [_text(format="uuid"), {"type": "object"}]}, "Events, in `evidence`."
            ),
        },
    ),
    "BetweenList": _list("The agreements of two parties.", _BETWEEN),
    "ChangeList": _list("What changed between two days.", _CHANGE),
    "EventTypeList": _object(
        "The catalogue of event types.", {"rules": _STATED["rules"], "items": _many(_TYPE)}
    ),
    "EventTypeAnswer": {
        **_TYPE,
        "properties": {"rules": _STATED["rules"], **_TYPE["properties"]},
        "required": ["rules", *_TYPE["required"]],
    },
    "RouteList": _object(
        "What can be asked here.",
        {
            "rules": _STATED["rules"],
            "items": _many(
                _object("", {"path": _text(), "methods": _many(_text()), "summary": _text()})
            ),
        },
    ),
    "Receipt": _RECEIPT,
    "ReceiptList": _object(
        "One receipt for each event, in order.", {"items": _many(ref("Receipt"))}
    ),
}


def item_of(shape: str) -> Schema:
    """The shape of an item of a list."""
    item: Schema = SHAPES[shape]["properties"]["items"]["items"]
    return item


def behind(schema: Schema) -> Schema:
    """The schema itself, or what it refers to, or the one of two that is not null."""
    if "$ref" in schema:
        return SHAPES[schema["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" in schema:
        return behind(schema["anyOf"][0])
    return schema
