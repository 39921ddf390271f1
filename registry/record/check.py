"""What is asked of an event before it is recorded: whether all that it speaks of is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from registry import codec
from registry.domain.catalogue import Correction, Event
from registry.domain.doubts import Doubt
from registry.domain.entities import entity_of
from registry.domain.errors import Conflict, Invalid, NotFound, Problems
from registry.domain.events.agreements import Recorded as AgreementRecorded
from registry.domain.events.parties import PartyRecorded
from registry.domain.events.register import (
    EventAmended,
    EventErased,
    EventRetracted,
    KeyRotated,
    SourceRecorded,
)
from registry.domain.knowledge import Record
from registry.domain.tags import tags_of
from registry.projections.directory import Directory
from registry.projections.known import Known, day_recorded
from registry.projections.standings import standings_of
from registry.record.clock import clock, new_event_id
from registry.record.named import Named, renamed
from registry.store.tables import event as event_table
from registry.store.tables import event_tag


@dataclass(frozen=True)
class Submission:
    """An event to record. `prefix` says where errors are, as in `events[2].`. `by_register`: it is
    one of those that nobody but the register itself records.
    """

    event: Event
    event_id: str | None = None
    expected_version: int | None = None
    prefix: str = ""
    by_register: bool = False


@dataclass(frozen=True)
class Checked:
    """A submission with every code turned into an id, and all that the log needs."""

    event_id: str
    event: Event
    stream: str
    target: str | None
    content: Event | None
    tags: frozenset[str]
    expected_version: int | None
    doubts: tuple[Doubt, ...]


def records_of(checked: Sequence[Checked], base: int, recorded_at: int) -> list[Record]:
    """The checked events as they will stand right after position `base`."""
    day = day_recorded(recorded_at)
    return [
        Record(each.event_id, base + place, day, each.event, each.target, each.content)
        for place, each in enumerate(checked, start=1)
    ]


def enters(event: Event | None) -> tuple[str, str] | None:
    """The party, agreement or source that the event enters in the register."""
    if isinstance(event, PartyRecorded | AgreementRecorded | SourceRecorded):
        return entity_of(event)
    return None


class Check:
    """Checks events against the register and against those before them in the same request."""

    def __init__(
        self, known: Known, directory: Directory, named: Mapping[int, Named] | None = None
    ) -> None:
        """`named`: what the events name, by their identity, where that is found already."""
        self.conn = known.conn
        self.known = known
        self.directory = directory
        self.new: dict[str, set[str]] = {"party": set(), "agreement": set(), "source": set()}
        self.gone: set[tuple[str, str]] = set()
        self.batch: dict[str, Checked] = {}
        self.records: dict[str, Record] = {}
        self.corrections: dict[str, list[Record]] = {}
        self.named: dict[int, Named] = dict(named or {})
        self.stored: dict[tuple[str, str], bool] = {}
        self.existing: dict[str, list[tuple[int, int]] | None] = {}

    def all(self, submissions: Sequence[Submission]) -> list[Checked]:
        problems: list[Invalid] = []
        made: list[Checked] = []
        self._read_ahead(submissions)
        for each in submissions:
            self._enter(each.event)
        for each in submissions:
            before = len(problems)
            checked = self._one(each, problems)
            if checked is not None and len(problems) == before:
                made.append(checked)
                self._keep(checked)
        if problems:
            raise Problems(problems)
        return made

    def _keep(self, checked: Checked) -> None:
        at = self.known.seen + len(self.batch) + 1
        record = Record(
            checked.event_id, at, self._today(), checked.event, checked.target, checked.content
        )
        self.batch[checked.event_id] = checked
        self.records[checked.event_id] = record
        if checked.target is not None:
            self.corrections.setdefault(checked.target, []).append(record)

    def _names(self, event: Event) -> Named:
        """What the event names, found once."""
        kept = self.named.get(id(event))
        if kept is None or kept.event is not event:
            kept = self.named[id(event)] = Named.of(event)
        return kept

    def _read_ahead(self, submissions: Sequence[Submission]) -> None:
        """All names and all existence at once: then what is asked for each is known already."""
        events = [each.event for each in submissions]
        parties = {name for each in events for _, name in self._names(each).parties}
        named = {key for each in events for _, _, key in self._names(each).others}
        entered = {key for each in events for _, key in [enters(each) or ("", "")] if key}
        self.known.entities(parties | named | entered)
        self.known.spans_of_subjects(parties)
        self.known.records(
            {i for each in events for _, i in self._names(each).events}
            | {each.event_id for each in submissions if each.event_id}
        )

    def _one(self, said: Submission, problems: list[Invalid]) -> Checked | None:
        event_id = said.event_id or new_event_id()
        if said.event_id and self._has(event_id):
            raise Conflict(f"event {event_id} is already recorded")
        if isinstance(said.event, KeyRotated | EventErased) and not said.by_register:
            problems.append(
                Invalid(
                    f"{said.event.TYPE} is recorded by the register itself", f"{said.prefix}type"
                )
            )
            return None
        event = self._with_ids(said.event, said.prefix, problems)
        content: Event | None = None
        target: str | None = None
        tags = tags_of(event, self._names(event).said)
        if isinstance(event, Correction):
            target = str(getattr(event, "target", ""))
            found = self._target(event, target, said.prefix, problems)
            if found is None:
                return None
            stream, target_tags = found
            tags |= target_tags
            if isinstance(event, EventAmended):
                content = self._content(event, said.prefix, problems)
                if content is None:
                    return None
                event = replace(event, event=codec.stored_content(content))
                tags |= tags_of(content, self._names(content).said)
            if not self._keeps_entities(event_id, event, target, content, said.prefix, problems):
                return None
        else:
            stream = event.stream
        return Checked(
            event_id,
            event,
            stream,
            target,
            content,
            tags,
            said.expected_version,
            tuple(self._existence_doubts(content or event, event_id)),
        )

    def _enter(self, event: Event) -> None:
        """A party, agreement or source is recorded once; the whole request may then speak of it."""
        if (entered := enters(event)) is None:
            return
        kind, key = entered
        if key in self.new[kind] or self._stored(kind, key):
            raise Conflict(f"{kind} {key} is already recorded (amend its event to correct it)")
        self.new[kind].add(key)

    def _with_ids(self, event: Event, prefix: str, problems: list[Invalid]) -> Event:
        """The event with codes of parties turned into ids; everything it names must be on record."""
        names = self._names(event)
        for kind, at, name in names.others:
            if not self._recorded(kind, name):
                problems.append(self._not_recorded(kind, name, prefix + at))
        problems += [
            Invalid(f"no event is recorded as {event_id}", prefix + at)
            for at, event_id in names.events
            if at != "target" and not self._has(event_id)
        ]
        if event.same_act_as is not None and self._corrects(event.same_act_as):
            problems.append(Invalid("a correction is no account of an act", f"{prefix}same_act_as"))
        day = event.occurred.earliest if event.occurred else self._today()
        codes = {
            name: self._resolved(name, day, prefix + at, problems)
            for at, name in names.parties
            if not (name in self.new["party"] or self._stored("party", name))
        }
        return renamed(event, codes) if codes else event

    def _corrects(self, event_id: str) -> bool:
        if event_id in self.batch:
            return self.batch[event_id].target is not None
        record = self.known.records([event_id]).get(event_id)
        return record is not None and record.target is not None

    def _has(self, event_id: str) -> bool:
        return event_id in self.batch or bool(self.known.records([event_id]))

    def _stored(self, kind: str, key: str) -> bool:
        """Whether it was on record before this request."""
        asked = (kind, key)
        if asked not in self.stored:
            self.stored[asked] = bool(self.known.entity(kind, key))
        return self.stored[asked]

    def _recorded(self, kind: str, key: str) -> bool:
        if (kind, key) in self.gone:
            return False
        return key in self.new[kind] or self._stored(kind, key)

    def _not_recorded(self, kind: str, key: str, at: str) -> Invalid:
        return Invalid(f"no {kind} is recorded as {key!r}: record it first ({kind}.recorded)", at)

    def _resolved(self, name: str, day: int, at: str, problems: list[Invalid]) -> str:
        try:
            return self.directory.party(name, day)
        except NotFound as unknown:
            problems.append(Invalid(unknown.message, at, unknown.offers))
        except Invalid as wrong:
            problems.append(Invalid(wrong.message, at, wrong.offers))
        return name

    def _today(self) -> int:
        return day_recorded(clock())

    def _target(
        self, event: Correction, target: str, prefix: str, problems: list[Invalid]
    ) -> tuple[str, frozenset[str]] | None:
        """The stream and tags of the event that is corrected."""
        in_batch = self.batch.get(target)
        record = self.known.records([target]).get(target)
        if in_batch is None and record is None:
            problems.append(Invalid(f"no event is recorded as {target}", f"{prefix}target"))
            return None
        original = in_batch.event if in_batch else record.event if record else None
        if isinstance(original, Correction) and not isinstance(event, EventRetracted | EventErased):
            problems.append(
                Invalid(
                    f"{original.TYPE} is itself a correction: it can only be retracted; "
                    "correct the original event instead",
                    f"{prefix}target",
                )
            )
            return None
        if in_batch is not None:
            return in_batch.stream, in_batch.tags
        stream = self.conn.execute(
            select(event_table.c.stream).where(event_table.c.event_id == target)
        ).scalar_one()
        return stream, self._tags(target)

    def _tags(self, event_id: str) -> frozenset[str]:
        """Under what a recorded event is filed: the log has no index that tells it."""
        record = self.known.records([event_id])[event_id]
        tags = tags_of(record.event)
        if record.content is not None:
            tags |= tags_of(record.content)
        return tags | self._tags(record.target) if record.target is not None else tags

    def _keeps_entities(
        self,
        event_id: str,
        event: Event,
        target: str,
        content: Event | None,
        prefix: str,
        problems: list[Invalid],
    ) -> bool:
        """Whether no source that is cited, no party or agreement that is spoken of, is lost.

        Conflict where the correction would enter one that is already on record.
        """
        new = self.records
        record = Record(
            event_id, self.known.seen + len(new) + 1, self._today(), event, target, content
        )
        root = target
        while (above := (new.get(root) or self.known.records([root])[root]).target) is not None:
            root = above
        original = {root: new.get(root) or self.known.records([root])[root]}
        about = self._about(root, record)
        was = enters(standings_of(self.known, original, about)[root].event)
        will = enters(standings_of(self.known, original, [*about, record])[root].event)
        if was == will:
            return True
        if was is not None:
            kind, key = was
            if users := self._users(kind, key, root, list(new.values())):
                word = "cited" if kind == "source" else "spoken of"
                problems.append(
                    Invalid(
                        f"{kind} {key} is {word} by {len(users)} event(s), first {users[0]}: "
                        "correct those first",
                        f"{prefix}target",
                    )
                )
                return False
            self.gone.add(was)
        if will is not None:
            if self._recorded(*will):
                raise Conflict(f"{will[0]} {will[1]} is already recorded")
            self.new[will[0]].add(will[1])
            self.gone.discard(will)
        return True

    def _about(self, root: str, record: Record) -> list[Record]:
        """What this request holds of the event, its corrections and theirs, in order."""
        found = [self.records[root]] if root in self.records else []
        stored = self.known.corrections([root])
        todo = [root, *(r.event_id for each in stored.values() for r in each)]
        todo.append(record.target or root)
        asked: set[str] = set()
        while todo:
            if (target := todo.pop()) in asked:
                continue
            asked.add(target)
            found += self.corrections.get(target, ())
            todo += [each.event_id for each in self.corrections.get(target, ())]
        return sorted({r.event_id: r for r in found}.values(), key=lambda r: r.position)

    def _users(self, kind: str, key: str, but: str, earlier: Sequence[Record]) -> list[str]:
        """The live events, corrections included, that speak of the entity as they stand now."""
        tag = f"{kind}:{key}"
        tagged = self.conn.execute(
            select(event_table.c.event_id, event_table.c.target)
            .join(event_tag, event_tag.c.position == event_table.c.position)
            .where(event_tag.c.tag == tag)
        )
        named = {each for row in tagged for each in row} | {each.target for each in earlier}
        ids = {each for each in named if each is not None and each != but}
        records = self.known.records(ids) | {r.event_id: r for r in earlier if r.event_id != but}
        return [
            event_id
            for event_id, stands in standings_of(self.known, records, earlier).items()
            if stands.event is not None and tag in tags_of(stands.event)
        ]

    def _content(self, event: EventAmended, prefix: str, problems: list[Invalid]) -> Event | None:
        try:
            content = codec.read(event.event, f"{prefix}event.")
        except Problems as wrong:
            problems.extend(wrong.each)
            return None
        if isinstance(content, Correction | KeyRotated):
            problems.append(
                Invalid(f"an event cannot be amended to {content.TYPE}", f"{prefix}event.type")
            )
            return None
        return self._with_ids(content, f"{prefix}event.", problems)

    def _existence_doubts(self, event: Event, event_id: str) -> Iterable[Doubt]:
        """Acts of parties on days on which they certainly did not exist."""
        if event.occurred is None or isinstance(event, PartyRecorded):
            return
        names = {name for _, name in self._names(event).parties}
        lo, hi = event.occurred.earliest, event.occurred.latest
        for party in sorted(names):
            days = self._existed(party)
            if days is not None and not any(begun <= hi and end >= lo for begun, end in days):
                yield Doubt(
                    "party_not_in_existence",
                    f"{party} did not exist on {event.occurred.text} as far as is recorded",
                    (event_id,),
                )

    def _existed(self, party: str) -> list[tuple[int, int]] | None:
        """When the party may have existed, as reported; None where nothing is known of it."""
        if party not in self.existing:
            rows = [r for r in self.known.spans_of_subjects([party]) if r["layer"] == "existence"]
            self.existing[party] = [
                (r["day_from"], r["day_to"])
                for r in rows
                if r["value"] == "exists" and r["mask"] & 2
            ]
            if not rows:
                self.existing[party] = None
        return self.existing[party]
