"""What a setting means in its surroundings, settled before the fold.

Some acts set a value that depends on others: a head of mission who leaves a standing mission is
followed by a chargé, one who leaves a closed mission by nobody. Each such value (`@...`) is
resolved here, to several values where it is open which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from registry.domain.confidence import Confidence
from registry.domain.dates import Days
from registry.domain.entry_into_force import Rule, computed
from registry.domain.events.participation import SUCCESSION
from registry.domain.fold import Claim, fold
from registry.domain.layers import CONSENT, LAYERS, Layer
from registry.domain.segments import possible_over
from registry.domain.settings import Setting, counted

CLASSES = LAYERS["head_of_mission"].values
COMPUTED_PART = 1_000
ENTRY = LAYERS["force"].rank("in_force")

Claims = Mapping[int, Sequence[Claim]]


def resolved(
    layer: Layer,
    settings: Sequence[Setting],
    neighbours: Sequence[Setting],
    claims: Claims,
    threshold: Confidence,
    negotiating: Sequence[str] = (),
) -> list[Setting]:
    """The settings to fold at this threshold.

    `neighbours`: for head_of_mission those of representation; for participation those of force;
    for force those of the rule and of all participation in the agreement.
    """
    here, near = counted(settings, threshold), counted(neighbours, threshold)
    if layer.name == "head_of_mission":
        return _heads(here, near, claims, threshold)
    if layer.name == "participation":
        return _successions(_notices(here), near, claims, threshold)
    if layer.name == "force":
        return here + _computed_force(here, near, negotiating)
    return here


def _heads(
    settings: list[Setting], missions: list[Setting], claims: Claims, threshold: Confidence
) -> list[Setting]:
    if not any(s.values[0].startswith("@") for s in settings):
        return settings
    folded = fold(LAYERS["representation"], missions, claims, threshold)
    made: list[Setting] = []
    for setting in settings:
        values = setting.values
        if values == ("@in_charge",):
            standing, _ = possible_over(folded.segments, setting.window)
            values = tuple(
                dict.fromkeys("vacant" if v == "none" else "charge_ad_interim" for v in standing)
            )
        elif values == ("@class_before",):
            values = _classes_before(setting, settings)
        made.append(replace(setting, values=values) if values != setting.values else setting)
    return made


def _classes_before(returned: Setting, settings: list[Setting]) -> tuple[str, ...]:
    """The class last held before: of all credentials that may have been the last by then."""
    before = [
        s
        for s in settings
        if s.position != returned.position
        and s.window.lo <= returned.window.hi
        and s.values[0] in CLASSES
        and s.values[0] not in ("vacant", "charge_ad_interim")
    ]
    sure = [s for s in before if _surely_before(s, returned)]
    last = [s for s in before if not any(other.window.lo > s.window.hi for other in sure)]
    return tuple(dict.fromkeys(v for s in last for v in s.values)) or CLASSES[2:]


def _surely_before(one: Setting, other: Setting) -> bool:
    """Whether it happened, in every account of it, before the other."""
    happened = one.act is None and not one.optional
    return happened and (
        one.window.hi < other.window.lo
        or one.event_id in other.after
        or (one.window.hi == other.window.lo and one.position < other.position)
    )


def _notices(settings: list[Setting]) -> list[Setting]:
    """A notice of withdrawal that was certainly taken back in time has no effect (VCLT 68)."""
    taken_back = [s for s in settings if s.values == ("@notice_retracted",)]
    if not taken_back:
        return settings
    kept = {(s.position, s.part): s for s in settings if s not in taken_back}
    for retraction in taken_back:
        notices = [s for s in kept.values() if s.cancellable]
        named = [s for s in notices if s.event_id in retraction.after]
        earlier = [s for s in notices if s.position < retraction.position]
        for notice in named or earlier[-1:] or notices[:1]:
            key = (notice.position, notice.part)
            if retraction.window.hi < notice.window.lo and not retraction.optional:
                del kept[key]
            elif retraction.window.lo < notice.window.hi:
                kept[key] = replace(notice, optional=True)
    return list(kept.values())


def _successions(
    settings: list[Setting], force: list[Setting], claims: Claims, threshold: Confidence
) -> list[Setting]:
    """A successor to a treaty that is not in force yet is contracting until it is."""
    entries = [_Entry(each, claims, threshold) for each in _by_act(force)]
    made: list[Setting] = []
    for setting in settings:
        if setting.assumption != SUCCESSION or not entries:
            made.append(setting)
        elif any(e.sure and e.window.hi <= setting.window.lo for e in entries):
            made.append(replace(setting, assumption=None))  # stated, not assumed
        else:
            later = all(e.window.lo > setting.window.hi for e in entries)
            values = ("contracting",) if later else ("contracting", "party")
            made.append(replace(setting, values=values, rank=CONSENT))
            first = min(entries, key=lambda e: (not e.sure, e.window.lo))
            made.append(
                replace(setting, window=first.window, part=COMPUTED_PART, optional=not first.sure)
            )
    return made


class _Entry:
    """One entry into force: the days of all accounts of it; whether each of them is one of it."""

    def __init__(self, accounts: Sequence[Setting], claims: Claims, threshold: Confidence) -> None:
        self.window = Days.EMPTY
        for each in accounts:
            self.window |= each.window
        told = {each.position for each in accounts}
        act = accounts[0].act
        others = () if act is None else claims.get(act, ())
        self.sure = all(c.position in told for c in others if c.confidence.counts_at(threshold))


def _by_act(force: Sequence[Setting]) -> list[list[Setting]]:
    """The settings to in_force that certainly happened in some account, by act."""
    found: dict[int, list[Setting]] = {}
    for each in force:
        if "in_force" in each.values and not each.optional:
            found.setdefault(each.position if each.act is None else each.act, []).append(each)
    return list(found.values())


def _computed_force(
    stated: list[Setting], near: list[Setting], negotiating: Sequence[str]
) -> list[Setting]:
    """Entry into force by the rule, where none is stated. A stated one wins."""
    found = computed_entry(near, negotiating)
    if found is None or any(not entry.optional for entry in stated_entries(stated)):
        return []
    return [found]


def stated_entries(force: Sequence[Setting]) -> list[Setting]:
    """The entries into force that somebody states: no end of a suspension, no mere observation."""
    return [
        s
        for s in force
        if s.values == ("in_force",) and s.rank == ENTRY and not (s.computed or s.assumption)
    ]


def computed_entry(near: Sequence[Setting], negotiating: Sequence[str]) -> Setting | None:
    """The setting that the last recorded rule computes from the consents, if any."""
    rules = [s for s in near if s.layer == "entry_into_force_rule" and not s.optional]
    if not rules:
        return None
    last = max(rules, key=lambda s: s.position)
    rule = Rule.read(last.values[0])
    consents = [s for s in near if s.layer == "participation"]
    window = computed(rule, consents, negotiating)
    if not window:
        return None
    return replace(
        last,
        layer="force",
        values=("in_force",),
        window=window,
        part=COMPUTED_PART,
        rank=LAYERS["force"].rank("in_force"),
        after=(),
        act=None,
        assumption=rule.in_words(),
        computed=True,
    )
