"""The languages of the pages: which one a request gets, and the texts in it.

English stands in the code; the other texts are in `translations/<language>/LC_MESSAGES/messages.po`,
which is read as it is: nothing has to be compiled before.
"""

import io
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain

LANGUAGES: Final = {"en": "English", "es": "Español"}
"""By the code of RFC 5646, each in its own words."""
_FOLDER: Final = Path(__file__).resolve().parent / "translations"


def plug(app: Flask) -> None:
    Babel(app, locale_selector=language)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(gettext, _unfilled, newstyle=True)  # type: ignore[attr-defined]  # of the i18n extension
    app.jinja_env.globals |= {"language": language, "languages": lambda: LANGUAGES}


def language() -> str:
    """By the parameter `lang`; a pinned address has one answer, which is English without it.

    Else as the reader's program asks.
    """
    if not has_request_context():
        return "en"
    if _CHOSEN not in g:
        setattr(g, _CHOSEN, _chosen())
    return str(g.get(_CHOSEN))


def negotiated() -> bool:
    """Whether the language depends on what the reader's program accepts."""
    return request.args.get("lang") not in LANGUAGES and "known_at" not in request.args


_CHOSEN: Final = "registry_language"


def _chosen() -> str:
    if request.path.startswith("/admin"):
        return "en"
    if (named := request.args.get("lang")) in LANGUAGES:
        return str(named)
    if negotiated():
        for tag, quality in request.accept_languages:
            if quality and (primary := tag.split("-")[0].lower()) in LANGUAGES:
                return primary
    return "en"


def catalogue_of(code: str) -> Path:
    """Where the texts of a language are."""
    return _FOLDER / code / "LC_MESSAGES" / "messages.po"


@cache
def _texts(code: str) -> NullTranslations:
    path = catalogue_of(code)
    if not path.exists():
        return NullTranslations()
    made = io.BytesIO()
    with path.open("rb") as file:
        write_mo(made, read_po(file))
    made.seek(0)
    return Translations(made)


class _InCode(Domain):  # type: ignore[misc]  # flask_babel ships no types for it
    """The catalogue of this program, whose folder does not depend on the application."""

    def get_translations(self) -> NullTranslations:
        return _said()


_IN_CODE: Final = _InCode()
_SAID: Final = "registry_texts"


def _said() -> NullTranslations:
    """The texts of this request: looked up once, asked for thousands of times."""
    if not has_request_context():
        return _texts("en")
    found = g.get(_SAID)
    if found is None:
        found = _texts(language())
        setattr(g, _SAID, found)
    return found  # type: ignore[no-any-return]  # g holds anything


def gettext(text: str, /, **parts: Any) -> str:
    """The text in the language of the request, its named parts filled in."""
    said = str(_said().ugettext(text))
    return said % parts if parts else said


def ngettext(one: str, many: str, num: int, /, **parts: Any) -> str:
    """The same for a number of things, which the texts call `num`."""
    return str(_said().ungettext(one, many, num)) % {"num": num, **parts}


def _unfilled(one: str, many: str, num: int, /) -> str:
    """For templates, which fill in the parts themselves."""
    return str(_said().ungettext(one, many, num))


def text_of(text: str, /) -> str:
    """The text itself: marks it, in a table, as one that is translated when it is said."""
    return text


def lazy_gettext(text: str, /, **parts: Any) -> Any:
    """A text that is put into the language of a request when it is read."""
    return _IN_CODE.lazy_gettext(text, **parts)
