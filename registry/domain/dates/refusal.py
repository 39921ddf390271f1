"""Why a text is not a date: the error a caller sees, and the reason it is built from."""

from registry.domain.errors import Invalid

_SHOWN = 60


class NotADate(Invalid):
    """The text is no date; `reason` says why, `offers` what may have been meant (EDTF)."""

    reason: str = ""

    @classmethod
    def because(
        cls, text: str, reason: str, offers: tuple[str, ...] = (), what: str = "an EDTF date"
    ) -> "NotADate":
        shown = repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")
        refusal = cls(f"not {what}: {shown} ({reason})", offers=offers)
        refusal.reason = reason
        return refusal


class Refused(Exception):
    """A part cannot be read. Never leaves this package: it becomes a NotADate with the whole."""

    def __init__(self, reason: str, offers: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offers = offers
