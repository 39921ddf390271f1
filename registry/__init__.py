"""One register of what states and organisations agreed, how they stand, and what they did about it."""

__version__ = "0.1.0"
