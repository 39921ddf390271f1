"""How a page is cited: as text, BibTeX and CSL-JSON, under the address where it stays as it is."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson
from flask import Response, request

from registry.domain.errors import Invalid
from registry.explore.shown import Looking, Shown
from registry.queries.proof import root_of
from registry.web.languages import gettext as _
from registry.web.pages import page

FORMS: Final = ("page", "text", "bibtex", "csl")
PUBLISHER: Final = "Agreement registry"


@dataclass(frozen=True)
class Citation:
    """`accessed`: the day on which it was looked at; `root`: of the log at `position`, hex."""

    subject: str
    as_of: str
    position: int
    recorded_at: str
    threshold: str
    root: str
    address: str
    accessed: date

    @property
    def recorded(self) -> date:
        return date.fromisoformat(self.recorded_at[:10])

    @property
    def name(self) -> str:
        """A key for BibTeX: letters, digits and hyphens."""
        words = re.sub(r"[^a-z0-9]+", "-", self.subject.lower()).strip("-")[:48]
        return f"{words or 'page'}-{self.as_of}-n{self.position}"

    def text(self) -> str:
        return _(
            "“%(subject)s” on %(as_of)s, as known at position %(position)s "
            "(recorded %(recorded_at)s), including what is %(threshold)s. "
            "Agreement registry. Root hash %(root)s. %(address)s (accessed %(accessed)s).",
            subject=self.subject,
            as_of=self.as_of,
            position=self.position,
            recorded_at=self.recorded_at,
            threshold=threshold_said(self.threshold),
            root=self.root,
            address=self.address,
            accessed=self.accessed.isoformat(),
        )

    def bibtex(self) -> str:
        fields = {
            "title": f"{self.subject} (as of {self.as_of})",
            "author": f"{{{PUBLISHER}}}",
            "year": str(self.recorded.year),
            "date": self.recorded.isoformat(),
            "urldate": self.accessed.isoformat(),
            "note": self._note(),
        }
        told = "".join(f"  {name} = {{{_tex(value)}}},\n" for name, value in fields.items())
        return f"@misc{{{self.name},\n{told}  url = {{{self.address}}},\n}}\n"

    def csl(self) -> list[dict[str, Any]]:
        """CSL-JSON 1.0: a list of one item."""
        return [
            {
                "id": self.name,
                "type": "webpage",
                "title": f"{self.subject} (as of {self.as_of})",
                "container-title": PUBLISHER,
                "publisher": PUBLISHER,
                "issued": _parts(self.recorded),
                "accessed": _parts(self.accessed),
                "URL": self.address,
                "version": str(self.position),
                "note": self._note(),
            }
        ]

    def _note(self) -> str:
        return (
            f"as of {self.as_of}; position {self.position}, recorded {self.recorded_at}; "
            f"threshold {self.threshold}; root hash (SHA-256) {self.root}"
        )


def cited(here: Looking, shown: Shown, form: str) -> Response:
    """The citation of what is shown here; it names today, so it is kept by nobody."""
    if form not in FORMS:
        raise Invalid(f"not a form of citation: {form!r} (expected {', '.join(FORMS)})", "cite")
    citation = Citation(
        shown.title,
        here.view.as_of_text,
        here.view.moment,
        here.recorded_at,
        here.opened.threshold.word,
        root_of(here.view),
        request.host_url.rstrip("/") + here.pinned(),
        datetime.now(UTC).date(),
    )
    if form == "page":
        return page(
            "explore/cite.html",
            title=_("Cite this page"),
            citation=citation,
            csl=orjson.dumps(citation.csl(), option=orjson.OPT_INDENT_2).decode(),
            looking=here,
            shown=shown,
            kept={},
        )
    made = {
        "text": ("text/plain", citation.text),
        "bibtex": ("application/x-bibtex", citation.bibtex),
        "csl": (
            "application/vnd.citationstyles.csl+json",
            lambda: orjson.dumps(citation.csl()).decode(),
        ),
    }
    media_type, make = made[form]
    response = Response(make(), content_type=f"{media_type}; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def threshold_said(word: str) -> str:
    """What is counted at this threshold."""
    return {
        "confirmed": _("confirmed"),
        "reported": _("confirmed or reported"),
        "alleged": _("confirmed, reported or alleged"),
    }[word]


def _parts(day: date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _tex(text: str) -> str:
    """What BibTeX would read as its own is escaped; outer braces stay."""
    return re.sub(r"([#$%&_])", r"\\\1", text)
