"""All public pages put into an application."""

from flask import Flask

from registry.explore import agreement as _agreement_enters_its_routes  # noqa: F401
from registry.explore import agreement_csv as _csv_enters_its_routes  # noqa: F401
from registry.explore import agreement_list as _list_enters_its_routes  # noqa: F401
from registry.explore import compare as _compare_enters_its_routes  # noqa: F401
from registry.explore import desk
from registry.explore import event as _event_enters_its_routes  # noqa: F401
from registry.explore import event_log as _log_enters_its_routes  # noqa: F401
from registry.explore import feeds as _feeds_enter_their_routes  # noqa: F401
from registry.explore import follow_the_money as _entities_enter_their_routes  # noqa: F401
from registry.explore import home as _home_enters_its_routes  # noqa: F401
from registry.explore import map_page as _map_enters_its_routes  # noqa: F401
from registry.explore import memento as _memento_enters_its_routes  # noqa: F401
from registry.explore import network as _network_enters_its_routes  # noqa: F401
from registry.explore import pairing as _pairing_enters_its_routes  # noqa: F401
from registry.explore import party as _party_enters_its_routes  # noqa: F401
from registry.explore import party_list as _parties_enter_their_routes  # noqa: F401
from registry.explore import reconciling as _reconciling_enters_its_routes  # noqa: F401
from registry.explore import reference as _reference_enters_its_routes  # noqa: F401
from registry.explore import searching as _search_enters_its_routes  # noqa: F401
from registry.explore import sources as _sources_enters_its_routes  # noqa: F401


def plug(app: Flask) -> None:
    desk.plug(app)
