"""The texts of the public pages taken out of the code, and put into the catalogue of a language.

For whoever writes or translates texts; no page needs it.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, cast

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from registry.web.languages import LANGUAGES, catalogue_of

_HERE: Final = Path(__file__).resolve().parents[1]
_SOURCES: Final = ("explore", "web")
_KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "text_of": None,
    "t": None,
    "ngettext": (1, 2),
}
_METHODS: Final = {".py": "python", ".html": "jinja2"}
_OPTIONS: Final = {"trimmed": "true", "silent": "false", "encoding": "utf-8"}


def texts() -> Catalog:
    """Every text of the code, with the files in which it stands."""
    found = Catalog()
    for path in _files():
        extracted = extract_from_file(
            _METHODS[path.suffix],
            path,
            keywords=_KEYWORDS,
            options=_OPTIONS,
            strip_comment_tags=True,
        )
        for _line, text, comments, context in extracted:
            found.add(text, None, [_in(path)], auto_comments=comments, context=context)
    return found


def put_into_catalogues() -> Iterator[tuple[Path, int]]:
    """Each catalogue brought up to date, with how many texts wait for a translation."""
    code = texts()
    for language in LANGUAGES:
        if language == "en":
            continue
        path = catalogue_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        known = Catalog(language, project="agreement-registry", fuzzy=False)
        if path.exists():
            with path.open("rb") as file:
                known = read_po(file, locale=language)
        known.header_comment = f"# The texts of the public pages in {LANGUAGES[language]}."
        known.update(
            code, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False
        )
        known.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, known, width=100, sort_output=True, omit_header=False)
        yield path, sum(bool(each.id) and not all(forms(each.string)) for each in known)


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """A text in all its numbers."""
    return (text or "",) if isinstance(text, str) or text is None else tuple(text)


def _files() -> Iterator[Path]:
    for name in _SOURCES:
        yield from sorted(path for path in (_HERE / name).rglob("*") if path.suffix in _METHODS)


def _in(path: Path) -> tuple[str, int]:
    """Where a text stands: no line, which would move with every change."""
    return path.relative_to(_HERE.parent).as_posix(), cast("int", None)
