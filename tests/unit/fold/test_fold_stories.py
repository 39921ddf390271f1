"""What held, in histories that happened."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from registry.domain.catalogue import Event
from registry.domain.confidence import THRESHOLDS, Confidence
from registry.domain.dates import MAX_DAY, MIN_DAY, parse, parse_day
from registry.domain.events.agreements import (
    Announced,
    EnteredIntoForce,
    ProvisionallyInForce,
)
from registry.domain.events.conduct import AgencyEstablished, AgencyExpelled
from registry.domain.events.participation import (
    DenunciationNotified,
    Ratified,
    Signed,
    SucceededTo,
)
from registry.domain.events.relations import Established, Reestablished, Severed
from registry.domain.fold import Claim, Folded, fold
from registry.domain.layers import LAYERS, NOTHING
from registry.domain.orders import LEGAL_RULE, Assumed
from registry.domain.segments import possible_over
from registry.domain.settings import settings_of
from registry.domain.spans import Span, spans_of

BOLIVIA_IRAN = ("BOL", "IRN")
BOLIVIA_ISRAEL = ("BOL", "ISR")
DEA: dict[str, Any] = {"sender": "USA", "host": "BOL", "agency": "US-DEA"}
PACT: dict[str, Any] = {"agreement": "bolivia-iran-drugs-2012", "party": "BOL"}
ALLEGED, REPORTED = Confidence.ALLEGED, Confidence.REPORTED


def tell(kind: type[Event], **fields: Any) -> Event:
    """An event with its dates in words."""
    dates: dict[str, Any] = {
        name: parse(fields[name]) for name in ("occurred", "effective") if name in fields
    }
    return kind(**fields | dates)


class Register:
    """One subject of one layer, and what was recorded of it on one day, in this order."""

    def __init__(self, layer: str, recorded: str = "2024-01-01", **events: Event) -> None:
        self.layer = LAYERS[layer]
        self.recorded = parse_day(recorded)
        self.events = events

    def folded(self, threshold: Confidence = REPORTED) -> Folded:
        ids = list(self.events)
        act_of = {
            each: event.same_act_as for each, event in self.events.items() if event.same_act_as
        }
        act_of |= {first: first for first in act_of.values()}
        claims: dict[int, list[Claim]] = {}
        for each, first in act_of.items():
            position = ids.index(each)
            claims.setdefault(ids.index(first), []).append(
                Claim(each, position, self.events[each].confidence)
            )
        settings = [
            replace(setting, act=ids.index(act_of[event_id]) if event_id in act_of else None)
            for position, (event_id, event) in enumerate(self.events.items())
            for setting in settings_of(event, event_id, position, self.recorded)
            if setting.layer == self.layer.name
        ]
        return fold(self.layer, settings, claims, threshold)

    def on(self, date: str, threshold: Confidence = REPORTED) -> dict[str, tuple[str, ...]]:
        """What was possible on a day (or some day of a span), and by which events."""
        return possible_over(self.folded(threshold).segments, parse(date).over)[0]

    def certain_on(self, date: str, threshold: Confidence = REPORTED) -> str | None:
        possible, certain = possible_over(self.folded(threshold).segments, parse(date).over)
        return next(iter(possible)) if certain else None

    def spans(self, value: str, *thresholds: Confidence) -> Iterator[Span]:
        folds = [(each, self.folded(each)) for each in thresholds or (REPORTED,)]
        return (span for span in spans_of(folds) if span.value == value)

    def certain_span(self, value: str) -> Span:
        (found,) = (span for span in self.spans(value) if span.certain)
        return found


def between(first: str, last: str) -> tuple[int, int]:
    return parse_day(first), parse_day(last)


def dea() -> Register:
    return Register(
        "agency_presence",
        present=tell(AgencyEstablished, **DEA, occurred="[..2007-12-31]"),
        expelled=tell(AgencyExpelled, **DEA, occurred="2008"),
        suspended=tell(
            AgencyExpelled,
            **DEA,
            occurred="2008-11-01",
            effective="[2008-11-01..2009-01-31]",
            same_act_as="expelled",
        ),
    )


def test_while_two_claims_of_the_expulsion_of_the_dea_differ_both_answers_are_possible() -> None:
    register = dea()

    assert register.certain_on("2008-01-01") is None
    assert register.on("2008-10-31") == {"expelled": ("expelled",), "present": ("present",)}
    assert register.on("2008-12-01") == {
        "present": ("present",),  # if it was on a later day of 2008
        "ordered_to_leave": ("suspended",),
        "expelled": ("expelled", "suspended"),
    }
    assert register.on("2008-12-31") == {
        "ordered_to_leave": ("suspended",),
        "expelled": ("expelled", "suspended"),
    }


def test_the_dea_is_certainly_gone_when_it_is_under_every_claim() -> None:
    register = dea()

    assert register.certain_on("2009-01-30") is None
    assert register.on("2009-01-31") == {"expelled": ("expelled", "suspended")}
    assert register.certain_span("expelled").since == between("2008-01-01", "2009-01-31")
    assert register.certain_span("expelled").until is None


def test_bolivia_and_iran_had_relations_from_2006_or_from_september_2007() -> None:
    register = Register(
        "diplomatic_relations",
        in_2006=tell(Established, parties=BOLIVIA_IRAN, occurred="2006"),
        in_2007=tell(Established, parties=BOLIVIA_IRAN, occurred="2007-09", same_act_as="in_2006"),
    )

    assert register.on("2005") == {NOTHING: ()}
    assert register.on("2007-06-01") == {NOTHING: (), "established": ("in_2006",)}
    assert register.certain_on("2007-09-30") == "established"
    assert register.on("2007-09-30") == {"established": ("in_2006", "in_2007")}
    assert register.certain_span("established").since == between("2006-01-01", "2007-09-30")


def test_over_years_a_value_is_certain_only_if_it_is_on_each_of_their_days() -> None:
    register = Register(
        "diplomatic_relations",
        established=tell(Established, parties=BOLIVIA_IRAN, occurred="2007-09"),
    )

    assert register.certain_on("2008/2012") == "established"
    assert register.certain_on("2007/2012") is None
    assert set(register.on("2007/2012")) == {NOTHING, "established"}


def test_a_signature_of_the_same_year_is_assumed_to_come_before_the_ratification() -> None:
    register = Register(
        "participation",
        ratified=tell(Ratified, **PACT, occurred="2012"),
        signed=tell(Signed, **PACT, occurred="2012"),
    )

    assert set(register.on("2012-06-20")) == {NOTHING, "signatory", "contracting"}
    assert register.on("2012-12-31") == {"contracting": ("ratified",)}
    assert register.folded().assumed == (Assumed(LEGAL_RULE, "signed", "ratified"),)


def test_dates_that_tell_the_order_themselves_need_no_assumption() -> None:
    register = Register(
        "participation",
        ratified=tell(Ratified, **PACT, occurred="2013-03-01"),
        signed=tell(Signed, **PACT, occurred="2012-06-20"),
    )

    assert register.certain_on("2013-01-01") == "signatory"
    assert register.certain_on("2013-03-01") == "contracting"
    assert register.folded().assumed == ()


def test_a_disputed_event_does_not_stand_in_the_way_of_an_assumed_order() -> None:
    signed = tell(Signed, **PACT, occurred="2012")
    denied = tell(
        Ratified, **PACT, occurred="2012", follows=("signed",), confidence=Confidence.DISPUTED
    )
    register = Register(
        "participation",
        signed=signed,
        denied=denied,
        ratified=tell(Ratified, **PACT, occurred="2012", follows=("denied",)),
    )

    assert register.folded(ALLEGED).assumed == (Assumed(LEGAL_RULE, "signed", "ratified"),)
    assert set(register.on("2012-12-31", ALLEGED)) == {"contracting"}


def bolivia_israel(**severed: Any) -> Register:
    return Register(
        "diplomatic_relations",
        severed=tell(Severed, parties=BOLIVIA_ISRAEL, occurred="2009-01-14", **severed),
        restored=tell(Reestablished, parties=BOLIVIA_ISRAEL, occurred="2019-11"),
        severed_again=tell(Severed, parties=BOLIVIA_ISRAEL, occurred="2023-10-31"),
    )


def test_a_stated_order_that_contradicts_the_dates_is_set_aside_and_named() -> None:
    register = bolivia_israel(follows=("restored",))

    (doubt,) = register.folded().doubts
    assert (doubt.code, doubt.events) == ("order_set_aside", ("restored", "severed"))
    assert "restored before severed" in doubt.message
    assert register.folded().segments == bolivia_israel().folded().segments


def test_a_stated_order_settles_two_events_of_one_year() -> None:
    register = Register(
        "diplomatic_relations",
        restored=tell(Reestablished, parties=BOLIVIA_ISRAEL, occurred="2019"),
        severed=tell(Severed, parties=BOLIVIA_ISRAEL, occurred="2019", follows=("restored",)),
    )

    assert register.on("2019-12-31") == {"severed": ("severed",)}


def test_since_and_until_of_a_state_are_the_days_on_which_it_may_have_begun_and_ended() -> None:
    register = bolivia_israel()
    severed, again = [span for span in register.spans("severed") if span.certain]
    restored = register.certain_span("established")

    assert severed.since == between("2009-01-14", "2009-01-14")
    assert severed.until == between("2019-11-01", "2019-11-30")
    assert restored.since == between("2019-11-01", "2019-11-30")
    assert restored.until == between("2023-10-31", "2023-10-31")
    assert again.since == between("2023-10-31", "2023-10-31")
    assert again.until is None
    assert again.day_to == MAX_DAY


def test_while_it_is_open_what_held_since_and_until_are_of_the_doubt() -> None:
    doubtful = [span for span in bolivia_israel().spans("severed") if not span.certain]

    assert [(span.since, span.until) for span in doubtful] == [
        (between("2019-11-01", "2019-11-01"), between("2019-11-30", "2019-11-30"))
    ]


def test_saying_again_that_there_are_relations_does_not_make_them_begin_anew() -> None:
    register = Register(
        "diplomatic_relations",
        established=tell(Established, parties=BOLIVIA_IRAN, occurred="[2006..2008]"),
        listed=tell(Established, parties=BOLIVIA_IRAN, occurred="2007-09-30"),
        listed_again=tell(Established, parties=BOLIVIA_IRAN, occurred="2012-06-20"),
    )

    certain = [span for span in register.spans("established") if span.certain]
    assert {span.since for span in certain} == {between("2006-01-01", "2007-09-30")}


def test_a_state_may_have_begun_anew_after_a_break_of_unknown_day() -> None:
    register = Register(
        "diplomatic_relations",
        established=tell(Established, parties=BOLIVIA_ISRAEL, occurred="1950"),
        severed=tell(Severed, parties=BOLIVIA_ISRAEL, occurred="[2009..2023]"),
        restored=tell(
            Reestablished, parties=BOLIVIA_ISRAEL, occurred="2019-11-28", follows=("severed",)
        ),
    )

    last = list(register.spans("established"))[-1]
    assert last.certain
    assert last.since == between("1950-01-01", "2019-11-28")


def test_relations_older_than_any_record_have_an_open_beginning() -> None:
    register = Register(
        "diplomatic_relations",
        established=tell(Established, parties=BOLIVIA_ISRAEL, occurred="[..1950]"),
    )

    assert register.certain_span("established").since == (MIN_DAY, parse_day("1950-12-31"))


def disputed() -> Register:
    return Register(
        "diplomatic_relations",
        established=tell(Established, parties=BOLIVIA_IRAN, occurred="2007-09-11"),
        broken=tell(Severed, parties=BOLIVIA_IRAN, occurred="2010", confidence=Confidence.DISPUTED),
    )


def test_a_disputed_event_is_seen_only_by_readers_of_allegations() -> None:
    register = disputed()

    assert register.certain_on("2011-01-01", REPORTED) == "established"
    assert register.on("2011-01-01", ALLEGED) == {
        "established": ("established",),
        "severed": ("broken",),
    }


def test_a_disputed_event_never_undoes_what_was_reported() -> None:
    register = disputed()

    for year in ("2010", "2011", "2020", "2999"):
        assert "established" in register.on(year, ALLEGED)
    assert NOTHING not in register.on("2011", ALLEGED)


def test_an_allegation_moves_nothing_for_readers_of_reports() -> None:
    established = tell(Established, parties=BOLIVIA_IRAN, occurred="2007-09-11")
    register = Register(
        "diplomatic_relations",
        established=established,
        broken=tell(Severed, parties=BOLIVIA_IRAN, occurred="2010-05", confidence=ALLEGED),
    )

    assert register.certain_on("2011", REPORTED) == "established"
    assert register.certain_on("2011", ALLEGED) == "severed"
    assert register.on("2011", Confidence.CONFIRMED) == {NOTHING: ()}
    before = Register("diplomatic_relations", established=established)
    assert register.folded(REPORTED).segments == before.folded(REPORTED).segments


def test_what_is_the_same_at_several_thresholds_is_one_row() -> None:
    established = tell(
        Established, parties=BOLIVIA_IRAN, occurred="2007-09-11", confidence=Confidence.CONFIRMED
    )
    register = Register("diplomatic_relations", established=established)

    (span,) = register.spans("established", *THRESHOLDS)
    assert span.mask == Confidence.CONFIRMED.bit | REPORTED.bit | ALLEGED.bit
    assert {each.mask for each in disputed().spans("established", *THRESHOLDS)} == {
        REPORTED.bit,
        ALLEGED.bit,
    }


def test_the_making_of_a_text_never_goes_back() -> None:
    agreement = PACT["agreement"]
    register = Register(
        "conclusion",
        signed=tell(Signed, **PACT, occurred="2012-06-20"),
        announced_again=tell(Announced, agreement=agreement, occurred="2013-01-15"),
    )

    assert register.on("2013-02-01") == {"signed": ("signed",)}


def test_an_announcement_of_unknown_day_is_possible_only_until_the_signature() -> None:
    register = Register(
        "conclusion",
        announced=tell(Announced, agreement=PACT["agreement"], occurred="2012"),
        signed=tell(Signed, **PACT, occurred="2012-06-20"),
    )

    assert set(register.on("2012-06-19")) == {NOTHING, "announced"}
    assert register.on("2012-06-20") == {"signed": ("signed",)}


def test_provisional_application_never_comes_after_entry_into_force() -> None:
    agreement = "eu-colombia-peru-2012"
    register = Register(
        "force",
        provisional=tell(ProvisionallyInForce, agreement=agreement, occurred="2013"),
        in_force=tell(EnteredIntoForce, agreement=agreement, occurred="2024-11-01"),
        reported_late=tell(ProvisionallyInForce, agreement=agreement, occurred="2025-02"),
        recorded="2026-01-01",
    )

    assert register.certain_on("2024-10-31") == "provisional"
    assert register.on("2025-12-31") == {"in_force": ("in_force",)}


def test_a_successor_is_a_party_from_the_succession_not_from_the_deposit() -> None:
    register = Register(
        "participation",
        succeeded=tell(
            SucceededTo,
            agreement="vclt-1969",
            party="CZE",
            predecessor="CSK",
            occurred="1993-02-22",
            effective="1993-01-01",
        ),
    )

    assert register.on("1992-12-31") == {NOTHING: ()}
    assert register.on("1993-01-01") == {"party": ("succeeded",)}
    assert register.on("1993-02-22") == {"party": ("succeeded",)}


def test_a_consent_with_effect_before_its_deposit_sets_only_the_effect() -> None:
    register = Register(
        "participation",
        ratified=tell(Ratified, **PACT, occurred="1993-02-22", effective="1993-01-01"),
    )

    assert [segment.possible for segment in register.folded().segments] == [
        {"party": ("ratified",)}
    ]


def test_between_deposit_and_effect_the_state_is_contracting() -> None:
    register = Register(
        "participation",
        ratified=tell(Ratified, **PACT, occurred="2012-09", effective="2012-09/.."),
    )

    assert set(register.on("2012-09-15")) == {NOTHING, "contracting", "party"}
    assert register.on("2012-09-30") == {"party": ("ratified",)}


def test_what_was_recorded_had_happened_by_then() -> None:
    register = Register(
        "diplomatic_relations",
        established=tell(Established, parties=BOLIVIA_IRAN, occurred="[2006..]"),
        recorded="2010-03-04",
    )

    assert register.certain_on("2010-03-03") is None
    assert register.certain_on("2010-03-04") == "established"


def test_an_effect_without_an_end_to_its_window_never_becomes_certain() -> None:
    register = Register(
        "participation",
        ratified=tell(Ratified, **PACT, occurred="2012-09-01"),
        notified=tell(DenunciationNotified, **PACT, occurred="2015-01-01", effective="[2015-06..]"),
        recorded="2016-01-01",
    )

    assert set(register.on("2999-01-01")) == {"contracting", "withdrawn"}
