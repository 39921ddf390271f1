"""Words as they are searched for: small letters, no accents, the same on every engine."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 60
"""Of a longer word so many letters count."""
_RUNS: Final = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """The words of a text in order, folded: "Yucatán's" is `yucatan`, `s`."""
    if text.isascii():
        return [word[:LONGEST] for word in _RUNS.findall(text.lower().replace("_", " "))]
    return [word for word, _from, _to in placed(text)]


def placed(text: str) -> Iterator[tuple[str, int, int]]:
    """The words that `words_of` finds, each with where it begins and ends in the text."""
    if text.isascii():
        for run in _RUNS.finditer(text.lower()):
            yield from _plain(run)
        return
    # A mark that stands by itself (NFD) belongs to the letter before it.
    at, begun = 0, -1
    for at, letter in enumerate(text):
        inside = letter.isalnum() or (begun >= 0 and unicodedata.combining(letter) != 0)
        if inside and begun < 0:
            begun = at
        elif not inside and begun >= 0:
            yield from _folded(text, begun, at)
            begun = -1
    if begun >= 0:
        yield from _folded(text, begun, at + 1)


def _plain(run: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    at = run.start()
    for part in run[0].split("_"):
        if part:
            yield part[:LONGEST], at, at + len(part)
        at += len(part) + 1


def _folded(text: str, begun: int, end: int) -> Iterator[tuple[str, int, int]]:
    once = unicodedata.normalize("NFKD", text[begun:end]).casefold()
    letters = (each for each in unicodedata.normalize("NFKD", once) if each.isalnum())
    if word := "".join(letters)[:LONGEST]:
        yield word, begun, end


def trigrams(word: str) -> set[str]:
    """Its pieces of three letters, with a blank before and after it."""
    padded = f" {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
