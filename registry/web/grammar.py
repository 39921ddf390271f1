"""What a language asks of words that are put together: articles, and letters that give way."""

import re
from typing import Final

from markupsafe import Markup

from registry.web.languages import language


def article(name: str) -> str:
    """What is said before a name inside a sentence: the United States, el Estado Plurinacional."""
    if language() == "es":
        return _SPANISH.get(name.split(" ", 1)[0], "")
    return "the" if takes_the(name) else ""


def smoothed(said: str) -> str:
    """Spanish: `de el` is del, `a el` is al, `y Irán` is e Irán, `o Omán` is u Omán."""
    if language() != "es":
        return said
    smooth = _CONTRACTED.sub(lambda found: found[0][:-3] + "l", said)
    smooth = _BEFORE_I.sub(" e ", smooth)
    smooth = _BEFORE_O.sub(" u ", smooth)
    return Markup(smooth) if isinstance(said, Markup) else smooth  # noqa: S704  # it was before


def takes_the(name: str) -> bool:
    """Whether English says `the` before the name: the United States, the Holy See."""
    if "," in name or name.startswith("The "):
        return False
    words = re.sub(r"\s*\(.*\)", "", name).split()
    if len(words) == 1:
        return words[0] in _SINGLE
    return any(word in _COMMON for word in words)


_CONTRACTED: Final = re.compile(r"\b(?:[Dd]e|[Aa]) el(?= )")
_TAG: Final = r"(?:<[^>]*>|[“«])*"
_BEFORE_I: Final = re.compile(rf" y (?={_TAG}(?:[IÍií]|H[ií](?![aeo])))")
_BEFORE_O: Final = re.compile(rf" o (?={_TAG}(?:[OÓ]|Ho))")
_SINGLE: Final = frozenset(
    ("Netherlands", "Philippines", "Bahamas", "Gambia", "Maldives", "Comoros")
)
_COMMON: Final = frozenset(
    (
        *("Administration", "Agency", "Alliance", "Antilles", "Area", "Association", "Authority"),
        *("Bank", "Board", "City", "Commission", "Committee", "Commonwealth", "Community"),
        *("Confederation", "Cooperation", "Corps", "Council", "Court", "Emirates", "Empire"),
        *("Federation", "Force", "Fund", "Islands", "Isle", "Kingdom", "League", "Market"),
        *("Nations", "Office", "Order", "Organisation", "Organization", "Republic", "See"),
        *("Sicilies", "State", "States", "Territory", "Union"),
    )
)
_SPANISH: Final = {
    **dict.fromkeys(("Estado", "Reino", "Fondo", "Banco", "Consejo", "Comité", "Cuerpo"), "el"),
    **dict.fromkeys(("Territorio", "Mercado", "Organismo", "Imperio", "Tribunal"), "el"),
    **dict.fromkeys(("República", "Federación", "Unión", "Organización", "Comisión"), "la"),
    **dict.fromkeys(("Administración", "Comunidad", "Corte", "Agencia", "Liga", "Oficina"), "la"),
    **dict.fromkeys(("Fuerza", "Alianza", "Asociación", "Junta", "Orden"), "la"),
}
"""By the first word. Names in the plural take none: Estados Unidos rompió relaciones."""
