"""Every type of event with its sentence; shown only through `telling` and `alleged`."""

from typing import Final

from registry.explore.sentences import agreements, conduct, participation, register, relations
from registry.explore.sentences.form import Form

FORMS: Final[dict[str, Form]] = {
    **agreements.FORMS,
    **participation.FORMS,
    **relations.FORMS,
    **conduct.FORMS,
    **register.FORMS,
}
"""By stored name."""
