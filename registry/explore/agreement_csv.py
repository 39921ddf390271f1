"""The status table of an agreement as CSV, in the same order and with the same dates."""

import csv
import io

from flask import Response

from registry.explore.agreement import table_of
from registry.explore.desk import blueprint
from registry.explore.looking import looking
from registry.explore.status_table import CSV_HEAD, as_cells
from registry.web import languages
from registry.web.answering import CSV, answered
from registry.web.opening import was_asked


@blueprint.get("/agreements/<agreement>/status.csv")
def status_csv(agreement: str) -> Response:
    with looking() as here:
        table = table_of(here.view, agreement)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(CSV_HEAD)
        writer.writerows(as_cells(row) for row in table.rows)
        vary = "Accept-Datetime"
        if languages.negotiated():
            vary += ", Accept-Language"
        response = answered(
            here.opened,
            text.getvalue().encode(),
            CSV,
            asked=was_asked(here.asked),
            permalink=here.pinned(),
            vary=vary,
        )
        response.headers["Content-Language"] = languages.language()
        return response
