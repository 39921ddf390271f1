"""Three addresses worth opening, for who has just arrived."""

from typing import Final

QUESTIONS: Final = {
    "/api/v1/relations/BOL/USA?as_of=2009-06-01": (
        "Were relations between Bolivia and the United States broken on 1 June 2009?"
    ),
    "/api/v1/agreements/un-single-convention-1961-as-amended/parties?as_of=2012-06-01": (
        "Who was bound by the Single Convention on Narcotic Drugs on 1 June 2012?"
    ),
    "/docs": "What else can be asked, and how facts are recorded",
}
WORTH_OPENING: Final = tuple(QUESTIONS)
