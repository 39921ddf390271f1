"""Every text of the public pages is said in Spanish, with the same parts, and by who is asked."""

import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from registry.described.forms import label
from registry.domain.catalogue import CATALOGUE
from registry.domain.fields import Told, told_by
from registry.web.catalogue_texts import CHOICES, FIELDS, TYPES
from registry.web.labels import LABELS
from registry.web.languages import LANGUAGES, catalogue_of
from registry.web.pages import plain
from registry.web.translating import forms, texts
from tests.api.desk import Desk

OTHERS = [code for code in LANGUAGES if code != "en"]


def _fields(cls: type) -> list[Told]:
    own = list(told_by(cls))
    return own + [each for one in own if one.record for each in _fields(one.record)]


FIELDS_OF_TYPES = [each for cls in CATALOGUE.values() for each in _fields(cls)]
PART = re.compile(r"%\(\w+\)[sd]")


def catalogue(language: str) -> Catalog:
    with catalogue_of(language).open("rb") as file:
        return read_po(file, locale=language)


def parts(text: str) -> set[str]:
    return set(PART.findall(text))


def found(known: Catalog, said: Message) -> Message | None:
    return known.get(forms(said.id)[0], said.context)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_code_is_translated(language: str) -> None:
    """Red when a text is added: `make translations`, then say it in each language."""
    known = catalogue(language)
    waiting = [
        said.id
        for said in texts()
        if said.id
        and ((there := found(known, said)) is None or there.fuzzy or not all(forms(there.string)))
    ]
    assert waiting == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_names_the_parts_that_its_text_names(language: str) -> None:
    for each in catalogue(language):
        if not each.id:
            continue
        named = [parts(text) for text in forms(each.id)]
        for text, wanted in zip(forms(each.string), (*named, named[-1]), strict=False):
            assert parts(text) == wanted, each.id
            assert text[:1].isspace() == forms(each.id)[0][:1].isspace(), each.id


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_stays_behind_whose_text_is_gone(language: str) -> None:
    code = texts()
    assert [each.id for each in catalogue(language) if each.id and not found(code, each)] == []


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        ("/about", "es-BO, en;q=0.5", "es"),
        ("/about", "fr, en;q=0.5, es;q=0.4", "en"),
        ("/about?lang=en", "es", "en"),
        ("/about?lang=es", "en", "es"),
        ("/about?known_at=@5&as_of=2012-01-01", "es", "en"),
        ("/about?known_at=@5&as_of=2012-01-01&lang=es", "en", "es"),
    ],
)
def test_the_address_says_the_language_else_the_browser_and_a_pinned_one_has_one_answer(
    library: Desk, address: str, accepted: str, language: str
) -> None:
    answer = library.get(address, Accept_Language=accepted)
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in answer.text
    asked_the_browser = "lang" not in address and "known_at" not in address
    assert ("Accept-Language" in answer.headers["Vary"]) == asked_the_browser


def test_every_field_choice_and_type_is_named_as_one_to_be_translated() -> None:
    assert set(FIELDS) == {label(each.wire) for each in FIELDS_OF_TYPES if each.wire not in LABELS}
    assert set(CHOICES) == {plain(one) for each in FIELDS_OF_TYPES for one in each.choices}
    assert set(TYPES) == {plain(name) for name in CATALOGUE}
