"""The place in a text where words were found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from registry.domain.words import placed
from registry.store.words import Term

WIDTH: Final = 180
"""So many letters of a text are shown."""


@dataclass(frozen=True)
class Snippet:
    """`marks`: (from, to) of what was found, in `text`."""

    text: str
    marks: tuple[tuple[int, int], ...]

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """The text in pieces, and whether each was found."""
        made: list[tuple[str, bool]] = []
        at = 0
        for begun, end in self.marks:
            made += [(self.text[at:begun], False), (self.text[begun:end], True)]
            at = end
        return [each for each in (*made, (self.text[at:], False)) if each[0]]


def snippet_of(texts: Iterable[str], terms: Sequence[Term]) -> Snippet | None:
    """Of the text that holds most of the terms; None where none holds any."""
    best: tuple[int, str, list[tuple[int, int]]] = (0, "", [])
    for text in texts:
        kinds, marks = _marks(text, terms)
        if kinds > best[0]:
            best = (kinds, text, marks)
    return _cut(best[1], best[2]) if best[0] else None


def _marks(text: str, terms: Sequence[Term]) -> tuple[int, list[tuple[int, int]]]:
    """How many of the terms' words are in the text, and where."""
    wanted = {word for term in terms for word in term.words}
    begun = [term.words[-1] for term in terms if term.beginning]
    found: set[str] = set()
    marks: list[tuple[int, int]] = []
    for word, at, end in placed(text):
        meant = word if word in wanted else next((b for b in begun if word.startswith(b)), None)
        if meant is not None:
            found.add(meant)
            marks.append((at, end))
    return len(found), marks


def _cut(text: str, marks: list[tuple[int, int]]) -> Snippet:
    """So much of it that what is found first stands near the beginning, cut between words."""
    begun = max(0, marks[0][0] - WIDTH // 4) if len(text) > WIDTH else 0
    if begun and (blank := text.find(" ", begun, marks[0][0])) >= 0:
        begun = blank + 1
    end = min(len(text), begun + WIDTH)
    if end < len(text) and (blank := text.rfind(" ", marks[0][1], end)) >= 0:
        end = blank
    before, after = ("… " if begun else ""), (" …" if end < len(text) else "")
    moved = len(before) - begun
    kept = tuple((at + moved, to + moved) for at, to in marks if at >= begun and to <= end)
    return Snippet(before + text[begun:end] + after, kept)
