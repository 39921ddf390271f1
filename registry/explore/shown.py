"""What the pages have in common: from where each looks, and what it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import request
from markupsafe import Markup

from registry.domain.confidence import Confidence
from registry.queries.instants import instant_text
from registry.queries.view import View
from registry.web import languages
from registry.web.answering import POINT, address

POINTS: Final = (*POINT, "lang")
"""The parameters that say from where a page looks, in which language; every link carries them."""


@dataclass(frozen=True)
class Looking:
    """From where a page looks.

    `view`: what it is read through; its threshold is never below reported, so that nothing that
    is only alleged is taken for what is on record. `opened`: with the threshold as chosen.
    `asked`: the point as the address names it.
    """

    view: View
    opened: View
    asked: Mapping[str, str]

    def said(self, name: str) -> str:
        """A parameter of the point as the address has it; empty where it does not."""
        return self.asked.get(name, "")

    @property
    def includes_alleged(self) -> bool:
        return self.opened.threshold is Confidence.ALLEGED

    @property
    def day_asked(self) -> bool:
        return "as_of" in self.asked

    @property
    def knowledge_asked(self) -> bool:
        return "known_at" in self.asked

    @property
    def recorded_at(self) -> str:
        """When what is told here was recorded last: RFC 3339."""
        return instant_text(self.view.recorded_at)

    def to(self, path: str, **more: Any) -> str:
        """The address of another page, looked at from the same point; None leaves one out.

        `more` may be parameters of that page, or others of the point.
        """
        named = {**self.asked, **{name.rstrip("_"): value for name, value in more.items()}}
        return address(
            [(name, str(value)) for name, value in named.items() if value is not None], path
        )

    def here(self, **more: Any) -> str:
        """This very page with these parameters changed; None leaves one out."""
        kept = {n: v for n, v in request.args.items() if n not in (*POINTS, "cursor", "cite")}
        return self.to(request.path, **{**kept, **more})

    def pinned(self, path: str | None = None, **more: Any) -> str:
        """The same page, or another one, under the address where it stays as it is now."""
        point = {**self._fixed(), "lang": languages.language()}
        return self.to(path, **more, **point) if path else self.here(**more, **point)

    def feed(self, path: str, **more: Any) -> str:
        """A feed of what is below this path: always the latest, in this language, as sure as this."""
        kept = {n: v for n, v in self.asked.items() if n in ("confidence", "lang")}
        return address([*kept.items(), *((n, str(v)) for n, v in more.items())], path)

    def program(self, path: str, **more: Any) -> str:
        """The same facts from the API: `path` below /api/v1."""
        return self.to(f"/api/v1{path}", **more, **self._fixed(), lang=None)

    def _fixed(self) -> dict[str, str]:
        """The point as it is now, in the parameters that it has in every face."""
        return {
            "as_of": self.view.as_of_text,
            "known_at": f"@{self.view.moment}",
            "confidence": self.opened.threshold.word,
        }

    def party(self, key: str) -> str:
        return self.to(f"/parties/{key}")

    def agreement(self, key: str) -> str:
        return self.to(f"/agreements/{key}")

    def pair(self, a: str, b: str) -> str:
        return self.to(f"/relations/{a}/{b}")

    def event(self, event_id: str) -> str:
        return self.to(f"/events/{event_id}")

    def source(self, key: str) -> str:
        return self.to(f"/sources/{key}")

    def link(self, kind: str, key: str) -> str:
        """Where a name inside a sentence leads: to its page, looked at from the same point."""
        pages = {
            "party": self.party,
            "agreement": self.agreement,
            "event": self.event,
            "source": self.source,
        }
        return pages[kind](key)


@dataclass(frozen=True)
class Shown:
    """What a page shows, beside what its template gets in `words`.

    `description`: one sentence for a social preview; never of what is only alleged.
    `api`: where the same facts are below /api/v1, asked with `asks`; `csv`: the address of the table as CSV.
    `subject`: what it is about, as `party:BOL`, `pair:BOL:USA`, `agreement:...`, `event:...`.
    `feeds`: the path below which feed.atom and feed.json are.
    `alleged`: whether anything that is only alleged, or an accusation, is on it.
    """

    title: str
    words: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""
    api: str | None = None
    asks: Mapping[str, str] = field(default_factory=dict)
    csv: str | None = None
    subject: str | None = None
    feeds: str | None = None
    alleged: bool = False
    linked_data: Markup | None = None
