"""All pages of data entry put into an application."""

from registry.admin import menu as _menu  # noqa: F401
from registry.admin import signing_in as _signing_in  # noqa: F401 - enters its routes
from registry.admin import start as _start  # noqa: F401
from registry.admin.desk import plug

__all__ = ["plug"]
