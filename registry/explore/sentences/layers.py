"""What it means that a layer has a value, as a clause: each value of each layer."""

from typing import Final

from registry.web.languages import text_of as t

HOLDS: Final = {
    "conclusion": {
        "announced": t("it had been announced that %(agreement)s was to be concluded"),
        "negotiating": t("%(agreement)s was under negotiation"),
        "initialled": t("%(agreement)s had been initialled"),
        "adopted": t("the text of %(agreement)s had been adopted"),
        "signed": t("%(agreement)s had been signed"),
    },
    "force": {
        "provisional": t("%(agreement)s was applied provisionally"),
        "in_force": t("%(agreement)s was in force"),
        "suspended": t("%(agreement)s was suspended"),
        "terminated": t("%(agreement)s had come to an end"),
        "void": t("%(agreement)s was void"),
    },
    "entry_into_force_rule": {
        "none": t("no rule was set for the entry into force of %(agreement)s"),
        "": t("a rule was set for the entry into force of %(agreement)s"),
    },
    "term": {
        "none": t("no term was set for %(agreement)s"),
        "": t("%(agreement)s was to last %(value)s"),
    },
    "registration": {
        "none": t("%(agreement)s was not registered"),
        "registered": t("%(agreement)s was registered"),
        "filed_and_recorded": t("%(agreement)s was filed and recorded"),
        "": t("%(agreement)s was registered under number %(value)s"),
    },
    "depositary": {
        "none": t("%(agreement)s had no depositary"),
        "": t("the depositary of %(agreement)s was %(value)s"),
    },
    "lineage": {
        "none": t("%(agreement)s was not linked to %(to_agreement)s"),
        "linked": t("%(agreement)s was linked to %(to_agreement)s: %(relation)s"),
    },
    "suspension_between": {
        "none": t("%(agreement)s was not suspended between %(pair)s"),
        "suspended": t("the operation of %(agreement)s was suspended between %(pair)s"),
    },
    "participation": {
        "none": t("%(party)s took no part in %(agreement)s"),
        "signatory": t(
            "%(party)s was a signatory of %(agreement)s, without having consented to be bound"
        ),
        "ad_referendum": t("%(party)s had signed %(agreement)s ad referendum"),
        "contracting": t(
            "%(party)s had consented to be bound by %(agreement)s, which was not yet in force for it"
        ),
        "party": t("%(party)s was a party to %(agreement)s"),
        "suspended": t("%(party)s was a party to %(agreement)s, its rights suspended"),
        "withdrawn": t("%(party)s had withdrawn from %(agreement)s"),
        "expelled": t("%(party)s had been excluded from %(agreement)s"),
    },
    "bound": {
        "bound": t("%(party)s was bound by %(agreement)s"),
        "provisionally_bound": t("%(party)s applied %(agreement)s provisionally"),
        "not_bound": t("%(party)s was not bound by %(agreement)s"),
    },
    "denunciation": {
        "none": t("%(party)s had given no notice of withdrawal from %(agreement)s"),
        "notified": t("%(party)s had given notice of its withdrawal from %(agreement)s"),
    },
    "provisional_application": {
        "none": t("%(party)s did not apply %(agreement)s provisionally"),
        "applied": t("%(party)s applied %(agreement)s provisionally"),
    },
    "territories": {
        "none": t("%(party)s did not apply %(agreement)s to %(territory)s"),
        "applied": t("%(party)s applied %(agreement)s to %(territory)s"),
    },
    "statement": {
        "none": t("%(party)s had made no such statement on %(agreement)s"),
        "made": t("a statement of %(party)s on %(agreement)s stood"),
        "withdrawn": t("%(party)s had withdrawn its statement on %(agreement)s"),
    },
    "diplomatic_relations": {
        "none": t("%(pair)s had no diplomatic relations"),
        "established": t("%(pair)s had diplomatic relations"),
        "interrupted": t("relations between %(pair)s were interrupted"),
        "severed": t("diplomatic relations between %(pair)s were broken off"),
    },
    "consular_relations": {
        "none": t("%(pair)s had no consular relations"),
        "established": t("%(pair)s had consular relations"),
        "severed": t("consular relations between %(pair)s were broken off"),
    },
    "recognition_state": {
        "none": t("%(from)s did not recognise %(to)s as a state"),
        "de_facto": t("%(from)s had recognised %(to)s as a state, de facto"),
        "de_jure": t("%(from)s had recognised %(to)s as a state"),
        "refused": t("%(from)s had refused to recognise %(to)s as a state"),
        "withdrawn": t("%(from)s had withdrawn its recognition of %(to)s as a state"),
    },
    "recognition_government": {
        "none": t("%(from)s did not recognise the government of %(to)s"),
        "de_facto": t("%(from)s had recognised the government of %(to)s, de facto"),
        "de_jure": t("%(from)s had recognised the government of %(to)s"),
        "refused": t("%(from)s had refused to recognise the government of %(to)s"),
        "withdrawn": t("%(from)s had withdrawn its recognition of the government of %(to)s"),
    },
    "representation": {
        "none": t("%(sender)s had no mission in %(receiver)s"),
        "interests_section": t("%(sender)s had an interests section in %(receiver)s"),
        "liaison_office": t("%(sender)s had a liaison office in %(receiver)s"),
        "representative_office": t("%(sender)s had a representative office in %(receiver)s"),
        "envoy_nonresident": t("%(sender)s had an envoy to %(receiver)s who resided elsewhere"),
        "legation": t("%(sender)s had a legation in %(receiver)s"),
        "ambassador_nonresident": t(
            "%(sender)s had an ambassador to %(receiver)s who resided elsewhere"
        ),
        "embassy": t("%(sender)s had an embassy in %(receiver)s"),
    },
    "consular_post": {
        "none": t("%(sender)s had no consular post in %(receiver)s"),
        "consul_nonresident": t("%(sender)s had a consul for %(receiver)s who resided elsewhere"),
        "consulate": t("%(sender)s had a consulate in %(receiver)s"),
    },
    "head_of_mission": {
        "vacant": t("nobody stood at the head of a mission of %(sender)s in %(receiver)s"),
        "charge_ad_interim": t(
            "a chargé d’affaires ad interim stood at the head of the mission of %(sender)s in %(receiver)s"
        ),
        "charge": t(
            "a chargé d’affaires stood at the head of the mission of %(sender)s in %(receiver)s"
        ),
        "minister_resident": t(
            "a minister resident stood at the head of the mission of %(sender)s in %(receiver)s"
        ),
        "diplomatic_agent": t(
            "a diplomatic agent stood at the head of the mission of %(sender)s in %(receiver)s"
        ),
        "principal_officer": t(
            "a principal officer stood at the head of the mission of %(sender)s in %(receiver)s"
        ),
        "envoy": t("an envoy stood at the head of the mission of %(sender)s in %(receiver)s"),
        "ambassador": t(
            "an ambassador stood at the head of the mission of %(sender)s in %(receiver)s"
        ),
    },
    "protecting_power": {
        "none": t("no other power was in charge of the interests of %(sender)s in %(receiver)s"),
        "": t("%(value)s was in charge of the interests of %(sender)s in %(receiver)s"),
    },
    "agency_presence": {
        "none": t("%(agency)s, an agency of %(sender)s, was not in %(host)s"),
        "present": t("%(agency)s, an agency of %(sender)s, was in %(host)s"),
        "ordered_to_leave": t(
            "%(agency)s, an agency of %(sender)s, was under orders to leave %(host)s"
        ),
        "expelled": t("%(agency)s, an agency of %(sender)s, had been expelled from %(host)s"),
        "withdrawn": t("%(sender)s had withdrawn its agency, %(agency)s, from %(host)s"),
    },
    "assistance": {
        "pledged": t("%(provider)s had undertaken to provide %(recipient)s with %(kind)s%(under)s"),
        "provided": t(
            "%(provider)s had provided %(recipient)s with %(kind)s, once at least%(under)s"
        ),
        "suspended": t(
            "%(provider)s had suspended what it provided to %(recipient)s: %(kind)s%(under)s"
        ),
        "ended": t("%(provider)s had ceased to provide %(recipient)s with %(kind)s%(under)s"),
    },
    "obligation": {
        "none": t("%(from)s owed %(to)s no obligation of this kind: %(kind)s"),
        "in_force": t("%(from)s owed %(to)s an obligation of alliance: %(kind)s"),
    },
    "membership": {
        "none": t("%(party)s was not a member of %(organisation)s"),
        "member": t("%(party)s was a member of %(organisation)s"),
    },
    "sanctions": {
        "none": t("%(by)s had no sanctions on %(on)s%(programme)s"),
        "imposed": t("%(by)s had sanctions on %(on)s%(programme)s"),
    },
    "name": {"": t("%(party)s was called “%(value)s”")},
    "existence": {
        "exists": t("%(party)s existed"),
        "ended": t("%(party)s had ceased to exist"),
    },
}
"""By layer and value; `` stands for any other text that the layer keeps."""

ABOUT: Final = {
    "conclusion": t("the making of %(agreement)s"),
    "force": t("the force of %(agreement)s"),
    "entry_into_force_rule": t("a rule for the entry into force of %(agreement)s"),
    "term": t("a term of %(agreement)s"),
    "registration": t("a registration of %(agreement)s"),
    "depositary": t("a depositary of %(agreement)s"),
    "lineage": t("a link of %(agreement)s to %(to_agreement)s"),
    "suspension_between": t("a suspension of %(agreement)s between %(pair)s"),
    "participation": t("a participation of %(party)s in %(agreement)s"),
    "bound": t("an obligation of %(party)s under %(agreement)s"),
    "denunciation": t("a notice of withdrawal of %(party)s from %(agreement)s"),
    "provisional_application": t("a provisional application of %(agreement)s by %(party)s"),
    "territories": t("an application of %(agreement)s by %(party)s to %(territory)s"),
    "statement": t("a statement of %(party)s on %(agreement)s"),
    "diplomatic_relations": t("diplomatic relations between %(pair)s"),
    "consular_relations": t("consular relations between %(pair)s"),
    "recognition_state": t("a recognition of %(to)s as a state by %(from)s"),
    "recognition_government": t("a recognition of the government of %(to)s by %(from)s"),
    "representation": t("a mission of %(sender)s in %(receiver)s"),
    "consular_post": t("a consular post of %(sender)s in %(receiver)s"),
    "head_of_mission": t("a head of mission of %(sender)s in %(receiver)s"),
    "protecting_power": t("another power in charge of the interests of %(sender)s in %(receiver)s"),
    "agency_presence": t("a presence of %(agency)s, an agency of %(sender)s, in %(host)s"),
    "assistance": t("assistance of %(provider)s to %(recipient)s: %(kind)s%(under)s"),
    "obligation": t("an obligation of alliance of %(from)s towards %(to)s: %(kind)s"),
    "membership": t("a membership of %(party)s in %(organisation)s"),
    "sanctions": t("sanctions of %(by)s on %(on)s%(programme)s"),
    "name": t("a name of %(party)s"),
    "existence": t("the existence of %(party)s"),
}
"""What a layer is about, as a thing of which nothing may be recorded."""

NONE_RECORDED: Final = {
    "diplomatic_relations": t("no diplomatic relations between %(pair)s are recorded"),
    "participation": t("no participation of %(party)s in %(agreement)s is recorded"),
    "denunciation": t("no notice of withdrawal of %(party)s from %(agreement)s is recorded"),
    "suspension_between": t("no suspension of %(agreement)s between %(pair)s is recorded"),
    "provisional_application": t(
        "no provisional application of %(agreement)s by %(party)s is recorded"
    ),
    "territories": t("no application of %(agreement)s by %(party)s to %(territory)s is recorded"),
    "statement": t("no statement of %(party)s on %(agreement)s is recorded"),
    "lineage": t("no link of %(agreement)s to %(to_agreement)s is recorded"),
    "term": t("no term of %(agreement)s is recorded"),
    "registration": t("no registration of %(agreement)s is recorded"),
    "depositary": t("no depositary of %(agreement)s is recorded"),
    "entry_into_force_rule": t("no rule for the entry into force of %(agreement)s is recorded"),
}
"""Layers whose default is none: silence read as a sentence."""

LAYERS_SAID: Final = {
    "conclusion": t("Conclusion"),
    "force": t("Force"),
    "entry_into_force_rule": t("Rule of entry into force"),
    "term": t("Term"),
    "registration": t("Registration"),
    "depositary": t("Depositary"),
    "lineage": t("Links to other agreements"),
    "suspension_between": t("Suspension between parties"),
    "participation": t("Participation"),
    "bound": t("Bound"),
    "denunciation": t("Notice of withdrawal"),
    "provisional_application": t("Provisional application"),
    "territories": t("Territories"),
    "statement": t("Statements"),
    "diplomatic_relations": t("Diplomatic relations"),
    "consular_relations": t("Consular relations"),
    "recognition_state": t("Recognition of the state"),
    "recognition_government": t("Recognition of the government"),
    "representation": t("Mission"),
    "consular_post": t("Consular post"),
    "head_of_mission": t("Head of mission"),
    "protecting_power": t("Protecting power"),
    "agency_presence": t("Agency"),
    "assistance": t("Assistance"),
    "obligation": t("Obligations of alliance"),
    "membership": t("Membership"),
    "sanctions": t("Sanctions"),
    "name": t("Name"),
    "existence": t("Existence"),
}

VALUES: Final = {
    "announced": t("announced"),
    "negotiating": t("under negotiation"),
    "initialled": t("initialled"),
    "adopted": t("adopted"),
    "signed": t("signed"),
    "provisional": t("provisionally applied"),
    "in_force": t("in force"),
    "suspended": t("suspended"),
    "terminated": t("ended"),
    "void": t("void"),
    "none": t("none"),
    "linked": t("linked"),
    "signatory": t("signatory"),
    "ad_referendum": t("signed ad referendum"),
    "contracting": t("consented, not yet in force for it"),
    "party": t("party"),
    "withdrawn": t("withdrawn"),
    "expelled": t("expelled"),
    "bound": t("bound"),
    "provisionally_bound": t("provisionally bound"),
    "not_bound": t("not bound"),
    "notified": t("notified"),
    "applied": t("applied"),
    "made": t("made"),
    "established": t("established"),
    "interrupted": t("interrupted"),
    "severed": t("broken off"),
    "de_facto": t("de facto"),
    "de_jure": t("de jure"),
    "refused": t("refused"),
    "interests_section": t("interests section"),
    "liaison_office": t("liaison office"),
    "representative_office": t("representative office"),
    "envoy_nonresident": t("envoy resident elsewhere"),
    "legation": t("legation"),
    "ambassador_nonresident": t("ambassador resident elsewhere"),
    "embassy": t("embassy"),
    "consul_nonresident": t("consul resident elsewhere"),
    "consulate": t("consulate"),
    "vacant": t("vacant"),
    "charge_ad_interim": t("chargé d’affaires ad interim"),
    "charge": t("chargé d’affaires"),
    "minister_resident": t("minister resident"),
    "diplomatic_agent": t("diplomatic agent"),
    "principal_officer": t("principal officer"),
    "envoy": t("envoy"),
    "ambassador": t("ambassador"),
    "present": t("present"),
    "ordered_to_leave": t("ordered to leave"),
    "pledged": t("pledged"),
    "provided": t("provided"),
    "ended": t("ended"),
    "member": t("member"),
    "imposed": t("imposed"),
    "exists": t("exists"),
    "unknown": t("nothing recorded"),
    "not_applicable": t("not in existence"),
    "registered": t("registered"),
    "filed_and_recorded": t("filed and recorded"),
}
"""Values in a table or on a line. The layer is named beside them."""

RELATIONS: Final = {
    "amends": t("it amends it"),
    "protocol_to": t("it is a protocol to it"),
    "implements": t("it implements it"),
    "replaces": t("it replaces it"),
    "supersedes": t("it supersedes it"),
    "cites": t("it refers to it"),
    "amended_by": t("it is amended by it"),
    "amended_by_in_force": t("it is amended by it, and the amendment is in force"),
}
KINDS: Final = {
    "defence": t("defence"),
    "offence": t("joint attack"),
    "neutrality": t("neutrality"),
    "nonaggression": t("non-aggression"),
    "consultation": t("consultation"),
}
