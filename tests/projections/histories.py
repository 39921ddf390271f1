"""Random histories: few parties and a narrow time, so that everything touches everything."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from hypothesis import strategies as st

from tests.store.given import BACKGROUND, COCA, DRUGS, Wire

Move = dict[str, Any]
History = list[list[Move]]

PARTIES: Final = ("BOL", "USA", "IRN")
AGREEMENTS: Final = (COCA, DRUGS)
CORRECTIONS: Final = ("event.retracted", "event.amended", "event.confidence_changed")

_date = st.sampled_from(
    (
        *("2007", "2007?", "2007-12/2008-02", "2008", "2008-06", "2008-06-15", "2008-06-16"),
        *("2008-06-14/2008-06-16", "2008-22", "2008-05/..", "[..2008-06]", "[2008..2009]"),
        *("[2008,2010]", "[2008-03-01..]", "2009~", "2009-01-01", "2009-03", "200X"),
    )
)
_maybe_date = st.one_of(st.none(), st.none(), _date)
_confidence = st.sampled_from(("confirmed", "reported", "reported", "alleged", "disputed"))
_party = st.sampled_from(PARTIES)
_agreement = st.sampled_from(AGREEMENTS)
_pair = st.sampled_from((["BOL", "USA"], ["BOL", "USA"], ["BOL", "IRN"]))
_ways = st.sampled_from((("USA", "BOL"), ("USA", "BOL"), ("BOL", "USA")))
_reference = st.one_of(*(st.none() for _ in range(3)), st.integers(0, 6))


def _type(*names: str) -> st.SearchStrategy[str]:
    return st.sampled_from(names)


def _event(types: st.SearchStrategy[str], **fields: st.SearchStrategy[Any]) -> Any:
    return st.fixed_dictionaries(
        {"type": types, "occurred": _date, "confidence": _confidence, **fields}
        | {"same_act_as": _reference, "follows": _reference}
    )


def _directed(types: st.SearchStrategy[str], **fields: st.SearchStrategy[Any]) -> Any:
    return st.builds(
        lambda event, way: event | {"sender": way[0], "receiver": way[1]},
        _event(types, **fields),
        _ways,
    )


_subjects = st.one_of(
    st.tuples(
        st.just("diplomatic_relations"),
        st.builds(lambda pair: {"pair": pair}, _pair),
        st.sampled_from(("established", "severed", "none")),
    ),
    st.tuples(
        st.just("participation"),
        st.builds(lambda a, p: {"agreement": a, "party": p}, _agreement, _party),
        st.sampled_from(("party", "contracting", "none")),
    ),
    st.tuples(
        st.just("representation"),
        st.builds(lambda way: {"sender": way[0], "receiver": way[1]}, _ways),
        st.sampled_from(("embassy", "legation", "none")),
    ),
    st.tuples(
        st.just("force"),
        st.builds(lambda a: {"agreement": a}, _agreement),
        st.sampled_from(("in_force", "suspended")),
    ),
)


def _about(type_: str, *, valued: bool) -> Any:
    return st.builds(
        lambda event, about: (
            event
            | {"layer": about[0], "subject": about[1]}
            | ({"value": about[2]} if valued else {})
        ),
        _event(st.just(type_), over=_date),
        _subjects,
    )


_participation = st.one_of(
    _event(
        _type("agreement.signed"),
        agreement=_agreement,
        party=_party,
        effective=_maybe_date,
        definitive=st.sampled_from((None, None, True)),
    ),
    _event(
        _type(
            *("agreement.ratified", "agreement.ratified", "agreement.acceded"),
            *("agreement.denunciation_notified", "agreement.denunciation_notified"),
            *("agreement.denunciation_retracted", "agreement.withdrew"),
            *("agreement.entered_into_force_for", "agreement.signature_withdrawn"),
            *("agreement.signed_ad_referendum", "agreement.signature_confirmed"),
            *("agreement.provisionally_applied", "agreement.succeeded_to"),
        ),
        agreement=_agreement,
        party=_party,
        effective=_maybe_date,
    ),
)
_delay = st.sampled_from((None, {"days": 30}, {"months": 1, "first_of_next_month": True}))
_agreements = st.one_of(
    _event(
        _type(
            *("agreement.entered_into_force", "agreement.terminated", "agreement.suspended"),
            *("agreement.provisionally_in_force", "agreement.announced", "agreement.text_adopted"),
        ),
        agreement=_agreement,
    ),
    _event(
        _type("agreement.retitled"), agreement=_agreement, title=st.sampled_from(("One", "Another"))
    ),
)
_rules = st.one_of(
    _event(
        _type("agreement.entry_into_force_rule_set"),
        agreement=_agreement,
        rule=st.just("on_nth_consent"),
        n=st.integers(1, 2),
        delay=_delay,
    ),
    _event(
        _type("agreement.entry_into_force_rule_set"),
        agreement=_agreement,
        rule=st.just("on_signature"),
        delay=_delay,
    ),
    _event(
        _type("agreement.entry_into_force_rule_set"),
        agreement=_agreement,
        rule=st.just("on_exchange"),
        named=st.just(["BOL", "USA"]),
    ),
)
_relations = _event(
    _type(
        *("relations.established", "relations.severed", "relations.severed"),
        *("relations.reestablished", "relations.interrupted"),
    ),
    parties=_pair,
)
_missions = st.one_of(
    _directed(_type("mission.opened"), level=st.sampled_from(("embassy", "legation"))),
    _directed(_type("mission.closed", "head_of_mission.left", "head_of_mission.left")),
    _directed(_type("head_of_mission.returned", "head_of_mission.charge_designated")),
    _directed(
        _type("head_of_mission.credentials_presented"),
        class_=st.sampled_from(("ambassador", "envoy")),
    ),
)
_conduct = st.one_of(
    _event(
        _type("conduct.agency_expelled", "conduct.agency_established", "conduct.agency_withdrawn"),
        sender=st.just("USA"),
        host=st.just("BOL"),
        agency=st.just("US-DEA"),
        effective=_maybe_date,
    ),
    _event(
        _type(
            *("conduct.assistance_provided", "conduct.assistance_suspended"),
            *("conduct.assistance_ended", "agreement.commitment_made"),
        ),
        provider=st.just("USA"),
        recipient=st.just("BOL"),
        kind=st.just("training"),
        under=st.sampled_from((None, COCA)),
    ),
)
_others = st.one_of(
    _event(
        _type("recognition.granted", "recognition.refused", "recognition.withdrawn"),
        from_=st.just("BOL"),
        to=st.just("IRN"),
    ),
    _event(
        _type("party.renamed"),
        party=_party,
        name=st.sampled_from(("Plurinational State", "Republic", "Islamic Republic")),
    ),
    _event(_type("party.ended"), party=_party),
    _about("status.observed", valued=True),
    _about("coverage.stated", valued=False),
    _about("gap.stated", valued=False),
)
_told = st.one_of(
    *(_participation, _participation, _participation, _agreements, _rules, _relations),
    *(_relations, _missions, _missions, _conduct, _others),
)
_correction = st.one_of(
    st.fixed_dictionaries({"type": st.just("event.retracted"), "target": st.integers(0, 9)}),
    st.fixed_dictionaries({"type": st.just("event.retracted"), "target": st.integers(0, 3)}),
    st.fixed_dictionaries(
        {"type": st.just("event.amended"), "target": st.integers(0, 9), "event": _told}
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("event.confidence_changed"),
            "target": st.integers(0, 9),
            "to": _confidence,
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("event.amended"),
            "agreement": st.sampled_from((0, 1)),
            "parties": st.sampled_from((["BOL"], ["BOL", "USA", "IRN"], ["USA"])),
        }
    ),
)
told_or_corrected = st.one_of(_told, _told, _told, _correction, _correction)
_move = told_or_corrected
histories: Final[st.SearchStrategy[History]] = st.lists(
    st.lists(_move, min_size=1, max_size=4), min_size=2, max_size=10
).filter(lambda moves: 5 <= sum(map(len, moves)) <= 25)


def _id(place: int) -> str:
    return str(uuid5(NAMESPACE_URL, f"history:{place}"))


@dataclass
class Telling:
    """Turns moves, which point back by counting, into events that name each other."""

    originals: list[str] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)
    count: int = len(BACKGROUND)

    def background(self) -> list[Wire]:
        return [each | {"id": _id(place)} for place, each in enumerate(BACKGROUND)]

    def wires(self, moves: Sequence[Move]) -> list[Wire]:
        return [each for move in moves for each in self._wire(move)]

    def _wire(self, move: Move) -> list[Wire]:
        if move["type"] in CORRECTIONS:
            said = self._correction(move)
            kept = self.corrections
        else:
            said = self._told(move)
            kept = self.originals
        if said is None:
            return []
        said["id"] = _id(self.count)
        kept.append(said["id"])
        self.count += 1
        return [said]

    def _correction(self, move: Move) -> Wire | None:
        said: Wire = {"type": move["type"], "reason": "so it is"}
        if "agreement" in move:
            place = 4 + move["agreement"]
            content = BACKGROUND[place] | {"parties": move["parties"]}
            return said | {"target": _id(place), "event": content}
        among = self.originals
        if move["type"] == "event.retracted":
            among = [*self.originals, *self.corrections, *self.corrections][-10:]
        if not among:
            return None
        said["target"] = among[-1 - move["target"] % len(among)]
        if "event" in move:
            said["event"] = self._told(move["event"])
        if "to" in move:
            said["to"] = move["to"]
        return said

    def _told(self, move: Move) -> Wire:
        said: Wire = {k.rstrip("_"): v for k, v in move.items() if v is not None}
        for name in ("same_act_as", "follows"):
            if name in said and self.originals:
                found = self.originals[-1 - said[name] % len(self.originals)]
                said[name] = found if name == "same_act_as" else [found]
            else:
                said.pop(name, None)
        if said["type"] == "agreement.commitment_made":
            said["agreement"] = said.pop("under", COCA)
        return said
