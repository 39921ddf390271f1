"""The reference of layers and event types, from the catalogue itself."""

import sys
from inspect import cleandoc
from itertools import groupby
from typing import Any

from registry.described import effects
from registry.domain.catalogue import CATALOGUE, Event, required
from registry.domain.fields import told_by
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
    types = sorted(CATALOGUE.values(), key=lambda cls: (cls.__module__, cls.TYPE))
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
                    "rule": each.rule,
                    "before": each.default,
                    "basis": each.basis,
                }
                for each in LAYERS.values()
            ],
            "families": [
                (
                    cleandoc(sys.modules[module].__doc__ or "").splitlines()[0].rstrip("."),
                    [_type(cls) for cls in several],
                )
                for module, several in groupby(types, key=lambda cls: cls.__module__)
            ],
        },
        description=_("The closed list of event types, and the layers that they set."),
        api="/event-types",
    )


def _type(cls: type[Event]) -> dict[str, Any]:
    common = {one.name for one in told_by(Event)}
    return {
        "id": cls.TYPE,
        "called": type_said(cls.TYPE),
        "doc": " ".join(cleandoc(cls.__doc__ or "").split()),
        "basis": cls.BASIS,
        "sets": list(effects(cls)),
        "fields": [
            {"wire": one.wire, "doc": one.doc, "kind": one.kind.value, "must": required(cls, one)}
            for one in told_by(cls)
            if one.name not in common
        ],
    }
