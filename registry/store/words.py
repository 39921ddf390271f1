"""The words of the log: entered with every event, asked by those that stand together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Select,
    delete,
    func,
    select,
    text,
)

from registry.domain.words import trigrams
from registry.store import direct
from registry.store.among import among, parameter
from registry.store.bulk import Rows
from registry.store.word_tables import FULL_TEXT, search_text, search_trigram, search_word

SHORTEST: Final = 4
"""Of shorter words no slip is looked for."""
_PLACES: Final = 200
"""So many places of one word in one event count (PostgreSQL keeps up to 255)."""
_CHUNK: Final = 5_000


@dataclass(frozen=True)
class Term:
    """Words that stand one after the other, or anything in `or_one_of` in their stead.

    `beginning`: the last of them may be the beginning of a longer word.
    """

    words: tuple[str, ...]
    beginning: bool = False
    or_one_of: tuple[str, ...] = ()


def lasting(said: Iterable[Sequence[str]]) -> list[str]:
    """The words in which a slip may be mended: of letters alone, under no mark."""
    return list(dict.fromkeys(word for words in said for word in words if _is_lasting(word)))


def asking(conn: Connection, wanted: Sequence[str]) -> direct.Said:
    """The question which of these were used before."""
    statement = _USED.get(conn.dialect.name)
    if statement is None:
        used = select(search_word.c.word).where(among(conn, search_word.c.word))
        statement = _USED[conn.dialect.name] = used
    return statement, {"keys": parameter(conn, wanted)}


_USED: dict[str, Select[Any]] = {}


def used_before(conn: Connection, said: Iterable[Sequence[str]]) -> set[str]:
    """Those of the words that were used before."""
    wanted = lasting(said)
    found: set[str] = set()
    for at in range(0, len(wanted), _CHUNK):
        rows = direct.rows(conn, *asking(conn, wanted[at : at + _CHUNK]))
        found.update(word for (word,) in rows)
    return found


def rows_of(
    conn: Connection, events: Mapping[int, Sequence[str]], used: Collection[str]
) -> list[Rows]:
    """What is to be written for the words of events, by their positions; `used` were before."""
    new: dict[str, int] = {}
    for position, words in events.items():
        for word in words:
            if word not in used and _is_lasting(word):
                new.setdefault(word, position)
    sqlite = conn.dialect.name == "sqlite"
    written = _text if sqlite else _vector
    return [
        Rows(
            search_text,
            ("rowid" if sqlite else "position", "words"),
            [(position, written(words)) for position, words in events.items() if words],
        ),
        Rows(search_word, ("word", "position"), list(new.items()), unless_there=True),
        Rows(
            search_trigram,
            ("trigram", "word"),
            [(piece, word) for word in new for piece in sorted(trigrams(word))],
            unless_there=True,
        ),
    ]


def forget(conn: Connection, position: int, words: Sequence[str]) -> None:
    """Let go of the words of an event, and of those that no other event has."""
    if conn.dialect.name == "sqlite":
        conn.execute(
            text(
                f"INSERT INTO {FULL_TEXT} ({FULL_TEXT}, rowid, words) "  # noqa: S608 - ours
                "VALUES ('delete', :position, :words)"
            ),
            {"position": position, "words": _text(words)},
        )
        # What is deleted stays in the segment it was written to until that is written anew.
        conn.execute(text(f"INSERT INTO {FULL_TEXT} ({FULL_TEXT}) VALUES ('optimize')"))  # noqa: S608 - ours
    else:
        conn.execute(delete(search_text).where(search_text.c.position == position))
    for word in lasting([words]):
        if not positions(conn, [Term((word,))], 2**53, 1):
            conn.execute(delete(search_trigram).where(search_trigram.c.word == word))
            conn.execute(delete(search_word).where(search_word.c.word == word))


def positions(
    conn: Connection, terms: Sequence[Term], moment: int, limit: int, without: str = ""
) -> list[int]:
    """Of the latest events up to a moment that have all the terms, the last one first; `without`
    those that have this word.
    """
    if not terms:
        return []
    write = _matched if conn.dialect.name == "sqlite" else _query
    said = {"asked": write(terms, without), "moment": moment, "most": limit}
    return [position for (position,) in direct.rows(conn, _ON[conn.dialect.name], said)]


def is_used(conn: Connection, word: str, moment: int, *, beginning: bool) -> bool:
    """Whether any event up to the moment has the word, or one that begins so."""
    statement = select(search_word.c.word).where(search_word.c.position <= moment)
    if beginning:
        last = word + "\U0010ffff"
        statement = statement.where(search_word.c.word >= word, search_word.c.word < last)
    else:
        statement = statement.where(search_word.c.word == word)
    return conn.execute(statement.limit(1)).first() is not None


def like(conn: Connection, word: str, moment: int, limit: int = 60) -> list[str]:
    """The used words that share most pieces with this one."""
    shared = func.count().label("shared")
    rows = conn.execute(
        select(search_word.c.word, shared)
        .join(search_trigram, search_trigram.c.word == search_word.c.word)
        .where(among(conn, search_trigram.c.trigram), search_word.c.position <= moment)
        .group_by(search_word.c.word)
        .order_by(shared.desc(), search_word.c.word)
        .limit(limit),
        {"keys": parameter(conn, sorted(trigrams(word)))},
    )
    return [row.word for row in rows]


def _is_lasting(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha()


def _text(words: Sequence[str]) -> str:
    return " ".join(words)


def _vector(words: Sequence[str]) -> str:
    """As PostgreSQL writes a tsvector: each word with its places."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words, start=1):
        places.setdefault(word, []).append(place)
    return " ".join(
        f"'{word}':{','.join(map(str, found[:_PLACES]))}" for word, found in places.items()
    )


def _matched(terms: Iterable[Term], without: str) -> str:
    """As FTS5 is asked. Words hold letters and digits alone, so nothing needs to be escaped."""
    made = []
    for term in terms:
        phrase = f'"{" ".join(term.words)}"' + (" *" if term.beginning else "")
        made.append(_either([phrase, *(f'"{each}"' for each in term.or_one_of)], " OR "))
    asked = " AND ".join(made)
    return f'({asked}) NOT "{without}"' if without else asked


def _query(terms: Iterable[Term], without: str) -> str:
    """As a tsquery is written."""
    made = []
    for term in terms:
        words = [f"'{word}'" for word in term.words]
        if term.beginning:
            words[-1] += ":*"
        phrase = " <-> ".join(words)
        made.append(_either([f"({phrase})", *(f"'{each}'" for each in term.or_one_of)], " | "))
    asked = " & ".join(made)
    return f"({asked}) & !'{without}'" if without else asked


def _either(ways: Sequence[str], word: str) -> str:
    return f"({word.join(ways)})"


_ON: Final = {
    "sqlite": text(
        f"SELECT rowid FROM {FULL_TEXT} WHERE {FULL_TEXT} MATCH :asked "  # noqa: S608 - ours
        "AND rowid <= :moment ORDER BY rowid DESC LIMIT :most"
    ),
    "postgresql": text(
        f"SELECT position FROM {FULL_TEXT} WHERE words @@ CAST(:asked AS tsquery) "  # noqa: S608 - ours
        "AND position <= :moment ORDER BY position DESC LIMIT :most"
    ),
}
