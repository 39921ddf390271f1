"""Words as they are searched for, and what of an event they are taken from."""

from hypothesis import given
from hypothesis import strategies as st

from registry import codec
from registry.domain.catalogue import CATALOGUE
from registry.domain.fields import Kind, told_by
from registry.domain.searched import Mark, entered, is_person, texts_of
from registry.domain.words import LONGEST, placed, trigrams, words_of


def test_accents_capitals_and_signs_do_not_matter() -> None:
    assert words_of("Yucatán's El-NIÑO, 6-18_b") == ["yucatan", "s", "el", "nino", "6", "18", "b"]
    assert words_of("Nin\u0303o") == words_of("Niño") == ["nino"]
    assert words_of("Straße İstanbul") == ["strasse", "istanbul"]
    assert words_of("Тегеран 北京") == ["тегеран", "北京"]


@given(st.text())
def test_a_word_holds_letters_and_digits_alone_and_stays_as_it_is(text: str) -> None:
    for word, begun, end in placed(text):
        assert word.isalnum()
        assert 0 < len(word) <= LONGEST
        assert text[begun:end]
        assert words_of(word) == [word]


@given(st.text(alphabet=st.characters(min_codepoint=0xE000, max_codepoint=0xF8FF)))
def test_nobody_can_type_a_mark(text: str) -> None:
    assert words_of(text) == []


def test_pieces_of_a_word_show_where_it_begins_and_ends() -> None:
    assert trigrams("coca") == {" co", "coc", "oca", "ca "}


def test_a_name_is_entered_as_a_word_and_as_a_name() -> None:
    event = codec.read(
        {
            "type": "agreement.signed",
            "agreement": "bol-irn-2012-counternarcotics",
            "party": "BOL",
            "occurred": "2012-06-20",
            "signatories": [{"name": "Felipe Cáceres", "capacity": "Vice-minister"}],
            "note": "In La Paz.",
        }
    )
    said = entered(event)
    for word in ("signed", "caceres", "vice", "minister", "paz", "bol", Mark.PERSON + "caceres"):
        assert word in said
    assert Mark.PERSON + "minister" not in said
    assert Mark.PARTY + "bol" in said
    assert ("signatories.name", "Felipe Cáceres") in texts_of(event)


def test_every_field_for_a_person_of_any_type_is_known_as_one() -> None:
    """A new type that names a person by another field would not be found under persons."""
    found = {
        one.wire
        for cls in CATALOGUE.values()
        for one in told_by(cls)
        if one.kind is Kind.TEXT and "person" in one.wire
    }
    assert found == {"person"}
    assert is_person("person")
    assert is_person("signatories.name")
