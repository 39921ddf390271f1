"""One row per kind of value: how it is read and written, described and asked for.

Readers take what JSON or a spreadsheet cell gives and raise Invalid; they know nothing of the
register's content (whether a party is recorded is asked in `registry.record`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from registry.domain import dates
from registry.domain.codes import Code
from registry.domain.confidence import BY_WORD, Confidence
from registry.domain.errors import Invalid
from registry.domain.fields import Kind, Told
from registry.domain.layers import LAYERS
from registry.domain.parties import CODE_SCHEMES, SLUG, coded, is_party_id

TEXT_LIMIT, PROSE_LIMIT, MANY_LIMIT = 500, 20_000, 1_000
LABEL_LIMIT = 120
"""Of texts that name a subject: its key has to fit an index."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_URL = re.compile(r"https?://[^\s<>\"\\^`{|}]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HASH = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True)
class Row:
    """`read` and `write` are inverse; `widget` is how a form asks; `hint` is read by users."""

    read: Callable[[Any, Told], Any]
    write: Callable[[Any], Any]
    schema: Mapping[str, Any]
    widget: str
    example: object
    hint: str

    def restore(self, value: Any, told: Told) -> Any:
        """A stored value as it was accepted once, whatever `read` refuses today."""
        return value if self.kept_as_is else self.read(value, told)

    @property
    def kept_as_is(self) -> bool:
        """Whether the stored value is the value itself."""
        return self.write in (same, dict)


def _text(value: Any, limit: int = TEXT_LIMIT) -> str:
    if not isinstance(value, str):
        raise Invalid(f"expected text, got {_shown(value)}")
    if "\x00" in value:
        raise Invalid("text must not hold a NUL character")
    if not value.strip():
        raise Invalid("expected text, got nothing")
    if len(value) > limit:
        raise Invalid(f"expected at most {limit} characters, got {len(value)}")
    if not value.isascii() and _SURROGATE.search(value):
        raise Invalid("text must not hold half a surrogate pair")
    return value


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _read_text(value: Any, told: Told) -> str:
    return _text(value)


def _read_label(value: Any, told: Told) -> str:
    return _text(value, LABEL_LIMIT)


def _read_prose(value: Any, told: Told) -> str:
    return _text(value, PROSE_LIMIT)


def _matching(pattern: re.Pattern[str], expected: str) -> Callable[[Any, Told], str]:
    def read(value: Any, told: Told) -> str:
        text = _text(value, 2_000)
        if not pattern.fullmatch(text):
            raise Invalid(f"not {expected}: {_shown(text)}")
        return text

    return read


def _read_date(value: Any, told: Told) -> dates.Edtf:
    return dates.parse(_text(value))


def _read_party(value: Any, told: Told) -> str:
    text = _text(value)
    if is_party_id(text) or coded(text):
        return text
    if text.isdigit():
        offers = tuple(f"{scheme}:{text}" for scheme in ("cow", "gw"))
        raise Invalid(
            f"a bare number may mean several codes: {text!r} (say {' or '.join(offers)})",
            offers=offers,
        )
    raise Invalid(f"not a party id or code: {_shown(text)} (expected e.g. BOL or cow:145)")


def _read_new_party(value: Any, told: Told) -> str:
    text = _text(value)
    if not is_party_id(text):
        raise Invalid(
            f"not a party id: {_shown(text)} (expected capitals, digits and hyphens: BOL, US-DEA)"
        )
    return text


def _read_choice(value: Any, told: Told) -> str:
    if value not in told.choices:
        raise Invalid(f"expected one of {', '.join(told.choices)}; got {_shown(value)}")
    return str(value)


def _read_confidence(value: Any, told: Told) -> Confidence:
    if not isinstance(value, str) or value not in BY_WORD:
        raise Invalid(f"expected one of {', '.join(BY_WORD)}; got {_shown(value)}")
    return BY_WORD[value]


def _read_layer(value: Any, told: Told) -> str:
    if not isinstance(value, str) or value not in LAYERS:
        raise Invalid(f"expected one of {', '.join(LAYERS)}; got {_shown(value)}")
    return value


def _read_number(value: Any, told: Told) -> int:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**9:
        raise Invalid(f"expected a whole number from 0, got {_shown(value)}")
    return value


def _read_yes_no(value: Any, told: Told) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "yes", "false", "no"):
        return value.lower() in ("true", "yes")
    raise Invalid(f"expected true or false, got {_shown(value)}")


def _mapping(value: Any, expected: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not value or len(value) > 100:
        raise Invalid(f"expected {expected}, got {_shown(value)}")
    for key in value:
        _text(key)
    return value


def _read_names(value: Any, told: Told) -> dict[str, str]:
    found = _mapping(value, "names by language, e.g. {'es': 'Bolivia'}")
    for language in found:
        if not _LANGUAGE.fullmatch(language):
            raise Invalid(f"not a language code: {_shown(language)} (expected e.g. es)")
    return {language: _text(name) for language, name in found.items()}


def _read_external_ids(value: Any, told: Told) -> dict[str, str]:
    found = _mapping(value, "numbers by scheme, e.g. {'mtdsg': '6-18'}")
    for scheme in found:
        if not _WORD.fullmatch(scheme):
            raise Invalid(f"not a scheme: {_shown(scheme)} (expected e.g. mtdsg)")
    return {scheme: _text(str(number)) for scheme, number in found.items()}


def _read_codes(value: Any, told: Told) -> tuple[Code, ...]:
    """Either {scheme: code | [{code, valid}]} or a list of {scheme, code, valid}."""
    if isinstance(value, Mapping):
        flat: list[tuple[Any, Any, Any]] = []
        for scheme, codes in _mapping(value, "codes by scheme").items():
            for each in codes if isinstance(codes, list) else [codes]:
                said = each if isinstance(each, Mapping) else {"code": each}
                _only(said, {"code", "valid"})
                flat.append((scheme, said.get("code"), said.get("valid")))
    elif isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
        for each in value:
            _only(each, {"scheme", "code", "valid"})
        flat = [(each.get("scheme"), each.get("code"), each.get("valid")) for each in value]
    else:
        raise Invalid(f"expected codes by scheme, e.g. {{'cow': '145'}}, got {_shown(value)}")
    return tuple(_code(*each) for each in flat)


def _only(said: Mapping[str, Any], allowed: set[str]) -> None:
    if unknown := sorted(set(said) - allowed):
        raise Invalid(f"unknown field {unknown[0]!r} in a code (expected {sorted(allowed)})")


def _code(scheme: Any, code: Any, valid: Any) -> Code:
    if scheme not in CODE_SCHEMES:
        raise Invalid(f"expected a scheme of {', '.join(CODE_SCHEMES)}; got {_shown(scheme)}")
    text = _text(str(code) if isinstance(code, int) else code)
    if coded(f"x0:{text}") is None:
        raise Invalid(f"not a code: {_shown(text)}")
    return Code(scheme, text, None if valid is None else dates.parse(_text(valid)))


def _write_codes(codes: tuple[Code, ...]) -> list[dict[str, str]]:
    return [
        {"scheme": each.scheme, "code": each.code}
        | ({"valid": each.valid.text} if each.valid else {})
        for each in codes
    ]


def _read_subject(value: Any, told: Told) -> dict[str, Any]:
    found = _mapping(value, "a subject by its parts, e.g. {'pair': ['BOL', 'USA']}")
    read: dict[str, Any] = {}
    for name, part in found.items():
        if name == "pair":
            if not isinstance(part, list) or len(part) != 2 or part[0] == part[1]:
                raise Invalid(f"expected two parties in pair, got {_shown(part)}")
            read[name] = sorted(_read_party(each, told) for each in part)
        else:
            read[name] = _text(part, LABEL_LIMIT)
    return read


def _read_content(value: Any, told: Told) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not isinstance(value.get("type"), str):
        raise Invalid(f"expected a whole event with its type, got {_shown(value)}")
    return dict(value)


def _read_record(value: Any, told: Told) -> Any:
    raise TypeError(f"{told.name} is read field by field")  # pragma: no cover - see codec


def same(value: Any) -> Any:
    return value


def _string(**more: Any) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": TEXT_LIMIT, **more}


_EDTF_HINT = "EDTF: 2012-06-20, 2012-06, 2012, 2011~, [..2011-12-31], 2012-05/2012-06"

KINDS: Final[Mapping[Kind, Row]] = {
    Kind.DATE: Row(
        _read_date, lambda d: d.text, _string(format="edtf"), "date", "2012-06-20", _EDTF_HINT
    ),
    Kind.PARTY: Row(
        _read_party, same, _string(), "party", "BOL", "a party id, or a code such as cow:145"
    ),
    Kind.NEW_PARTY: Row(
        _read_new_party,
        same,
        _string(pattern="^[A-Z][A-Z0-9-]{1,31}$"),
        "text",
        "ATL",
        "capitals, digits, hyphens",
    ),
    Kind.ACTOR: Row(
        _read_label,
        same,
        _string(maxLength=LABEL_LIMIT),
        "actor",
        "BOL",
        "a party id, or who it is in plain words",
    ),
    Kind.LABEL: Row(
        _read_label,
        same,
        _string(maxLength=LABEL_LIMIT),
        "text",
        "a name",
        "a short name",
    ),
    Kind.AGREEMENT: Row(
        _matching(SLUG, "an agreement's slug (small letters, digits, hyphens)"),
        same,
        _string(pattern="^[a-z0-9][a-z0-9-]{0,99}$"),
        "agreement",
        "bol-irn-2012-counternarcotics",
        "the slug of a recorded agreement",
    ),
    Kind.SOURCE: Row(
        _matching(SLUG, "a source's slug (small letters, digits, hyphens)"),
        same,
        _string(pattern="^[a-z0-9][a-z0-9-]{0,99}$"),
        "source",
        "insight-crime-2012-06",
        "the slug of a recorded source",
    ),
    Kind.NEW_SLUG: Row(
        _matching(SLUG, "a slug (small letters, digits, hyphens)"),
        same,
        _string(pattern="^[a-z0-9][a-z0-9-]{0,99}$"),
        "text",
        "some-new-slug",
        "small letters, digits, hyphens",
    ),
    Kind.EVENT: Row(
        _matching(_UUID, "an event id"),
        same,
        _string(format="uuid"),
        "event",
        "01900000-0000-7000-8000-000000000001",
        "the id of a recorded event",
    ),
    Kind.LAYER: Row(
        _read_layer,
        same,
        {"type": "string", "enum": list(LAYERS)},
        "select",
        "diplomatic_relations",
        "the name of a layer",
    ),
    Kind.SUBJECT: Row(
        _read_subject,
        same,
        {"type": "object", "minProperties": 1},
        "subject",
        {"pair": ["BOL", "USA"]},
        "the parts of the layer's subject",
    ),
    Kind.CONFIDENCE: Row(
        _read_confidence,
        lambda c: c.word,
        {"type": "string", "enum": list(BY_WORD)},
        "select",
        "reported",
        "confirmed, reported, alleged or disputed",
    ),
    Kind.CHOICE: Row(_read_choice, same, {"type": "string"}, "select", None, "one of the list"),
    Kind.TEXT: Row(_read_text, same, _string(), "text", "some words", "a line of text"),
    Kind.PROSE: Row(
        _read_prose, same, _string(maxLength=PROSE_LIMIT), "textarea", "some words", "text"
    ),
    Kind.URL: Row(
        _matching(_URL, "a web address"),
        same,
        _string(format="uri", maxLength=2_000),
        "url",
        "https://example.org/treaty",
        "a web address",
    ),
    Kind.LANGUAGE: Row(
        _matching(_LANGUAGE, "a language code such as es"),
        same,
        _string(),
        "text",
        "es",
        "BCP 47, e.g. es",
    ),
    Kind.HASH: Row(
        _matching(_HASH, "a SHA-256 in 64 hexadecimal digits"),
        same,
        _string(pattern="^[0-9a-f]{64}$"),
        "text",
        "0" * 64,
        "64 hexadecimal digits",
    ),
    Kind.NUMBER: Row(
        _read_number,
        same,
        {"type": "integer", "minimum": 0, "maximum": 999_999_999},
        "number",
        10,
        "a whole number",
    ),
    Kind.YES_NO: Row(_read_yes_no, same, {"type": "boolean"}, "checkbox", True, "true or false"),
    Kind.NAMES: Row(
        _read_names,
        dict,
        {"type": "object", "additionalProperties": _string(), "minProperties": 1},
        "names",
        {"es": "Bolivia"},
        "language: name",
    ),
    Kind.CODES: Row(
        _read_codes,
        _write_codes,
        {"type": ["object", "array"]},
        "codes",
        {"cow": "145"},
        "scheme: code, or a list of {scheme, code, valid}",
    ),
    Kind.EXTERNAL_IDS: Row(
        _read_external_ids,
        dict,
        {"type": "object", "additionalProperties": _string(), "minProperties": 1},
        "external_ids",
        {"mtdsg": "6-18"},
        "scheme: number",
    ),
    Kind.CONTENT: Row(
        _read_content,
        same,
        {"type": "object", "required": ["type"]},
        "content",
        None,
        "the whole new event",
    ),
    Kind.RECORD: Row(_read_record, same, {"type": "object"}, "group", None, "several fields"),
}
