"""A page of a list."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Page:
    """`next`: what to continue after, a JSON value; None at the end."""

    items: list[dict[str, Any]]
    next: Any | None = None


def cut(items: list[dict[str, Any]], limit: int, key: str) -> Page:
    """A page from a list that was read one item longer than `limit`; `key` names what to go on
    after.
    """
    if len(items) <= limit:
        return Page(items)
    return Page(items[:limit], items[limit - 1][key])
