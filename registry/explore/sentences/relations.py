"""How two parties stood to each other: relations, recognition, missions, their heads, as sentences."""

from typing import Final

from registry.explore.sentences.form import Form, says, when
from registry.web.languages import text_of as t

_BY_INSTRUMENT: Final = says(t(" (%(instrument)s)"))
_REASON: Final = says(t(" (reason given: %(reason)s)"))
_SEAT: Final = says(t(" (%(city)s)"), t(", resident in %(resident_at)s"))

FORMS: Final = {
    "relations.established": Form(
        t("Establishment of diplomatic relations"),
        says(t("%(parties)s established diplomatic relations")),
        _BY_INSTRUMENT,
    ),
    "relations.interrupted": Form(
        t("Interruption of relations"),
        says(
            t("%(by)s interrupted its relations with %(other)s"),
            t("relations between %(parties)s were interrupted"),
        ),
        _REASON,
    ),
    "relations.severed": Form(
        t("Breaking off of diplomatic relations"),
        says(
            t("%(by)s broke off diplomatic relations with %(other)s"),
            t("diplomatic relations between %(parties)s were broken off"),
        ),
        _REASON,
    ),
    "relations.reestablished": Form(
        t("Re-establishment of diplomatic relations"),
        says(t("%(parties)s re-established diplomatic relations")),
        _BY_INSTRUMENT,
    ),
    "relations.normalisation_agreed": Form(
        t("Agreement to normalise relations"),
        says(t("%(parties)s agreed to normalise their relations")),
        says(t(" (%(instrument)s)"), t(": %(terms)s")),
    ),
    "relations.consular_established": Form(
        t("Establishment of consular relations"),
        says(t("%(parties)s established consular relations")),
        _BY_INSTRUMENT,
    ),
    "relations.consular_severed": Form(
        t("Breaking off of consular relations"),
        says(
            t("%(by)s broke off consular relations with %(other)s"),
            t("consular relations between %(parties)s were broken off"),
        ),
        _REASON,
    ),
    "recognition.granted": Form(
        t("Recognition"),
        says(
            when(t("%(from)s recognised %(to)s as a state, de facto"), of="state", de_jure=False),
            when(t("%(from)s recognised %(to)s as a state, de jure"), of="state", de_jure=True),
            when(t("%(from)s recognised %(to)s as a state"), of="state"),
            when(
                t("%(from)s recognised this government of %(to)s, de facto: %(of)s"), de_jure=False
            ),
            t("%(from)s recognised this government of %(to)s: %(of)s"),
        ),
    ),
    "recognition.refused": Form(
        t("Refusal of recognition"),
        says(
            when(t("%(from)s refused to recognise %(to)s as a state"), of="state"),
            t("%(from)s refused to recognise this government of %(to)s: %(of)s"),
        ),
    ),
    "recognition.withdrawn": Form(
        t("Withdrawal of recognition"),
        says(
            when(t("%(from)s withdrew its recognition of %(to)s as a state"), of="state"),
            t("%(from)s withdrew its recognition of this government of %(to)s: %(of)s"),
        ),
    ),
    "mission.opened": Form(
        t("Opening of a mission"),
        says(
            when(
                t("%(sender)s accredited to %(receiver)s an envoy who resides elsewhere"),
                level="envoy_nonresident",
            ),
            when(
                t("%(sender)s accredited to %(receiver)s an ambassador who resides elsewhere"),
                level="ambassador_nonresident",
            ),
            t("%(sender)s opened %(level)s in %(receiver)s"),
        ),
        _SEAT,
    ),
    "mission.closed": Form(
        t("Closing of a mission"),
        says(t("%(sender)s closed its mission in %(receiver)s")),
        says(t(" (%(city)s)"), t("; what remained: %(level)s")),
    ),
    "mission.suspended": Form(
        t("Suspension of a mission"),
        says(t("%(sender)s suspended the work of its mission in %(receiver)s")),
        says(t(" (%(city)s)"), t("; what remained: %(level)s")),
    ),
    "mission.reopened": Form(
        t("Reopening of a mission"),
        says(t("%(sender)s reopened its mission in %(receiver)s, as %(level)s")),
        _SEAT,
    ),
    "mission.level_changed": Form(
        t("Change in the rank of a mission"),
        says(t("%(sender)s changed the rank of its mission in %(receiver)s, now %(level)s")),
        _SEAT,
    ),
    "consular_post.opened": Form(
        t("Opening of a consular post"),
        says(
            when(
                t("%(sender)s appointed for %(receiver)s a consul who resides elsewhere"),
                level="consul_nonresident",
            ),
            t("%(sender)s opened a consulate in %(receiver)s"),
        ),
        says(t(" (%(city)s)")),
    ),
    "consular_post.closed": Form(
        t("Closing of a consular post"),
        says(t("%(sender)s closed its consular post in %(receiver)s")),
        says(t(" (%(city)s)")),
    ),
    "consular_post.changed": Form(
        t("Change of a consular post"),
        says(t("%(sender)s changed its consular post in %(receiver)s, now %(level)s")),
        says(t(" (%(city)s)")),
    ),
    "mission.protecting_power_appointed": Form(
        t("Appointment of a protecting power"),
        says(t("%(power)s took charge of the interests of %(sender)s in %(receiver)s")),
    ),
    "mission.protecting_power_ended": Form(
        t("End of a protecting power’s charge"),
        says(
            t("%(power)s ceased to be in charge of the interests of %(sender)s in %(receiver)s"),
            t(
                "no other power was in charge of the interests of %(sender)s in %(receiver)s any more"
            ),
        ),
    ),
    "head_of_mission.appointed": Form(
        t("Appointment of a head of mission"),
        says(
            t("%(sender)s appointed %(person)s as %(class)s to %(receiver)s"),
            t("%(sender)s appointed %(person)s as head of its mission to %(receiver)s"),
            t("%(sender)s appointed its %(class)s to %(receiver)s"),
            t("%(sender)s appointed the head of its mission to %(receiver)s"),
        ),
    ),
    "head_of_mission.credentials_presented": Form(
        t("Presentation of credentials"),
        says(
            t("%(person)s, %(class)s of %(sender)s, presented credentials in %(receiver)s"),
            t("the %(class)s of %(sender)s presented credentials in %(receiver)s"),
        ),
    ),
    "head_of_mission.charge_designated": Form(
        t("Designation of a chargé d’affaires"),
        says(
            t("%(sender)s put %(person)s in charge of its mission in %(receiver)s, as %(class)s"),
            t("%(sender)s put %(person)s in charge of its mission in %(receiver)s"),
            t("%(sender)s put a chargé d’affaires at the head of its mission in %(receiver)s"),
        ),
    ),
    "head_of_mission.left": Form(
        t("Departure of a head of mission"),
        says(
            when(
                t("%(person)s, %(class)s of %(sender)s in %(receiver)s, died in office"), how="died"
            ),
            when(
                t("the head of the mission of %(sender)s in %(receiver)s died in office"),
                how="died",
            ),
            t("%(person)s, %(class)s of %(sender)s, left the post in %(receiver)s"),
            t("%(person)s, head of the mission of %(sender)s, left the post in %(receiver)s"),
            t("the head of the mission of %(sender)s left the post in %(receiver)s"),
        ),
        says(t(", %(how)s")),
    ),
    "head_of_mission.recalled_for_consultations": Form(
        t("Recall for consultations"),
        says(
            t("%(sender)s called home for consultations %(person)s, its %(class)s in %(receiver)s"),
            t(
                "%(sender)s called home for consultations %(person)s, head of its mission in %(receiver)s"
            ),
            t("%(sender)s called home for consultations the head of its mission in %(receiver)s"),
        ),
    ),
    "head_of_mission.returned": Form(
        t("Return of a head of mission"),
        says(
            t("%(person)s, %(class)s of %(sender)s, returned to the post in %(receiver)s"),
            t(
                "%(person)s, head of the mission of %(sender)s, returned to the post in %(receiver)s"
            ),
            t("the head of the mission of %(sender)s returned to the post in %(receiver)s"),
        ),
    ),
    "conduct.declared_persona_non_grata": Form(
        t("Declaration of persona non grata"),
        says(
            when(
                t("%(by)s declared %(person)s, head of the mission of %(from)s, persona non grata"),
                is_head_of_mission=True,
            ),
            when(
                t("%(by)s declared the head of the mission of %(from)s persona non grata"),
                is_head_of_mission=True,
            ),
            t("%(by)s declared %(person)s, of the mission of %(from)s, persona non grata"),
            when(
                t("%(by)s declared a member of the mission of %(from)s persona non grata"), number=1
            ),
            t("%(by)s declared %(number)s members of the mission of %(from)s persona non grata"),
            t("%(by)s declared members of the mission of %(from)s persona non grata"),
        ),
        says(t(" (time to leave: %(deadline)s)"), t("; departure %(effective)s")),
    ),
}
