"""The shapes of answers as JSON Schema: published in OpenAPI, and the columns of tables.

Answers are sent as the queries make them; a test holds every one against its shape.
"""

from typing import Final

from registry.api import parts
from registry.api.wording import Schema, many, maybe, ref, shape, text, whole

SHAPES: Final[dict[str, Schema]] = {
    "LayerAnswer": parts.LAYER_ANSWER,
    "Assumption": shape("An inference that is not in any source.", {}, more=True),
    "Doubt": shape(
        "Something odd in the history: recorded all the same, for editors to look at.",
        {"code": text(), "message": text(), "events": parts.EVENT_IDS},
        more=True,
    ),
    "Source": shape(
        "A source as recorded.",
        {"id": text(), "kind": text(), "title": text(), "recorded": text(format="uuid")},
        more=True,
    ),
    "RecordedEvent": shape(
        "An event of the log with the fields of its type.", parts.RECORDED, parts.COMMON, more=True
    ),
    "AgreementPage": parts.listing(
        "Agreements.",
        shape(
            "An agreement and how far it came.",
            {**parts.AGREEMENT, "force": parts.SHORT_ANSWER, "conclusion": parts.SHORT_ANSWER},
        ),
    ),
    "AgreementAnswer": parts.answer(
        "An agreement, and each layer of it as a whole.",
        {
            **parts.AGREEMENT,
            "parties": many(text(), "Those that negotiated it."),
            "titles": many(shape("A title, and since when.", {"title": text()}, {"since": text()})),
            "note": maybe(text()),
            "layers": many(ref("LayerAnswer")),
            "evidence": parts.EVIDENCE,
        },
    ),
    "ParticipantList": parts.listing(
        "The parties of an agreement, one row each.",
        parts.PARTICIPANT,
        {"agreement": parts.BRIEF, "evidence": parts.EVIDENCE},
    ),
    "Timeline": parts.listing("Runs of days, layer by layer.", parts.SEGMENT),
    "EventPage": parts.listing("Events in the order of the log.", ref("RecordedEvent")),
    "EventAnswer": {
        **shape(
            "An event and what was corrected of it.",
            {**parts.STATED, **parts.RECORDED, "corrections": many(ref("RecordedEvent"))},
            {**parts.COMMON, "confidence": text()},
            more=True,
        )
    },
    "PartyPage": parts.listing("Parties.", shape("A party.", parts.PARTY)),
    "PartyAnswer": parts.answer(
        "A party: its names and codes, whether it existed, what it belonged to.",
        {
            **parts.PARTY,
            "codes": many(shape("", {"scheme": text(), "code": text()}, {"valid": text()})),
            "existence": ref("LayerAnswer"),
            "name_on_the_day": ref("LayerAnswer"),
            "memberships": many(ref("LayerAnswer")),
            "evidence": parts.EVIDENCE,
        },
        {
            "began": text(),
            "ended": many(maybe(text())),
            "succeeded_by": many(
                shape("", {"party": text(), "mode": text()}, {"occurred": text()})
            ),
            "part_of": text(),
            "note": text(),
        },
    ),
    "PartyAgreementList": parts.listing(
        "The agreements of a party.",
        shape(
            "An agreement, and how the party stands to it.",
            {
                "agreement": parts.BRIEF,
                "participation": ref("LayerAnswer"),
                "bound": ref("LayerAnswer"),
                "force": ref("LayerAnswer"),
            },
        ),
    ),
    "PartyRelationList": parts.listing(
        "The relations of a party, by the other one.",
        shape(
            "Another party, and the layers between the two.",
            {"party": parts.NAMED, "layers": many(ref("LayerAnswer"))},
        ),
    ),
    "RelationsAnswer": parts.answer(
        "How two parties stood to each other, layer by layer.",
        {
            "parties": many(parts.NAMED),
            "layers": many(ref("LayerAnswer")),
            "evidence": parts.EVIDENCE,
        },
        {
            "agreements": many(parts.BETWEEN),
            "claims": many(shape("What somebody says of it.", {"event_id": text()}, more=True)),
            "conduct": many(
                {"anyOf": [text(format="uuid"), {"type": "object"}]}, "Events, in `evidence`."
            ),
        },
    ),
    "BetweenList": parts.listing("The agreements of two parties.", parts.BETWEEN),
    "ChangeList": parts.listing("What changed between two days.", parts.CHANGE),
    "SearchList": parts.listing(
        "What goes by these words.",
        shape(
            "A party, an agreement, a person, a topic, a source or an event.",
            {
                "kind": text(),
                "id": text("Of a person or a topic, its words."),
                "title": text("Of an event, its type."),
                "snippet": maybe(text("Where the words were found, if not in the title.")),
                "marks": many(many(whole()), "From and to which letter of it they stand."),
                "events": parts.EVENT_IDS,
            },
        ),
        {
            "q": text("The words by which it was found."),
            "instead_of": maybe(text("The words asked, where nothing is recorded under them.")),
            "more": many(text(), "The kinds of which there is more than is listed."),
            "evidence": parts.EVIDENCE,
        },
    ),
    "Network": parts.listing("The world on a day.", parts.HELD, {"layer": text()}),
    "ExportedTable": parts.listing(
        "A table of what held.",
        shape("A row; its columns are in the codebook.", {}, more=True),
        {"table": text(), "replication": text("What to ask, of which log, to get it again.")},
    ),
    "Codebook": parts.listing(
        "What goes with a table.",
        shape(
            "A column, a layer, a rule, a threshold, or what to ask to get the table again.",
            {"part": text(), "name": text(), "kind": text(), "text": text()},
        ),
        {"table": text(), "replication": text()},
    ),
    "EventTypeList": shape(
        "The catalogue of event types.", {"rules": parts.STATED["rules"], "items": many(parts.TYPE)}
    ),
    "EventTypeAnswer": {
        **parts.TYPE,
        "properties": {"rules": parts.STATED["rules"], **parts.TYPE["properties"]},
        "required": ["rules", *parts.TYPE["required"]],
    },
    "RouteList": shape(
        "What can be asked here.",
        {
            "rules": parts.STATED["rules"],
            "items": many(shape("", {"path": text(), "methods": many(text()), "summary": text()})),
        },
    ),
    "EventProof": parts.EVENT_PROOF,
    "GrowthProof": parts.GROWTH_PROOF,
    "Receipt": parts.RECEIPT,
    "ReceiptList": shape("One receipt for each event, in order.", {"items": many(ref("Receipt"))}),
}


def item_of(name: str) -> Schema:
    """The shape of an item of a list."""
    item: Schema = SHAPES[name]["properties"]["items"]["items"]
    return item


def behind(schema: Schema) -> Schema:
    """The schema itself, or what it refers to, or the one of two that is not null."""
    if "$ref" in schema:
        return SHAPES[schema["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" in schema:
        return behind(schema["anyOf"][0])
    return schema
