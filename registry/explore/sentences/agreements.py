"""What happened to an agreement as a whole, as sentences."""

from typing import Final

from registry.explore.sentences.form import Form, says, when
from registry.web.languages import text_of as t

FORMS: Final = {
    "agreement.recorded": Form(
        t("Entry of an agreement"),
        says(t("%(agreement)s was entered in this register")),
        says(
            t(", negotiated by %(parties)s"),
            t("; depositary: %(depositary)s"),
            t("; about: %(topics)s"),
        ),
    ),
    "agreement.announced": Form(
        t("Announcement"),
        says(
            t("%(parties)s announced that they meant to conclude %(agreement)s"),
            t("the intention to conclude %(agreement)s was announced"),
        ),
    ),
    "agreement.negotiation_opened": Form(
        t("Opening of negotiations"),
        says(t("negotiations on %(agreement)s began")),
        says(t(" (%(forum)s)")),
    ),
    "agreement.initialled": Form(
        t("Initialling"),
        says(t("the negotiators initialled %(agreement)s")),
        says(t(" (%(forum)s)")),
    ),
    "agreement.text_adopted": Form(
        t("Adoption of the text"),
        says(t("the text of %(agreement)s was adopted")),
        says(t(" (%(forum)s)"), t(", by this vote (for, against, abstaining): %(vote)s")),
    ),
    "agreement.signature_opened": Form(
        t("Opening for signature"),
        says(t("%(agreement)s was opened for signature")),
        says(t(", %(until)s")),
    ),
    "agreement.signature_closed": Form(
        t("Closing for signature"),
        says(t("%(agreement)s was closed for signature")),
        says(t("; it had stood open %(until)s")),
    ),
    "agreement.entry_into_force_rule_set": Form(
        t("Rule of entry into force"),
        says(
            when(t("%(agreement)s enters into force on signature"), rule="on_signature"),
            when(t("%(agreement)s enters into force %(on)s"), rule="on_date"),
            when(
                t("%(agreement)s enters into force once one party has consented to be bound"),
                rule="on_nth_consent",
                n=1,
            ),
            when(
                t("%(agreement)s enters into force once %(n)s parties have consented to be bound"),
                rule="on_nth_consent",
            ),
            when(
                t("%(agreement)s enters into force once %(named)s have exchanged instruments"),
                rule="on_exchange",
            ),
            when(
                t("%(agreement)s enters into force once %(named)s have consented to be bound"),
                rule="named_parties",
            ),
            t("%(agreement)s states in words how it enters into force"),
        ),
        says(
            t(", %(delay)s"),
            t("; for a party that consents later, %(later_delay)s"),
            when(t("; it then binds all that have consented"), binds_all=True),
            t(" (%(article)s)"),
            t(": “%(text)s”"),
        ),
    ),
    "agreement.entered_into_force": Form(
        t("Entry into force"),
        says(t("%(agreement)s entered into force")),
        says(when(t(" (derived; no source states it)"), stated=False)),
    ),
    "agreement.provisionally_in_force": Form(
        t("Provisional application of the whole"),
        says(t("%(agreement)s began to be applied provisionally")),
    ),
    "agreement.amended": Form(
        t("Amendment"),
        says(
            t("an amendment of %(agreement)s was adopted: %(by)s"),
            t("an amendment of %(agreement)s was adopted"),
        ),
    ),
    "agreement.amendment_entered_into_force": Form(
        t("Entry into force of an amendment"),
        says(
            t("an amendment of %(agreement)s entered into force: %(by)s"),
            t("an amendment of %(agreement)s entered into force"),
        ),
    ),
    "agreement.term_set": Form(
        t("Term"),
        says(t("%(agreement)s was made to last %(until)s")),
    ),
    "agreement.extended": Form(
        t("Extension"),
        says(t("%(agreement)s was extended %(until)s")),
    ),
    "agreement.abandoned": Form(
        t("End of the plan"),
        says(t("the plan to conclude %(agreement)s was given up")),
    ),
    "agreement.text_corrected": Form(
        t("Correction of the text"),
        says(t("an error in the text of %(agreement)s was corrected")),
    ),
    "agreement.suspended": Form(
        t("Suspension"),
        says(
            t("the operation of %(agreement)s was suspended between %(between)s"),
            t("the operation of %(agreement)s was suspended"),
        ),
    ),
    "agreement.suspension_ended": Form(
        t("End of a suspension"),
        says(
            t("the operation of %(agreement)s was resumed between %(between)s"),
            t("the operation of %(agreement)s was resumed"),
        ),
    ),
    "agreement.terminated": Form(
        t("Termination"),
        says(t("%(agreement)s came to an end")),
        says(t(", %(ground)s")),
    ),
    "agreement.declared_invalid": Form(
        t("Declaration of invalidity"),
        says(
            t("%(by)s declared %(agreement)s invalid"),
            t("%(agreement)s was declared invalid"),
        ),
        says(t(" (ground: %(ground)s)"), t("; %(established_by)s")),
    ),
    "agreement.linked": Form(
        t("Link between agreements"),
        says(
            when(t("%(agreement)s amends %(to)s"), relation="amends"),
            when(t("%(agreement)s is a protocol to %(to)s"), relation="protocol_to"),
            when(t("%(agreement)s implements %(to)s"), relation="implements"),
            when(t("%(agreement)s replaces %(to)s"), relation="replaces"),
            when(t("%(agreement)s supersedes %(to)s"), relation="supersedes"),
            t("%(agreement)s refers to %(to)s"),
        ),
    ),
    "agreement.depositary_designated": Form(
        t("Designation of a depositary"),
        says(t("%(depositary)s was designated as depositary of %(agreement)s")),
    ),
    "agreement.retitled": Form(
        t("New title"),
        says(t("%(agreement)s was given this title: “%(title)s”")),
    ),
    "agreement.registered": Form(
        t("Registration"),
        says(
            t("%(by)s had %(agreement)s registered with the United Nations Secretariat"),
            t("%(agreement)s was registered with the United Nations Secretariat"),
        ),
        says(t(", under number %(number)s"), t(", volume %(volume)s")),
    ),
    "agreement.filed_and_recorded": Form(
        t("Filing and recording"),
        says(
            t(
                "at the request of %(by)s the United Nations Secretariat filed and recorded %(agreement)s"
            ),
            t("the United Nations Secretariat filed and recorded %(agreement)s"),
        ),
        says(t(", under number %(number)s"), t(", volume %(volume)s")),
    ),
    "agreement.published": Form(
        t("Publication"),
        says(
            t("%(agreement)s was published in %(series)s"),
            t("%(agreement)s was published"),
        ),
        says(t(", number %(number)s")),
    ),
    "agreement.commitment_made": Form(
        t("Commitment"),
        says(t("by %(agreement)s, %(provider)s undertook to provide %(recipient)s with %(kind)s")),
        says(t(": %(what)s"), t(" (%(quantity)s)"), t(" [%(article)s]")),
    ),
}
