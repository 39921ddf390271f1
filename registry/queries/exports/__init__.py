"""Tables of what held as of any day, as far as was known at any time, for other programs."""

from collections.abc import Iterator
from typing import Any, Final

from registry.domain.errors import Invalid, NotFound
from registry.queries.exports import dyads, participations, party_days
from registry.queries.exports.table import Asked, Table
from registry.queries.view import View

TABLES: Final = {each.name: each for each in (party_days.TABLE, dyads.TABLE, participations.TABLE)}


def table(name: str) -> Table:
    if name not in TABLES:
        raise NotFound(
            f"there is no table {name!r} (expected one of {', '.join(TABLES)})", tuple(TABLES)
        )
    return TABLES[name]


def asked(of: Table, layers: tuple[str, ...] = (), rule: str | None = None) -> Asked:
    """What may be chosen of the table, checked; what was not said is the table's default."""
    if of.name != dyads.TABLE.name:
        for field, value in (("layer", layers), ("rule", rule)):
            if value:
                raise Invalid(f"only for the table {dyads.TABLE.name}", field)
        return Asked(of.layers, "")
    return dyads.asked(layers, rule)


def rows(view: View, of: Table, choice: Asked) -> Iterator[dict[str, Any]]:
    """The rows, in an order that is always the same. Invalid before the first is read."""
    of.check(view)
    return of.rows(view, choice)
