"""The choices that events are recorded with, as the words that a sentence takes them in."""

from typing import Final

from registry.web.languages import text_of as t

_MISSIONS: Final = {
    "interests_section": t("an interests section"),
    "liaison_office": t("a liaison office"),
    "representative_office": t("a representative office"),
    "envoy_nonresident": t("an envoy who resides elsewhere"),
    "legation": t("a legation"),
    "ambassador_nonresident": t("an ambassador who resides elsewhere"),
    "embassy": t("an embassy"),
    "consul_nonresident": t("a consul who resides elsewhere"),
    "consulate": t("a consulate"),
}
_HEADS: Final = {
    "charge_ad_interim": t("chargé d’affaires ad interim"),
    "charge": t("chargé d’affaires"),
    "minister_resident": t("minister resident"),
    "diplomatic_agent": t("diplomatic agent"),
    "principal_officer": t("principal officer"),
    "envoy": t("envoy"),
    "ambassador": t("ambassador"),
}
_HELP: Final = {
    "training": t("training"),
    "equipment": t("equipment"),
    "funding": t("funding"),
    "intelligence": t("intelligence"),
    "imagery": t("imagery"),
    "personnel": t("personnel"),
    "other": t("assistance of another kind"),
}
_PARTIES: Final = {
    "state": t("a state"),
    "organisation": t("an organisation"),
    "agency": t("an agency"),
    "territory": t("a territory"),
    "non_state": t("a party that is no state"),
}
_WHY_LEFT: Final = {
    "departed": "",
    "letters_of_recall": t("after letters of recall"),
    "died": "",
    "superseded": t("when a successor came"),
    "promoted": t("on promotion"),
    "recall_requested_by_host": t("as the host had asked for the recall"),
    "persona_non_grata": t("as a persona non grata"),
    "relations_broken": t("as relations were broken off"),
    "other": t("for another reason"),
}
_GROUNDS: Final = {
    "expiry": t("by expiry"),
    "consent": t("by consent of the parties"),
    "denunciation": t("by denunciation"),
    "breach": t("because of a breach"),
    "superseded": t("as a later agreement took its place"),
    "impossibility": t("as it could not be performed any more"),
    "other": t("on another ground"),
}
_ESTABLISHED: Final = {
    "all_parties": t("all parties established it"),
    "court": t("a court established it"),
}

CHOICES: Final = {
    "level": _MISSIONS,
    "class": _HEADS,
    "kind": _HELP | _PARTIES,
    "how": _WHY_LEFT,
    "ground": _GROUNDS,
    "established_by": _ESTABLISHED,
}
"""By field and value; in each type that has the field, its values are among them."""

CONFIDENCES: Final = {
    "confirmed": t("confirmed"),
    "reported": t("reported"),
    "alleged": t("alleged"),
    "disputed": t("disputed"),
}
CONFIDENCES_EXPLAINED: Final = {
    "confirmed": t("confirmed: an official act, the depositary’s or both sides’ record was seen"),
    "reported": t("reported: a source states it as fact"),
    "alleged": t("alleged: a source attributes it to somebody, or doubts it"),
    "disputed": t("disputed: a party or a source denies it"),
}
