"""How far a source stands behind what it says, and the thresholds that readers choose from."""

from enum import IntEnum


class Confidence(IntEnum):
    """`disputed` counts only at threshold alleged, as something that may not have happened."""

    DISPUTED = 0
    ALLEGED = 1
    REPORTED = 2
    CONFIRMED = 3

    @property
    def word(self) -> str:
        return self.name.lower()

    @property
    def bit(self) -> int:
        """Its place in a threshold mask; only thresholds have one."""
        return 1 << (3 - self) if self else 0

    def counts_at(self, threshold: "Confidence") -> bool:
        """Whether an event of this confidence is looked at under `threshold`."""
        return self >= threshold or threshold is Confidence.ALLEGED


THRESHOLDS = (Confidence.CONFIRMED, Confidence.REPORTED, Confidence.ALLEGED)
BY_WORD = {each.word: each for each in Confidence}
