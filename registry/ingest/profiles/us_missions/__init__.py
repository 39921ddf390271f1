"""U.S. missions, chiefs of mission and official travels, 1776 to the present."""

from collections.abc import Iterator
from typing import Final

from registry.ingest.files import File
from registry.ingest.profile import Profile, Reading, Said
from registry.ingest.profiles.us_missions import events, heads, ranges, travels
from registry.ingest.profiles.us_missions.cited import SOURCES


def read(reading: Reading) -> Iterator[Said]:
    """Status ranges first: the extracted events are claims about their transitions."""
    primary = ranges.Ranges(reading)
    yield from primary.said()
    yield from events.said(reading, primary)
    yield from heads.said(reading)
    yield from travels.said(reading)


PROFILE: Final = Profile(
    name="us-missions",
    title="U.S. diplomatic missions, chiefs of mission and official travels",
    files=(*ranges.FILES, File(*events.FILE), File(*heads.FILE), File(*travels.FILE)),
    sources=SOURCES,
    read=read,
    names_as_of="2026-01-01",
    aliases="us-missions.yaml",
)
