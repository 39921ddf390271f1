"""What an agreement calls itself, between how many it is, and whether it binds, in words."""

from collections.abc import Mapping
from typing import Any, Final

from registry.web.languages import gettext as _
from registry.web.languages import text_of as t

KINDS: Final = {
    "treaty": t("Treaty"),
    "convention": t("Convention"),
    "agreement": t("Agreement"),
    "protocol": t("Protocol"),
    "amendment": t("Amendment"),
    "constitution": t("Constitution"),
    "covenant": t("Covenant"),
    "memorandum": t("Memorandum"),
    "exchange_of_notes": t("Exchange of notes"),
    "declaration": t("Declaration"),
    "joint_declaration": t("Joint declaration"),
    "arrangement": t("Arrangement"),
    "other": t("Instrument of another kind"),
    "unknown": t("Instrument whose kind is not recorded"),
}
FORMS: Final = {
    "bilateral": t("between two parties"),
    "plurilateral": t("between a few parties"),
    "multilateral": t("between many parties"),
}
BINDING: Final = {
    "no": t("not binding under international law"),
    "disputed": t("whether it binds is disputed"),
}


def kind_said(doc: Mapping[str, Any]) -> str:
    """Convention, between many parties."""
    said = [_(KINDS.get(str(doc.get("kind")), KINDS["unknown"]))]
    said += [_(FORMS[form])] if (form := doc.get("form")) in FORMS else []
    said += [_(BINDING[binding])] if (binding := doc.get("binding")) in BINDING else []
    return ", ".join(said)
