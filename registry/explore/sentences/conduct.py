"""What states did, and what was said of them, as sentences."""

from typing import Final

from registry.explore.sentences.form import Form, given, says, when
from registry.web.languages import text_of as t

_WHY: Final = says(t(" (reason given: %(reason)s)"), t(" (time to leave: %(deadline)s)"))
_WHAT: Final = says(t(", under %(under)s"), t(": %(what)s"), t(" (%(quantity)s)"))
_MEASURES: Final = says(t(" (%(programme)s)"), t(": %(what)s"))

FORMS: Final = {
    "conduct.agency_expelled": Form(
        t("Expulsion of an agency"),
        says(
            t(
                "%(host)s ordered %(agency)s, an agency of %(sender)s, to leave; "
                "the expulsion took effect %(effective)s"
            ),
            t("%(host)s expelled %(agency)s, an agency of %(sender)s"),
        ),
        _WHY,
    ),
    "conduct.agency_established": Form(
        t("Establishment of an agency"),
        says(t("%(agency)s, an agency of %(sender)s, took up work in %(host)s")),
        _WHY,
    ),
    "conduct.agency_withdrawn": Form(
        t("Withdrawal of an agency"),
        says(t("%(sender)s withdrew its agency, %(agency)s, from %(host)s")),
        _WHY,
    ),
    "conduct.visited": Form(
        t("Visit"),
        says(t("%(visitor)s visited %(host)s")),
        says(t(", %(until)s")),
    ),
    "conduct.assistance_provided": Form(
        t("Assistance"),
        says(t("%(provider)s provided %(recipient)s with %(kind)s")),
        _WHAT,
    ),
    "conduct.assistance_suspended": Form(
        t("Suspension of assistance"),
        says(t("%(provider)s suspended what it provided to %(recipient)s: %(kind)s")),
        says(t(", under %(under)s"), t(" (%(what)s)"), t(" (%(quantity)s)")),
    ),
    "conduct.assistance_ended": Form(
        t("End of assistance"),
        says(t("%(provider)s ceased to provide %(recipient)s with %(kind)s")),
        _WHAT,
    ),
    "conduct.sanction_imposed": Form(
        t("Imposition of sanctions"),
        says(t("%(by)s imposed sanctions on %(on)s")),
        _MEASURES,
    ),
    "conduct.sanction_lifted": Form(
        t("Lifting of sanctions"),
        says(t("%(by)s lifted sanctions on %(on)s")),
        _MEASURES,
    ),
    "conduct.accusation_made": Form(
        t("Accusation"),
        says(t("%(by)s accused %(against)s: %(content)s")),
    ),
    "conduct.statement_made": Form(
        t("Statement"),
        says(
            when(t("it is said (by whom is not named): %(content)s"), by="not named"),
            t("according to %(by)s: %(content)s"),
        ),
    ),
    "party.recorded": Form(
        t("Entry of a party"),
        says(
            given(t("%(party)s, %(kind)s, came into being"), "occurred"),
            t("%(party)s was entered in this register, as %(kind)s"),
        ),
        says(t("; it is part of %(part_of)s")),
    ),
    "party.renamed": Form(
        t("New name"),
        says(t("%(party)s took this name: “%(name)s”")),
    ),
    "party.succeeded_by": Form(
        t("Succession of parties"),
        says(
            when(t("%(party)s went on as %(successor)s"), mode="continuity"),
            when(t("%(party)s merged into %(successor)s"), mode="merger"),
            when(t("%(successor)s separated from %(party)s"), mode="separation"),
            t("%(party)s was succeeded by %(successor)s"),
        ),
    ),
    "party.ended": Form(t("End of a party"), says(t("%(party)s ceased to exist"))),
    "party.membership_joined": Form(
        t("Joining of an organisation"),
        says(t("%(party)s became a member of %(organisation)s")),
    ),
    "party.membership_left": Form(
        t("Leaving of an organisation"),
        says(t("%(party)s ceased to be a member of %(organisation)s")),
    ),
}
