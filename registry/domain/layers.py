"""The layers: each one question about one subject whose answer is one value at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

NOTHING: Final = ""
"""The value before any event; what it means is the layer's default, unless a coverage says."""

NOT_APPLICABLE: Final = "not_applicable"


@dataclass(frozen=True)
class Layer:
    """`parts` name a subject; a first part `pair` stands for two sorted party ids.

    `tiers`: a value of a higher tier is never undone by one of a lower, whatever their days.
    All equal: the latest setting rules. One tier per value: the furthest does.
    `ranks`: which of two settings of one day comes first.
    `timeless`: an undated setting holds at all times; in other layers its day is unknown.
    """

    name: str
    question: str
    parts: tuple[str, ...]
    values: tuple[str, ...] = ()  # empty: free text
    default: str = "unknown"
    tiers: Mapping[str, int] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)
    legal_chain: bool = False
    timeless: bool = False
    basis: str = ""

    def tier(self, value: str) -> int:
        return self.tiers.get(value, 0)

    def rank(self, value: str) -> int:
        return self.ranks.get(value, 0)

    @property
    def of_pair(self) -> bool:
        return self.parts[0] == "pair"

    @property
    def rule(self) -> str:
        """In words, for the reference: which of several settings holds."""
        if not self.tiers:
            return "latest"
        return "furthest" if len(set(self.tiers.values())) == len(self.values) else "tiers"

    @property
    def silence(self) -> str:
        """What silence inside a stated coverage says."""
        return "none" if not self.values or "none" in self.values else self.default

    def key(self, *parts: str) -> str:
        """The subject as the store keeps it. Parts hold no `|`."""
        if self.of_pair:
            first, second, *rest = parts
            parts = (*sorted((first, second)), *rest)
        return "|".join([part.replace("|", "/") for part in parts])

    def subject(self, key: str) -> dict[str, object]:
        """The subject named by its parts, as answers show it."""
        parts = key.split("|")
        if self.of_pair:
            return {"pair": parts[:2], **dict(zip(self.parts[1:], parts[2:], strict=True))}
        return {name: part for name, part in zip(self.parts, parts, strict=True) if part}

    def key_of(self, subject: Mapping[str, object]) -> str:
        """The inverse of `subject`; KeyError names a missing part."""
        parts: list[str] = []
        for name in self.parts:
            if name == "pair":
                pair = subject["pair"]
                if not isinstance(pair, list | tuple) or len(pair) != 2:
                    raise KeyError("pair")
                parts += [str(each) for each in pair]
            elif name in OPTIONAL_PARTS:
                parts.append(str(subject.get(name) or ""))
            else:
                parts.append(str(subject[name]))
        return self.key(*parts)

    def party_parts(self, key: str) -> tuple[str, ...]:
        """The parties in a subject: on a day when one does not exist the layer does not apply."""
        parts = key.split("|")
        names = ("pair", *self.parts) if self.of_pair else self.parts
        return tuple(p for n, p in zip(names, parts, strict=True) if n in PARTY_PARTS)


OPTIONAL_PARTS = frozenset({"under", "programme"})
PARTY_PARTS = frozenset(
    {"pair", "party", "sender", "receiver", "host", "agency", "provider", "recipient"}
    | {"by", "on", "from", "to", "organisation"}
)


def _furthest(*values: str) -> dict[str, int]:
    return {value: place for place, value in enumerate(values)}


_CONCLUSION = ("announced", "negotiating", "initialled", "adopted", "signed")
_PARTICIPATION = (
    "none",
    "signatory",
    "ad_referendum",
    "contracting",
    "party",
    "suspended",
    "withdrawn",
    "expelled",
)
SIGNATURE, CONSENT, EFFECT = 1, 2, 3  # the legal chain of VCLT 11-16 and 24

_LAYERS = (
    Layer(
        "conclusion",
        "How far was the making of the text?",
        ("agreement",),
        _CONCLUSION,
        tiers=_furthest(*_CONCLUSION),
        ranks=_furthest(*_CONCLUSION),
        basis="VCLT 9-12",
    ),
    Layer(
        "force",
        "Was the agreement in force?",
        ("agreement",),
        ("provisional", "in_force", "suspended", "terminated", "void"),
        tiers={"provisional": 0, "in_force": 1, "suspended": 1, "terminated": 1, "void": 1},
        ranks={"provisional": 0, "in_force": 1, "suspended": 2, "terminated": 3, "void": 4},
        basis="VCLT 24-25, 42-72",
    ),
    Layer(
        "entry_into_force_rule",
        "How does it enter into force?",
        ("agreement",),
        default="none",
        timeless=True,
        basis="VCLT 24",
    ),
    Layer("term", "Until when was it made?", ("agreement",), default="none"),
    Layer(
        "registration",
        "Under which number is it registered?",
        ("agreement",),
        default="none",
        basis="UN Charter 102, VCLT 80",
    ),
    Layer(
        "depositary",
        "Who keeps it?",
        ("agreement",),
        default="none",
        timeless=True,
        basis="VCLT 76",
    ),
    Layer(
        "lineage",
        "How does it stand to another agreement?",
        ("agreement", "to_agreement", "relation"),
        ("none", "linked"),
        default="none",
        timeless=True,
        basis="VCLT 30, 59",
    ),
    Layer(
        "suspension_between",
        "Was it suspended between two of its parties?",
        ("pair", "agreement"),
        ("none", "suspended"),
        default="none",
        basis="VCLT 57-58",
    ),
    Layer(
        "participation",
        "How did the party take part?",
        ("agreement", "party"),
        _PARTICIPATION,
        default="none",
        ranks={
            "none": 0,
            "signatory": SIGNATURE,
            "ad_referendum": SIGNATURE,
            "contracting": CONSENT,
            "party": EFFECT,
            "suspended": 4,
            "withdrawn": 5,
            "expelled": 5,
        },
        legal_chain=True,
        basis="VCLT 2, 11-16, 24, 54-72",
    ),
    Layer(
        "denunciation",
        "Had the party given notice of denunciation or withdrawal?",
        ("agreement", "party"),
        ("none", "notified"),
        default="none",
        basis="VCLT 56, 65-68",
    ),
    Layer(
        "provisional_application",
        "Did the party apply it provisionally?",
        ("agreement", "party"),
        ("none", "applied"),
        default="none",
        basis="VCLT 25",
    ),
    Layer(
        "territories",
        "Did the party's participation extend to the territory?",
        ("agreement", "party", "territory"),
        ("none", "applied"),
        default="none",
        basis="VCLT 29",
    ),
    Layer(
        "statement",
        "Did the reservation, declaration or objection stand?",
        ("agreement", "party", "statement"),
        ("none", "made", "withdrawn"),
        default="none",
        ranks={"made": 1, "withdrawn": 2},
        basis="VCLT 19-23",
    ),
    Layer(
        "diplomatic_relations",
        "Did the two have diplomatic relations?",
        ("pair",),
        ("none", "established", "interrupted", "severed"),
        ranks={"established": 1, "interrupted": 2, "severed": 3},
        basis="VCDR 2, 45",
    ),
    Layer(
        "consular_relations",
        "Did the two have consular relations?",
        ("pair",),
        ("none", "established", "severed"),
        ranks={"established": 1, "severed": 2},
        basis="VCCR 2",
    ),
    Layer(
        "recognition_state",
        "Did the one recognise the other as a state?",
        ("from", "to"),
        ("none", "de_facto", "de_jure", "refused", "withdrawn"),
        basis="custom",
    ),
    Layer(
        "recognition_government",
        "Did the one recognise the other's government?",
        ("from", "to"),
        ("none", "de_facto", "de_jure", "refused", "withdrawn"),
        basis="custom",
    ),
    Layer(
        "representation",
        "By what mission was the sender represented?",
        ("sender", "receiver"),
        (
            "none",
            "interests_section",
            "liaison_office",
            "representative_office",
            "envoy_nonresident",
            "legation",
            "ambassador_nonresident",
            "embassy",
        ),
        ranks={"none": 0},  # a section opened on the day of severance comes after it
        basis="VCDR 2, 14, 45",
    ),
    Layer(
        "consular_post",
        "Had the sender a consular post?",
        ("sender", "receiver"),
        ("none", "consul_nonresident", "consulate"),
        basis="VCCR 4",
    ),
    Layer(
        "head_of_mission",
        "Who stood at the head of the mission?",
        ("sender", "receiver"),
        (
            "vacant",
            "charge_ad_interim",
            "charge",
            "minister_resident",
            "diplomatic_agent",
            "principal_officer",
            "envoy",
            "ambassador",
        ),
        basis="VCDR 14, 19",
    ),
    Layer(
        "protecting_power",
        "Which power protected the sender's interests?",
        ("sender", "receiver"),
        basis="VCDR 45-46",
    ),
    Layer(
        "agency_presence",
        "Was the sender's agency present?",
        ("sender", "host", "agency"),
        ("none", "present", "ordered_to_leave", "expelled", "withdrawn"),
        ranks={"present": 1, "ordered_to_leave": 2, "expelled": 3, "withdrawn": 3},
        basis="VCDR 9, 11",
    ),
    Layer(
        "assistance",
        "Did the provider assist the recipient?",
        ("provider", "recipient", "kind", "under"),
        ("pledged", "provided", "suspended", "ended"),
        tiers={"pledged": 0, "provided": 1, "suspended": 1, "ended": 1},
        ranks={"pledged": 0, "provided": 1, "suspended": 2, "ended": 3},
    ),
    Layer(
        "obligation",
        "Did the one owe the other this alliance obligation?",
        ("from", "to", "kind"),
        ("none", "in_force"),
    ),
    Layer(
        "membership",
        "Was the party a member of the organisation?",
        ("party", "organisation"),
        ("none", "member"),
    ),
    Layer(
        "sanctions",
        "Did the one have sanctions on the other?",
        ("by", "on", "programme"),
        ("none", "imposed"),
    ),
    Layer("name", "What was it called?", ("party",), default="unknown", timeless=True),
    Layer(
        "existence",
        "Did it exist?",
        ("party",),
        ("exists", "ended"),
        ranks={"exists": 1, "ended": 2},
    ),
)

LAYERS: Final[Mapping[str, Layer]] = {layer.name: layer for layer in _LAYERS}
