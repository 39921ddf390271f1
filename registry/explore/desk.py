"""The blueprint that all public pages enter their routes in."""

from typing import Final

from flask import Blueprint, Flask

from registry.explore.days import day_said
from registry.web.pages import refuses_in_words

blueprint: Final = Blueprint("explore", __name__, template_folder="templates")
refuses_in_words(blueprint)


def plug(app: Flask) -> None:
    app.jinja_env.globals["day_said"] = day_said
    app.register_blueprint(blueprint)
