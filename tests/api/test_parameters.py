"""Parameters taken at once are those that the schema takes, and come to the same."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, post_load

from registry.api import exports, network, relations
from registry.api.accepting import acceptor
from registry.api.agreements import blueprint as _agreements  # noqa: F401 - enters its schemas
from registry.api.events import blueprint as _events  # noqa: F401 - enters its schemas
from registry.api.parameters import NoParameters


def _schemas(of: type[NoParameters] = NoParameters) -> Iterator[type[NoParameters]]:
    yield of
    for each in of.__subclasses__():
        yield from _schemas(each)


SCHEMAS = sorted(set(_schemas()), key=lambda each: each.__name__)
VALUES = st.one_of(
    st.sampled_from(
        [
            *("", "2009", "@5", "confirmed", "disputed", "json", "csv", "xlsx", "50", "0", "501"),
            *("1_0", "+5", " 5", "\x00", "a\x00", "x" * 60, "x" * 61, "x" * 501, "last_day"),
        ]
    ),
    st.text(max_size=5),
)


@given(st.data(), st.sampled_from(SCHEMAS))
def test_what_is_taken_at_once_is_what_the_schema_takes(
    data: st.DataObject, schema: type[NoParameters]
) -> None:
    reader = schema()
    names = [each.data_key or name for name, each in reader.fields.items()]
    said = data.draw(
        st.dictionaries(
            st.sampled_from([*names, "colour"]), st.lists(VALUES, min_size=1, max_size=2)
        )
    )
    several = {n for n, each in reader.fields.items() if isinstance(each, fields.List)}
    taken = acceptor(reader)(said.items())
    doubled = any(len(v) > 1 for n, v in said.items() if n not in several)
    try:
        loaded = reader.load({n: v if n in several else v[0] for n, v in said.items()})
    except ValidationError:
        loaded = None
    if loaded is None or doubled:
        assert taken is None
    else:
        assert taken == loaded


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (relations.Layers, {"layer": ["membership", "force"], "as_of": ["2009"]}),
        (relations.Between, {"from": ["2008"], "to": ["2009"], "format": ["csv"]}),
        (network.OfLayer, {"layer": ["force"], "confidence": ["alleged"]}),
        (exports.InAnyForm, {"format": ["xlsx"], "rule": ["last_day"]}),
    ],
)
def test_what_is_right_is_taken_at_once(
    schema: type[NoParameters], said: dict[str, list[str]]
) -> None:
    assert acceptor(schema())(said.items()) is not None


class _Defaulted(Schema):
    limit = fields.String(load_default="50")


class _Renamed(Schema):
    limit = fields.String(attribute="most")


class _Hooked(Schema):
    limit = fields.String()

    @post_load
    def doubled(self, said: dict[str, str], **_: object) -> dict[str, str]:
        return {name: value * 2 for name, value in said.items()}


@pytest.mark.parametrize("schema", [_Defaulted, _Renamed, _Hooked])
def test_a_schema_that_does_more_is_asked_itself(schema: type[Schema]) -> None:
    assert acceptor(schema())([("limit", ["5"])]) is None
