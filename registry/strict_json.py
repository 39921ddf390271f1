"""What every reader of JSON here refuses, because two readers could understand it differently."""

from typing import Any, Final

from registry.domain.errors import Invalid

DEEPEST: Final = 32


def refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """For `object_pairs_hook`: Invalid where an object says a key twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid(f"a key is given twice: {twice[:60]!r}")
    return found


def refuse_deep(said: Any) -> None:
    """Invalid for what is nested deeper than DEEPEST levels."""
    level = [said]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise Invalid(f"nested deeper than {DEEPEST} levels")
