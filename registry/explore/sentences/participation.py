"""What a party did with regard to an agreement, as sentences."""

from typing import Final

from registry.explore.sentences.form import Form, says, when
from registry.web.languages import text_of as t

_DEPOSITED: Final = says(t(", depositing its instrument with %(deposited_with)s"))
_DECIDED: Final = says(t(", by decision of %(by)s"))

FORMS: Final = {
    "agreement.signed": Form(
        t("Signature"),
        says(
            when(
                t("%(party)s signed %(agreement)s, and by signing consented to be bound"),
                definitive=True,
            ),
            t("%(party)s signed %(agreement)s"),
        ),
        says(t(", represented by %(signatories)s")),
    ),
    "agreement.signed_ad_referendum": Form(
        t("Signature ad referendum"),
        says(t("%(party)s signed %(agreement)s ad referendum, subject to confirmation")),
    ),
    "agreement.signature_confirmed": Form(
        t("Confirmation of a signature"),
        says(t("%(party)s confirmed its signature of %(agreement)s")),
    ),
    "agreement.signature_withdrawn": Form(
        t("Withdrawal of a signature"),
        says(t("%(party)s made clear that it does not mean to become a party to %(agreement)s")),
    ),
    "agreement.ratified": Form(
        t("Ratification"), says(t("%(party)s ratified %(agreement)s")), _DEPOSITED
    ),
    "agreement.accepted": Form(
        t("Acceptance"), says(t("%(party)s accepted %(agreement)s")), _DEPOSITED
    ),
    "agreement.approved": Form(
        t("Approval"), says(t("%(party)s approved %(agreement)s")), _DEPOSITED
    ),
    "agreement.acceded": Form(
        t("Accession"), says(t("%(party)s acceded to %(agreement)s")), _DEPOSITED
    ),
    "agreement.formally_confirmed": Form(
        t("Formal confirmation"), says(t("%(party)s formally confirmed %(agreement)s")), _DEPOSITED
    ),
    "agreement.consent_notified": Form(
        t("Notification of consent"),
        says(t("%(party)s notified its consent to be bound by %(agreement)s")),
        _DEPOSITED,
    ),
    "agreement.domestically_approved": Form(
        t("Approval at home"),
        says(t("%(party)s approved %(agreement)s at home, which is not yet consent to be bound")),
        says(t(" (%(organ)s)"), t("; %(instrument)s")),
    ),
    "agreement.participation_recorded": Form(
        t("Participation in a list"),
        says(
            when(
                t("%(party)s is listed as having consented to be bound by %(agreement)s"),
                role="contracting",
            ),
            when(t("%(party)s is listed as a signatory of %(agreement)s"), role="signatory"),
            t("%(party)s is listed as taking part in %(agreement)s"),
        ),
        says(t(", with the mark “%(mode)s”"), t(", in the column “%(verbatim_header)s”")),
    ),
    "agreement.succeeded_to": Form(
        t("Succession to an agreement"),
        says(
            when(t("%(party)s succeeded to the signature of %(agreement)s"), to="signature"),
            t("%(party)s succeeded to %(agreement)s"),
        ),
        says(t(", in the place of %(predecessor)s")),
    ),
    "agreement.provisionally_applied": Form(
        t("Provisional application"),
        says(t("%(party)s began to apply %(agreement)s provisionally")),
    ),
    "agreement.provisional_application_ended": Form(
        t("End of provisional application"),
        says(t("%(party)s ceased to apply %(agreement)s provisionally")),
    ),
    "agreement.entered_into_force_for": Form(
        t("Entry into force for a party"),
        says(t("%(agreement)s entered into force for %(party)s")),
    ),
    "agreement.territorial_application_extended": Form(
        t("Extension to a territory"),
        says(t("%(party)s extended the application of %(agreement)s to %(territory)s")),
    ),
    "agreement.territorial_application_ended": Form(
        t("End of application to a territory"),
        says(t("%(party)s ended the application of %(agreement)s to %(territory)s")),
    ),
    "agreement.denunciation_notified": Form(
        t("Notice of denunciation or withdrawal"),
        says(t("%(party)s gave notice of its withdrawal from %(agreement)s")),
        says(t(" (notice: %(notice)s)")),
    ),
    "agreement.denunciation_retracted": Form(
        t("Notice taken back"),
        says(t("%(party)s took back its notice of withdrawal from %(agreement)s")),
    ),
    "agreement.withdrew": Form(
        t("Withdrawal from an agreement"),
        says(t("%(party)s withdrew from %(agreement)s")),
    ),
    "agreement.party_suspended": Form(
        t("Suspension of a party"),
        says(t("the rights of %(party)s under %(agreement)s were suspended")),
        _DECIDED,
    ),
    "agreement.party_expelled": Form(
        t("Expulsion of a party"),
        says(t("%(party)s was excluded from %(agreement)s")),
        _DECIDED,
    ),
    "agreement.participation_restored": Form(
        t("Participation restored"),
        says(t("the participation of %(party)s in %(agreement)s was restored")),
        _DECIDED,
    ),
    "agreement.reservation_made": Form(
        t("Reservation"),
        says(t("%(party)s made a reservation to %(agreement)s")),
        says(t(" (on %(articles)s)"), t(": “%(text)s”")),
    ),
    "agreement.declaration_made": Form(
        t("Declaration"),
        says(t("%(party)s made a declaration on %(agreement)s")),
        says(t(" (on %(articles)s)"), t(": “%(text)s”")),
    ),
    "agreement.objection_made": Form(
        t("Objection"),
        says(
            t("with regard to %(agreement)s, %(party)s objected to %(to)s"),
            t("%(party)s objected to a reservation to %(agreement)s"),
        ),
        says(
            t(" (on %(articles)s)"),
            when(
                t(", and opposed the entry into force between the two"),
                opposes_entry_into_force=True,
            ),
            when(
                t(", without opposing the entry into force between the two"),
                opposes_entry_into_force=False,
            ),
            t(": “%(text)s”"),
        ),
    ),
    "agreement.statement_recorded": Form(
        t("Statement on an agreement"),
        says(t("%(party)s made a statement on %(agreement)s; its nature is not told apart")),
        says(t(" (on %(articles)s)"), t(": “%(text)s”")),
    ),
    "agreement.statement_withdrawn": Form(
        t("Withdrawal of a statement"),
        says(
            t("with regard to %(agreement)s, %(party)s withdrew %(to)s"),
            t("%(party)s withdrew a statement on %(agreement)s"),
        ),
    ),
}
