"""The datasets that the register takes in, one module each: adding one is adding its module."""

import importlib
import pkgutil

from registry.domain.errors import Invalid
from registry.ingest.profile import Profile


def names() -> list[str]:
    """The names of all profiles, as they are said on the command line."""
    return sorted(each.name.replace("_", "-") for each in pkgutil.iter_modules(__path__))


def profile(name: str) -> Profile:
    """The profile of that name; each module of this package holds one as PROFILE."""
    if name not in names():
        raise Invalid(f"no profile {name!r} (expected one of {', '.join(names())})")
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    found: Profile = module.PROFILE
    return found
