"""Entries that may be one and the same: by codes, addresses and numbers they share, by close names.

Not all pairs are compared: only those that share a rare word of a name, or stand side by side in
the alphabet. What follows is for a person to look at; nothing is decided here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice, pairwise
from typing import Any, Final

import orjson
from rapidfuzz import fuzz, utils
from sqlalchemy import select

from registry.domain import dates
from registry.projections.tables import entity
from registry.queries.entities import known, name_of
from registry.queries.view import View

LOOKED_AT: Final = 5_000
"""Entries that are compared at most."""
COMPARED: Final = 150_000
"""Pairs of names that are compared at most."""
SHOWN: Final = 100
_CLOSE: Final = 92.0
_BLOCK: Final = 30
Doc = Mapping[str, Any]


@dataclass(frozen=True)
class Likely:
    """Two entries, and why they may be one. The first has the shorter id, so it likelier stays."""

    first: str
    first_name: str
    second: str
    second_name: str
    why: str
    score: float


@dataclass(frozen=True)
class Looked:
    """`whole`: every entry was looked at."""

    pairs: tuple[Likely, ...]
    whole: bool


def likely(view: View, kind: str) -> Looked:
    """The likeliest pairs first."""
    rows = view.conn.execute(
        select(entity.c.key, entity.c.doc)
        .where(*known(view, kind))
        .order_by(entity.c.key)
        .limit(LOOKED_AT + 1)
    )
    docs = {key: orjson.loads(doc) for key, doc in rows}
    whole = len(docs) <= LOOKED_AT
    names = {key: name_of(view, kind, doc) for key, doc in docs.items()}
    found: dict[tuple[str, str], tuple[float, str]] = {}
    for pair, score, why in (*_sharing(kind, docs), *_close(kind, docs)):
        if not _told_apart(docs, pair) and score > found.get(pair, (0.0, ""))[0]:
            found[pair] = (score, why)
    ranked = sorted(found.items(), key=lambda each: (-each[1][0], each[0]))
    return Looked(
        tuple(
            Likely(one, names[one], other, names[other], why, score)
            for (one, other), (score, why) in ranked[:SHOWN]
        ),
        whole,
    )


def _pair(one: str, other: str) -> tuple[str, str]:
    first, second = sorted((one, other), key=lambda each: (len(each), each))
    return first, second


def _sharing(kind: str, docs: Mapping[str, Doc]) -> Iterator[tuple[tuple[str, str], float, str]]:
    """Those with the same code at the same time, number elsewhere, address or checksum."""
    by: dict[tuple[str, str], list[tuple[str, str | None]]] = defaultdict(list)
    for key, doc in docs.items():
        for word, value, valid in _marks(kind, doc):
            by[word, value].append((key, valid))
    for (word, value), keys in by.items():
        for (one, when), (other, then) in islice(combinations(keys, 2), _BLOCK):
            titled = _numbers(_names(docs[one])[0]) == _numbers(_names(docs[other])[0])
            if one != other and _at_once(when, then) and (titled or word != "web address"):
                yield _pair(one, other), 101.0, f"the same {word}: {value}"


def _marks(kind: str, doc: Doc) -> Iterator[tuple[str, str, str | None]]:
    for code in doc.get("codes") or ():
        yield f"code ({code['scheme']})", code["code"].upper(), code.get("valid")
    for scheme, number in (doc.get("external_ids") or {}).items():
        if scheme not in ("row", "cameo"):
            yield f"number ({scheme})", number, None
    if kind == "source":
        if doc.get("url"):
            yield "web address", doc["url"].rstrip("/"), None
        if doc.get("content_sha256"):
            yield "content", doc["content_sha256"], None


def _at_once(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return True
    first, second = dates.parse(one).over, dates.parse(other).over
    return first.lo <= second.hi and second.lo <= first.hi


def _close(kind: str, docs: Mapping[str, Doc]) -> Iterator[tuple[tuple[str, str], float, str]]:
    called = {key: _names(doc) for key, doc in docs.items()}
    for one, other in islice(_worth_comparing(called), COMPARED):
        score = max(
            fuzz.token_sort_ratio(name, another, score_cutoff=_CLOSE)
            if _numbers(name) == _numbers(another)
            else 0.0
            for name in called[one]
            for another in called[other]
        )
        if score >= _CLOSE and _alike(kind, docs[one], docs[other]):
            word = "title" if kind != "party" else "name"
            yield (
                _pair(one, other),
                score,
                f"the same {word}" if score == 100 else f"close {word}s",
            )


def _numbers(name: str) -> list[str]:
    """Chapter VI-15 is not chapter VI-17, however close the words."""
    return sorted(each for each in name.split() if _NUMBER.fullmatch(each))


_NUMBER: Final = re.compile(r".*[0-9].*|[ivxlcdm]+")


def _names(doc: Doc) -> list[str]:
    every = doc.get("names") or doc.get("titles") or [doc]
    said = [str(each.get("name") or each.get("title")) for each in every]
    return [each for each in dict.fromkeys(map(utils.default_process, said)) if each] or [""]


def _worth_comparing(called: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Pairs with a rare word in common, then neighbours in the alphabet; each once."""
    by_word: dict[str, set[str]] = defaultdict(set)
    for key, names in called.items():
        for name in names:
            for word in name.split():
                by_word[word].add(key)
    seen: set[tuple[str, str]] = set()
    rare = sorted((keys for keys in by_word.values() if 1 < len(keys) <= _BLOCK), key=len)
    alphabet = sorted((name, key) for key, names in called.items() for name in names)
    beside = ({a[1], b[1]} for a, b in pairwise(alphabet))
    for keys in (*rare, *beside):
        for one, other in combinations(sorted(keys), 2):
            if (one, other) not in seen:
                seen.add((one, other))
                yield one, other


def _alike(kind: str, one: Doc, other: Doc) -> bool:
    """Two editions of a yearbook, and two agreements of other parties, are no duplicates."""
    if kind == "source":
        return all(
            one.get(each) is None or other.get(each) is None or one[each] == other[each]
            for each in ("published", "publisher", "author")
        )
    if kind == "agreement":
        return bool(set(one["parties"]) & set(other["parties"])) or not (
            one["parties"] and other["parties"]
        )
    return True


def _told_apart(docs: Mapping[str, Doc], pair: tuple[str, str]) -> bool:
    """Whether the register itself says that they are two: one follows the other, or is part of it."""
    for one, other in (pair, pair[::-1]):
        doc = docs[one]
        if doc.get("part_of") == other:
            return True
        if any(each["party"] == other for each in doc.get("succeeded_by") or ()):
            return True
    return False
