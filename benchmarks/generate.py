"""A seeded register of any size: treaties, parties, missions, corrections, vague dates; streamed.

The same seed and count give the same events. Memory does not grow with the count.
"""

import random
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

Wire = dict[str, Any]
Said = tuple[str, Wire]
"""(event id, the event as said on the wire)"""

STATES: Final = tuple(
    first + second + third for first in "ABCDEFG" for second in "KLMNRST" for third in "AIOU"
)[:195]
ORGANISATIONS: Final = tuple(f"ORG-{number}" for number in range(1, 13))
SOURCES: Final = ("depositary-series", "missions-list", "yearbook", "press-review")
_LEVELS: Final = ("legation", "embassy", "ambassador_nonresident", "interests_section")
_FIRST: Final = date(1816, 1, 1)
_LAST: Final = date(2024, 12, 31)
_REMEMBERED: Final = 400


def generate(count: int, seed: int = 1) -> Iterator[Said]:
    """Exactly `count` events, the parties and sources first."""
    world = _World(random.Random(seed))
    for made, said in enumerate(world.history()):
        if made == count:
            return
        yield said


def severed(chance: random.Random) -> Wire:
    """That relations of two of the states were broken off, one time or another."""
    first, second = chance.sample(STATES, 2)
    day = f"{chance.randint(1820, 2020)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return {
        "type": "relations.severed",
        "parties": [first, second],
        "occurred": day,
        "sources": [{"source": "yearbook", "locator": "p. 7"}],
    }


class _World:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.treaties = 0
        self.recent: deque[Said] = deque(maxlen=_REMEMBERED)

    def history(self) -> Iterator[Said]:
        yield from self._background()
        while True:
            for said in self._chapter():
                yield said
                self.recent.append(said)
                if self.chance.random() < 0.025:
                    yield self._correction()

    def _background(self) -> Iterator[Said]:
        for number, state in enumerate(STATES):
            yield self._said(
                "party.recorded",
                party=state,
                kind="state",
                name=f"State of {state.capitalize()}",
                occurred="[..1815]",
                codes={"cow": str(number + 2)},
            )
        for name in ORGANISATIONS:
            yield self._said("party.recorded", party=name, kind="organisation", name=name)
        for source in SOURCES:
            yield self._said("source.recorded", source=source, kind="dataset", title=source)

    def _chapter(self) -> Iterator[Said]:
        """Some related events, as an importer would meet them in a file."""
        kind = self.chance.random()
        if kind < 0.04:
            return self._multilateral()
        if kind < 0.40:
            return self._bilateral()
        if kind < 0.60:
            return self._relations()
        if kind < 0.80:
            return self._mission()
        if kind < 0.93:
            return self._observed()
        return self._membership()

    def _multilateral(self) -> Iterator[Said]:
        slug, start = self._treaty("multilateral"), self._day()
        yield self._said(
            "agreement.recorded",
            agreement=slug,
            title=f"Convention no. {self.treaties}",
            kind="convention",
            form="multilateral",
            depositary="UN Secretary-General",
        )
        yield self._said(
            "agreement.entry_into_force_rule_set",
            agreement=slug,
            rule="on_nth_consent",
            n=self.chance.choice((2, 10, 30)),
            delay={"days": 30},
        )
        yield self._said("agreement.text_adopted", agreement=slug, occurred=self._date(start))
        parties = self.chance.sample(STATES, self.chance.randint(20, 190))
        for party in parties:
            signed = start + timedelta(self.chance.randint(0, 700))
            if self.chance.random() < 0.55:
                yield self._said(
                    "agreement.signed", agreement=slug, party=party, occurred=self._date(signed)
                )
            if self.chance.random() < 0.6:
                consent = signed + timedelta(self.chance.randint(30, 9_000))
                word = self.chance.choice(("ratified", "ratified", "acceded", "accepted"))
                yield self._said(
                    f"agreement.{word}",
                    agreement=slug,
                    party=party,
                    occurred=self._date(consent),
                    **self._sometimes(0.5, effective=_iso(consent + timedelta(30))),
                )
            if self.chance.random() < 0.02:
                left = signed + timedelta(self.chance.randint(9_000, 15_000))
                yield self._said(
                    "agreement.withdrew", agreement=slug, party=party, occurred=self._date(left)
                )
        if self.chance.random() < 0.5:
            yield self._said(
                "coverage.stated",
                layer="participation",
                subject={"agreement": slug},
                over=f"{_iso(start)}/2024-12-31",
                complete=True,
            )

    def _bilateral(self) -> Iterator[Said]:
        slug, start = self._treaty("bilateral"), self._day()
        pair = self.chance.sample(STATES, 2)
        yield self._said(
            "agreement.recorded",
            agreement=slug,
            title=f"Agreement no. {self.treaties} between {pair[0]} and {pair[1]}",
            kind="agreement",
            form="bilateral",
            parties=pair,
            topics=["trade"],
        )
        for party in pair:
            yield self._said(
                "agreement.signed", agreement=slug, party=party, occurred=self._date(start)
            )
        if self.chance.random() < 0.4:
            for party in pair:
                consent = start + timedelta(self.chance.randint(30, 900))
                yield self._said(
                    "agreement.ratified", agreement=slug, party=party, occurred=self._date(consent)
                )
        force = start + timedelta(self.chance.randint(30, 1_200))
        yield self._said("agreement.entered_into_force", agreement=slug, occurred=self._date(force))
        if self.chance.random() < 0.2:
            ended = force + timedelta(self.chance.randint(1_000, 20_000))
            yield self._said("agreement.terminated", agreement=slug, occurred=self._date(ended))

    def _relations(self) -> Iterator[Said]:
        pair, day = self.chance.sample(STATES, 2), self._day()
        event_id, said = self._said(
            "relations.established", parties=pair, occurred=self._date(day), instrument="notes"
        )
        yield event_id, said
        if self.chance.random() < 0.15:  # another account of the same day
            again = self._date(day + timedelta(self.chance.randint(0, 400)))
            yield self._said(
                "relations.established", parties=pair, occurred=again, same_act_as=event_id
            )
        if self.chance.random() < 0.3:
            day += timedelta(self.chance.randint(200, 9_000))
            yield self._said(
                "relations.severed", parties=pair, by=pair[0], occurred=self._date(day)
            )
            day += timedelta(self.chance.randint(200, 3_000))
            yield self._said("relations.reestablished", parties=pair, occurred=self._date(day))

    def _mission(self) -> Iterator[Said]:
        (sender, receiver), day = self.chance.sample(STATES, 2), self._day()
        both = {"sender": sender, "receiver": receiver}
        yield self._said(
            "mission.opened", **both, level=self.chance.choice(_LEVELS), occurred=self._date(day)
        )
        for _ in range(self.chance.randint(0, 3)):
            day += timedelta(self.chance.randint(20, 300))
            yield self._said(
                "head_of_mission.credentials_presented",
                **both,
                **{"class": "ambassador"},
                occurred=self._date(day),
            )
            day += timedelta(self.chance.randint(300, 1_500))
            yield self._said(
                "head_of_mission.left", **both, how="departed", occurred=self._date(day)
            )

    def _observed(self) -> Iterator[Said]:
        """Spells from a dataset, and the years it covers."""
        sender, receiver = self.chance.sample(STATES, 2)
        subject = {"sender": sender, "receiver": receiver}
        start = year = self.chance.randint(1817, 1990)
        for _ in range(self.chance.randint(1, 5)):
            until = min(year + self.chance.randint(1, 12), 2024)
            yield self._said(
                "status.observed",
                layer="representation",
                subject=subject,
                over=f"{year}-01-01/{until}-12-31",
                value=self.chance.choice(_LEVELS),
            )
            year = until + 1
            if year > 2024:
                break
        if self.chance.random() < 0.5:
            yield self._said(
                "coverage.stated", layer="representation", subject=subject, over=f"{start}/{year}"
            )

    def _membership(self) -> Iterator[Said]:
        about = {
            "party": self.chance.choice(STATES),
            "organisation": self.chance.choice(ORGANISATIONS),
        }
        day = self._day()
        yield self._said("party.membership_joined", **about, occurred=self._date(day))
        if self.chance.random() < 0.2:
            day += timedelta(self.chance.randint(300, 9_000))
            yield self._said("party.membership_left", **about, occurred=self._date(day))

    def _correction(self) -> Said:
        """Of one of the latest events that makes no entity: given another date, or taken back."""
        fit = [each for each in self.recent if "occurred" in each[1]]
        target, event = self.chance.choice(fit or list(self.recent))
        kind = self.chance.random()
        if kind < 0.6 and fit:
            changed = event | {"occurred": self._date(self._day())}
            changed.pop("same_act_as", None)
            changed.pop("effective", None)
            return self._said("event.amended", target=target, reason="misread", event=changed)
        if kind < 0.8 and fit:
            return self._said("event.retracted", target=target, reason="entered twice")
        return self._said(
            "event.confidence_changed",
            target=target,
            reason="seen",
            to=self.chance.choice(("confirmed", "reported", "alleged")),
        )

    def _said(self, kind: str, /, **fields: Any) -> Said:
        said: Wire = {"type": kind, **fields}
        if kind not in ("party.recorded", "source.recorded") and not kind.startswith("event."):
            if self.chance.random() < 0.3:
                said["confidence"] = self.chance.choice(("confirmed", "confirmed", "alleged"))
            said["sources"] = [
                {
                    "source": self.chance.choice(SOURCES),
                    "locator": f"row {self.chance.randint(1, 99_999)}",
                }
            ]
        return self._event_id(), said

    def _event_id(self) -> str:
        digits = f"{self.chance.getrandbits(128):032x}"
        return "-".join(
            (digits[:8], digits[8:12], "4" + digits[13:16], "8" + digits[17:20], digits[20:])
        )

    def _treaty(self, kind: str) -> str:
        self.treaties += 1
        return f"{kind}-{self.treaties}"

    def _day(self) -> date:
        return _FIRST + timedelta(self.chance.randint(0, (_LAST - _FIRST).days - 9_000))

    def _date(self, day: date) -> str:
        """The day as a source might give it: three in four exactly, the rest vaguely."""
        how = self.chance.random()
        day = min(day, _LAST)
        if how < 0.76:
            return _iso(day)
        if how < 0.84:
            return _iso(day)[:7]
        if how < 0.90:
            return str(day.year)
        if how < 0.94:
            return f"{day.year}~"
        if how < 0.96:
            return f"{_iso(day)}?"
        if how < 0.98:
            return f"[{_iso(day)}..{_iso(day + timedelta(self.chance.randint(1, 60)))}]"
        return f"[..{_iso(day)}]"

    def _sometimes(self, chance: float, **fields: str) -> dict[str, str]:
        return fields if self.chance.random() < chance else {}


def _iso(day: date) -> str:
    return min(day, _LAST).isoformat()
