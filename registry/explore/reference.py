"""The reference of layers and event types, from the catalogue itself."""

from inspect import cleandoc
from typing import Any

from registry.described import effects
from registry.described.outline import RULES, families, own_fields
from registry.domain.catalogue import Event, required
from registry.domain.layers import LAYERS
from registry.explore.desk import blueprint
from registry.explore.holding import layer_said, value_said
from registry.explore.looking import shows
from registry.explore.shown import Looking, Shown
from registry.explore.telling import type_said
from registry.web.languages import gettext as _
from registry.web.languages import language


@shows(blueprint, "/reference", "explore/reference.html")
def reference(here: Looking) -> Shown:  # noqa: ARG001  # every page gets it
    return Shown(
        _("Reference: event types and layers"),
        {
            "in_english": language() != "en",
            "layers": [
                {
                    "id": each.name,
                    "called": layer_said(each.name),
                    "question": each.question,
                    "subject": " × ".join(each.parts),
                    "values": [(value, value_said(each.name, value)) for value in each.values],
                    "rule": RULES[each.rule],
                    "before": each.default,
                    "basis": each.basis,
                }
                for each in LAYERS.values()
            ],
            "families": [(about, [_type(cls) for cls in several]) for about, several in families()],
        },
        description=_("The closed list of event types, and the layers that they set."),
        api="/event-types",
    )


def _type(cls: type[Event]) -> dict[str, Any]:
    return {
        "id": cls.TYPE,
        "called": type_said(cls.TYPE),
        "doc": " ".join(cleandoc(cls.__doc__ or "").split()),
        "basis": cls.BASIS,
        "sets": [str(each).replace("`", "") for each in effects(cls)],
        "dated": cls.DATED,
        "fields": [
            {"wire": one.wire, "doc": one.doc, "kind": one.kind.value, "must": required(cls, one)}
            for one in own_fields(cls)
        ],
    }
