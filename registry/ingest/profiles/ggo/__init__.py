"""GGO (manytreaties): agreements and what states did about them, in dates that are often vague.

StateSignature, StateRatification, StateForce and StateEnd of a row are acts. Begin, End, Signature
and Force beside them are derived from other rows, so nothing is recorded from them; the same
columns of the agreements' own file speak of the agreement as a whole. StateRatification mixes
ratification, acceptance and accession: what kind of consent it was is not said. A StateEnd that
only repeats the row's derived End says that participation was over, not by which act.
"""

from collections.abc import Iterator
from typing import Final

from registry.ingest.coded import Codes
from registry.ingest.files import Row
from registry.ingest.profile import Profile, Reading, Said
from registry.ingest.profiles.ggo.agreements import of_agreement
from registry.ingest.profiles.ggo.cells import AGREEMENTS, PARTIES, SOURCE
from registry.ingest.profiles.ggo.parties import Same, of_party
from registry.ingest.profiles.ggo.told import survey


def read(reading: Reading) -> Iterator[Said]:
    """The agreements, then the acts of their parties."""
    entered: dict[str, tuple[Row, str]] = {}
    for row in reading.rows(AGREEMENTS.name):
        yield Said(row, list(of_agreement(reading, row, entered)))
    pairs = survey(reading, entered)
    codes = Codes(reading.names.parties)
    lines: dict[Same, tuple[int, str]] = {}
    untitled: set[str] = set()
    for row in reading.rows(PARTIES.name):
        yield Said(row, list(of_party(reading, row, entered, untitled, pairs, codes, lines)))


PROFILE: Final = Profile(
    name="ggo",
    title="GGO: agreements of states and their parties, with vague dates (manytreaties)",
    files=(AGREEMENTS, PARTIES),
    sources=(
        {
            "source": SOURCE,
            "kind": "dataset",
            "title": "manytreaties 1.0.0: GGO agreements and parties",
            "publisher": "PANARCHIC project, globalgov",
            "url": "https://github.com/globalgov/manytreaties",
            "language": "en",
        },
    ),
    read=read,
    names_as_of="2024",
    aliases="ggo.yaml",
)
