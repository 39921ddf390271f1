"""That a layer has a value, said as a clause: Bolivia and the United States had diplomatic relations."""

from collections.abc import Mapping
from typing import Any

from registry.domain.dates import NotADate
from registry.domain.layers import LAYERS, NOT_APPLICABLE
from registry.domain.parties import looks_like_party
from registry.explore.dates_said import until
from registry.explore.naming import Namer
from registry.explore.sentences.choices import CHOICES
from registry.explore.sentences.layers import (
    ABOUT,
    HOLDS,
    KINDS,
    LAYERS_SAID,
    NONE_RECORDED,
    RELATIONS,
    VALUES,
)
from registry.web.languages import gettext as _
from registry.web.languages import text_of as t

_AGREEMENTS = ("agreement", "to_agreement")


def holds(layer: str, subject: Mapping[str, Any], value: str, namer: Namer) -> str:
    """The clause, in the past tense; of what is unknown or not applicable, that it is so."""
    parts = _parts(layer, subject, namer)
    if value == NOT_APPLICABLE:
        return absent(layer, subject, namer)
    if value in ("", "unknown"):
        return unrecorded(layer, subject, namer)
    said = HOLDS[layer]
    text = said.get(value) or said[""]
    return namer.fill(text, {**parts, "value": _value(layer, value, namer)})


def unrecorded(layer: str, subject: Mapping[str, Any], namer: Namer) -> str:
    """Nothing is recorded of it."""
    parts = _parts(layer, subject, namer)
    about = namer.fill(ABOUT[layer], parts)
    return namer.fill(t("nothing is recorded of %(about)s"), {"about": about})


def none_recorded(layer: str, subject: Mapping[str, Any], namer: Namer) -> str:
    """No registration of it is recorded."""
    if layer not in NONE_RECORDED:
        return unrecorded(layer, subject, namer)
    return namer.fill(NONE_RECORDED[layer], _parts(layer, subject, namer))


def absent(layer: str, subject: Mapping[str, Any], namer: Namer) -> str:
    """On a day when a party does not exist, the layer does not apply."""
    keys = LAYERS[layer].party_parts(LAYERS[layer].key_of(subject)) if layer in LAYERS else ()
    if layer == "bound":
        keys = (str(subject["party"]),)
    if len(keys) == 1:
        return namer.fill(t("%(party)s did not exist"), {"party": namer.party(keys[0])})
    return namer.fill(t("not all of these existed: %(parties)s"), {"parties": namer.several(keys)})


def question(layer: str, subject: Mapping[str, Any], namer: Namer) -> str:
    """What the layer asks of the subject, as a thing: diplomatic relations between the two."""
    if layer in LAYERS and set(subject) == {"agreement"} and len(LAYERS[layer].parts) > 1:
        return namer.fill(
            t("%(layer)s, of any party to %(agreement)s"),
            {"layer": layer_said(layer), "agreement": namer.agreement(str(subject["agreement"]))},
        )
    return namer.fill(ABOUT[layer], _parts(layer, subject, namer))


def layer_said(layer: str) -> str:
    """`diplomatic_relations` as Diplomatic relations."""
    return _(LAYERS_SAID[layer])


def value_said(layer: str, value: str, namer: Namer | None = None) -> str:
    """A value for a table or a line; text that a layer keeps stays as it is."""
    if value == "":
        return _(VALUES["unknown"])
    known = layer not in LAYERS or value in LAYERS[layer].values
    if known or (value in VALUES and (layer, value) != ("name", value)):
        return _(VALUES[value])
    if namer is not None:
        return _value(layer, value, namer)
    if layer == "entry_into_force_rule":
        return _("a rule is set")
    return _until(value, value) if layer == "term" else value


def _until(value: str, plain: str) -> str:
    """A source may observe a term that is no date."""
    try:
        return until(value)
    except NotADate:
        return plain


def _value(layer: str, value: str, namer: Namer) -> str:
    if value == "none":
        return _(VALUES[value])
    if layer in ("depositary", "protecting_power"):
        return namer.actor(value)
    if layer == "term":
        return _until(value, namer.plain(value))
    if layer == "entry_into_force_rule":
        return _("a rule is set")
    return namer.plain(value)


def _parts(layer: str, subject: Mapping[str, Any], namer: Namer) -> dict[str, str]:
    """The parts of the subject in words; an optional one that is missing is empty."""
    said: dict[str, str] = {"under": "", "programme": ""}
    for name, part in subject.items():
        match name:
            case "pair":
                said["pair"] = namer.several(part)
            case "agreement" | "to_agreement":
                said[name] = namer.agreement(str(part))
            case "under":
                said[name] = namer.fill(
                    t(" (under %(agreement)s)"), {"agreement": namer.agreement(part)}
                )
            case "programme":
                said[name] = namer.fill(" (%(programme)s)", {"programme": namer.plain(part)})
            case "kind":
                known = CHOICES["kind"] if layer == "assistance" else KINDS
                said[name] = _(known[part]) if part in known else namer.plain(str(part))
            case "relation":
                said[name] = _(RELATIONS[part]) if part in RELATIONS else namer.plain(str(part))
            case _:
                said[name] = (
                    namer.actor(str(part))
                    if looks_like_party(str(part))
                    else namer.plain(str(part))
                )
    return said
