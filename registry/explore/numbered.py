"""A long list cut into numbered pages, all of which stay where they are on a pinned page."""

from dataclasses import dataclass

from registry.domain.errors import Invalid


@dataclass(frozen=True)
class Numbered:
    """`number` from 1 to `last`; the items from `start` up to, not with, `end` are on it."""

    number: int
    last: int
    start: int
    end: int
    count: int

    @property
    def several(self) -> bool:
        return self.last > 1


def numbered(count: int, size: int, asked: str | None, field: str) -> Numbered:
    """`asked`: the number as the address has it, in the parameter `field`."""
    last = max(-(-count // size), 1)
    number = _number(asked, last, field)
    start = (number - 1) * size
    return Numbered(number, last, start, min(start + size, count), count)


def _number(asked: str | None, last: int, field: str) -> int:
    if not asked:
        return 1
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7 and 1 <= int(asked) <= last):
        raise Invalid(f"expected the number of a page from 1 to {last}, got {asked!r}", field)
    return int(asked)
