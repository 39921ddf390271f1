"""The catalogue is the closed list of event types, each told in full."""

import importlib
from inspect import cleandoc
from pathlib import Path
from typing import Final

import pytest

from registry.domain.catalogue import CATALOGUE, Event
from registry.domain.fields import told_by
from registry.domain.layers import LAYERS
from tests.unit.catalogue.stories import TOLD

CLOSED_LIST: Final = {
    "agreement": """
        recorded announced negotiation_opened initialled text_adopted signature_opened
        signature_closed entry_into_force_rule_set entered_into_force provisionally_in_force
        amended amendment_entered_into_force term_set extended abandoned text_corrected suspended
        suspension_ended terminated declared_invalid linked depositary_designated retitled
        registered filed_and_recorded published commitment_made signed signed_ad_referendum
        signature_confirmed signature_withdrawn ratified accepted approved acceded
        formally_confirmed consent_notified domestically_approved participation_recorded
        succeeded_to provisionally_applied provisional_application_ended entered_into_force_for
        reservation_made declaration_made objection_made statement_recorded statement_withdrawn
        territorial_application_extended territorial_application_ended denunciation_notified
        denunciation_retracted withdrew party_suspended party_expelled participation_restored""",
    "relations": """
        established interrupted severed reestablished normalisation_agreed consular_established
        consular_severed""",
    "recognition": "granted refused withdrawn",
    "mission": """
        opened closed suspended reopened level_changed protecting_power_appointed
        protecting_power_ended""",
    "consular_post": "opened closed changed",
    "head_of_mission": """
        appointed credentials_presented charge_designated left recalled_for_consultations
        returned""",
    "conduct": """
        declared_persona_non_grata agency_expelled agency_established agency_withdrawn visited
        assistance_provided assistance_suspended assistance_ended sanction_imposed sanction_lifted
        accusation_made statement_made""",
    "party": "recorded renamed succeeded_by ended membership_joined membership_left",
    "source": "recorded",
    "status": "observed",
    "coverage": "stated",
    "gap": "stated",
    "event": "amended erased retracted confidence_changed",
    "log": "key_rotated",
}

NO_BASIS_IN_LAW: Final = {
    "agreement.recorded": "an act of this register",
    "agreement.announced": "a political act",
    "agreement.abandoned": "no rule on giving up a plan",
    "agreement.retitled": "the parties' own practice",
    "agreement.published": "each series has its own rules",
    "agreement.domestically_approved": "ruled by the party's own law",
    "conduct.agency_withdrawn": "the sender is free to",
    "conduct.statement_made": "words",
    "party.recorded": "an act of this register",
    "party.renamed": "the party is free to",
    "party.ended": "a fact",
    "party.membership_joined": "each organisation's own constitution",
    "party.membership_left": "each organisation's own constitution",
}
OWN_FAMILIES: Final = ("source", "status", "coverage", "gap", "event", "log")

every_type = pytest.mark.parametrize("cls", CATALOGUE.values(), ids=list(CATALOGUE))


def test_the_catalogue_is_the_closed_list_and_nothing_else() -> None:
    closed = {f"{name}.{verb}" for name, verbs in CLOSED_LIST.items() for verb in verbs.split()}
    assert set(CATALOGUE) == closed


@every_type
def test_every_type_says_what_it_is_in_a_sentence(cls: type[Event]) -> None:
    assert cls.__doc__
    first = cleandoc(cls.__doc__).split("\n\n")[0]
    assert first.endswith(".")
    assert not first.startswith(f"{cls.__name__}(")  # what dataclass writes when nobody does


@every_type
def test_every_type_has_a_basis_or_a_reason_to_have_none(cls: type[Event]) -> None:
    own = cls.TYPE.split(".")[0] in OWN_FAMILIES
    assert cls.BASIS or cls.CAMEO or own or NO_BASIS_IN_LAW[cls.TYPE]
    assert not (cls.BASIS and cls.TYPE in NO_BASIS_IN_LAW)


@every_type
def test_every_field_is_told_in_words_for_a_librarian(cls: type[Event]) -> None:
    for one in told_by(cls):
        assert one.doc[0].isupper() or one.doc[0] == "`", one.name
        assert one.doc.endswith("."), one.name
        for inner in told_by(one.record) if one.record else ():
            assert inner.doc.endswith("."), inner.name


@every_type
def test_own_fields_come_first_and_no_two_share_a_name(cls: type[Event]) -> None:
    wires = [one.wire for one in told_by(cls)]
    common = [one.wire for one in told_by(Event)]
    assert wires[-len(common) :] == common
    assert len(set(wires)) == len(wires)
    assert "type" not in wires


@every_type
def test_every_layer_that_is_set_exists_and_every_value_that_is_set_is_one_of_it(
    cls: type[Event],
) -> None:
    for sets in cls.SETS:
        if sets.layer != "*":
            layer = LAYERS[sets.layer]
            plain = isinstance(sets.value, str) and not sets.value.startswith("@")
            assert not plain or not layer.values or sets.value in layer.values


def test_every_type_has_a_story() -> None:
    for file in sorted(Path(__file__).parent.glob("test_stories_*.py")):
        importlib.import_module(f"tests.unit.catalogue.{file.stem}")
    assert set(CATALOGUE) == TOLD
