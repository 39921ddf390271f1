"""All pages of data entry put into an application."""

from registry.admin import account as _account  # noqa: F401
from registry.admin import audit as _audit  # noqa: F401
from registry.admin import corrections as _corrections  # noqa: F401 - enters its routes
from registry.admin import draft_editing as _draft_editing  # noqa: F401
from registry.admin import drafts as _drafts  # noqa: F401
from registry.admin import entities as _entities  # noqa: F401
from registry.admin import events as _events  # noqa: F401
from registry.admin import import_drafts as _import_drafts  # noqa: F401
from registry.admin import menu as _menu  # noqa: F401
from registry.admin import merging as _merging  # noqa: F401
from registry.admin import oidc as _oidc  # noqa: F401
from registry.admin import parties as _parties  # noqa: F401
from registry.admin import people as _people  # noqa: F401
from registry.admin import picking as _picking  # noqa: F401
from registry.admin import reading_dates as _reading_dates  # noqa: F401
from registry.admin import record as _record  # noqa: F401
from registry.admin import series as _series  # noqa: F401
from registry.admin import signing_in as _signing_in  # noqa: F401 - enters its routes
from registry.admin import sources as _sources  # noqa: F401
from registry.admin import start as _start  # noqa: F401
from registry.admin import state as _state  # noqa: F401
from registry.admin import tokens as _tokens  # noqa: F401
from registry.admin.desk import plug
from registry.admin.wizard import checking as _import_checking  # noqa: F401
from registry.admin.wizard import giving as _import_giving  # noqa: F401
from registry.admin.wizard import mapping as _import_mapping  # noqa: F401
from registry.admin.wizard import naming as _import_naming  # noqa: F401
from registry.admin.wizard import showing as _import_showing  # noqa: F401

__all__ = ["plug"]
