"""/search: whatever is called or tells something by these words."""

from typing import Any, Final

from flask_smorest import Blueprint

from registry.api.parameters import Listing, Whole, one_of, words
from registry.api.reading import Said, lists
from registry.queries import events as of_events
from registry.queries import search
from registry.queries.asked_words import LONGEST
from registry.queries.search import Hit
from registry.queries.view import View

blueprint = Blueprint("search", __name__, description="Whatever goes by these words.")

LIMIT: Final = 10


class Words(Listing):
    q = words(
        'All of these words, or "words in quotes" as they stand; the last word may be only begun. '
        "Accents and capitals do not matter; the name of a party means every event that names it.",
        "coca monitoring",
        LONGEST,
        required=True,
    )
    kind = one_of("Only what is of this kind.", *search.KINDS)
    limit = Whole(f"How many of each kind at most; {LIMIT} when left out.", 1, search.SHOWN)


@lists(blueprint, "/search", "SearchList", Words)
def found(view: View, said: Said) -> dict[str, Any]:
    """Find parties, agreements, persons, topics, sources and events by words, best match first.

    Where the words fit very many, those recorded last are looked at; `more` names the kinds of
    which there is more. Where nothing is found, slips are mended, and `instead_of` says so.
    """
    kinds = [said["kind"]] if said.get("kind") else search.KINDS
    made = search.search(view, said["q"], said.get("limit", LIMIT), kinds)
    named = dict.fromkeys(event_id for hit in made.hits for event_id in hit.events)
    return {
        "q": made.text,
        "instead_of": made.instead_of,
        "more": [kind for kind in search.KINDS if kind in made.more],
        "items": [_item(hit) for hit in made.hits],
        "evidence": of_events.documents(view, named),
    }


def _item(hit: Hit) -> dict[str, Any]:
    snippet = hit.snippet
    return {
        "kind": hit.kind,
        "id": hit.key,
        "title": hit.title,
        "snippet": snippet.text if snippet else None,
        "marks": [list(each) for each in snippet.marks] if snippet else [],
        "events": list(hit.events),
    }
