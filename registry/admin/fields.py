"""The fields of an event type in a form: what was typed, what it says, and the inputs that ask."""

from registry.admin.asking import Asked, Section, inputs
from registry.admin.typed import Typed, errors_of, said_of, typed_of

__all__ = ["Asked", "Section", "Typed", "errors_of", "inputs", "said_of", "typed_of"]
