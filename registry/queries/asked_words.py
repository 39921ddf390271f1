"""What somebody types into a search box, read: phrases, words, parties by name, slips mended."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz.distance import OSA

from registry.domain.entities import called
from registry.domain.searched import party_word
from registry.domain.words import words_of
from registry.queries.view import View
from registry.store import words
from registry.store.words import SHORTEST, Term

LONGEST: Final = 300
"""So many letters of what is asked are read,"""
MOST: Final = 12
"""and so many words or phrases."""
_NAMES: Final = 5
"""A party's name is looked for in so many words."""
_PARTS: Final = re.compile(r'"([^"]*)"|([^"\s]+)')


@dataclass(frozen=True)
class Asked:
    """`terms`: all of them have to be there. `text`: as it is understood."""

    text: str
    terms: tuple[Term, ...]

    @property
    def words(self) -> list[str]:
        return [word for term in self.terms for word in term.words]


def read(view: View, text: str) -> Asked:
    """Quoted words stand together; the last word may be the beginning of one; the name of a party
    also means every event that names the party.
    """
    text = text[:LONGEST]
    terms: list[Term] = []
    loose: list[str] = []
    for phrase, word in _PARTS.findall(text):
        if phrase:
            terms += _parties_named(view, loose)
            loose = []
            if found := words_of(phrase):
                terms.append(Term(tuple(found)))
        else:
            loose += words_of(word)
    terms += _parties_named(view, loose)
    if loose and len(loose[-1]) > 1 and not text.endswith(" "):
        terms[-1] = replace(terms[-1], beginning=True)
    return Asked(text.strip(), tuple(terms[:MOST]))


def mended(view: View, asked: Asked) -> str | None:
    """The same with words in the stead of those that nobody ever used; None where that helps not."""
    instead: dict[str, str] = {}
    for term in asked.terms:
        if term.or_one_of:
            continue
        for word in term.words:
            last = term.beginning and word == term.words[-1]
            if words.is_used(view.conn, word, view.moment, beginning=last):
                continue
            if (near := _near(view, word)) is None:
                return None
            instead[word] = near
    if not instead:
        return None
    return " ".join(instead.get(word, word) for word in asked.words)


def _near(view: View, word: str) -> str | None:
    """The used word that is fewest slips away: one in a short word, two in a long one."""
    if len(word) < SHORTEST:
        return None
    most = 1 if len(word) < 7 else 2
    ranked = [
        (OSA.distance(word, each, score_cutoff=most), abs(len(word) - len(each)), each)
        for each in words.like(view.conn, word, view.moment)
    ]
    near = min(ranked, default=None)
    return near[2] if near and near[0] <= most else None


def _parties_named(view: View, loose: Sequence[str]) -> Iterator[Term]:
    """The words as terms; those that are the name of a party together, as one."""
    named = _names(view) if loose else {}
    at = 0
    while at < len(loose):
        for count in range(min(_NAMES, len(loose) - at), 0, -1):
            part = tuple(loose[at : at + count])
            if parties := named.get(part):
                yield Term(part, or_one_of=tuple(party_word(each) for each in parties))
                break
        else:
            count, part = 1, (loose[at],)
            yield Term(part)
        at += count


def _names(view: View) -> Mapping[tuple[str, ...], list[str]]:
    """Parties by their names in any language and their ids, in folded words."""
    found: dict[tuple[str, ...], list[str]] = {}
    for key, doc in view.parties.items():
        names = called(doc, view.threshold)
        said = [key, *(each["name"] for each in names)]
        said += [n for each in names for n in (each.get("languages") or {}).values()]
        for text in said:
            parties = found.setdefault(tuple(words_of(text)), [])
            if key not in parties:
                parties.append(key)
    return found
