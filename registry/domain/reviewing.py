"""Whose events a second person must approve before they are recorded."""

from dataclasses import dataclass
from typing import Final

from registry.domain.errors import Invalid

ROLES: Final = ("recorder", "reviewer", "admin")
"""Those that record at all."""


@dataclass(frozen=True)
class Review:
    """Of people of these roles (none: of nobody), in these families of events (none: in all)."""

    roles: tuple[str, ...] = ()
    families: tuple[str, ...] = ()

    def needed(self, role: str, family: str) -> bool:
        return role in self.roles and (not self.families or family in self.families)

    def __str__(self) -> str:
        if not self.roles:
            return "off"
        return ",".join(self.roles) + (f":{','.join(self.families)}" if self.families else "")

    @classmethod
    def read(cls, text: str) -> "Review":
        """`off`, `recorder`, or `recorder,reviewer:relations,sanctions`; Invalid for else."""
        if text in ("", "off"):
            return cls()
        roles, _, families = text.partition(":")
        made = cls(_parted(roles), _parted(families))
        if wrong := [each for each in made.roles if each not in ROLES] or not made.roles:
            raise Invalid(
                f"REGISTRY_REVIEW must be off, or roles of {', '.join(ROLES)} with families of "
                f"events after a colon; not {text!r} ({wrong})",
                field="REGISTRY_REVIEW",
            )
        return made


def _parted(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())
