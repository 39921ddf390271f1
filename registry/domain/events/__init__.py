"""The closed list of event types, one small class each, by family."""

from registry.domain.events import (
    agreements,
    conduct,
    missions,
    participation,
    parties,
    recognition,
    register,
    relations,
    statements,
)

__all__ = [
    "agreements",
    "conduct",
    "missions",
    "participation",
    "parties",
    "recognition",
    "register",
    "relations",
    "statements",
]
