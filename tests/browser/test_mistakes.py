"""What is wrong with a form is told beside each field, and on top with a link that leads there."""

from collections.abc import Iterator, Sequence

from registry.admin.asking import Asked, inputs
from registry.admin.record import can_be_recorded
from registry.admin.typed import Typed
from registry.domain.catalogue import CATALOGUE
from tests.browser.conftest import Site

SAMPLE = (
    "agreement.ratified",
    "agreement.signed",
    "agreement.entry_into_force_rule_set",
    "status.observed",
    "party.recorded",
    "source.recorded",
    "conduct.sanction_imposed",
)
CANNOT_BE_WRONG = {"radios", "prose", "pick-actor"}
"""Widgets in which whatever can be chosen or typed is read: an actor may be told in plain words."""
GATHERED = {"rows", "group", "line"}
"""Widgets that hold others, beside which the error stands."""

NONSENSE = """() => {
  for (const each of document.querySelectorAll("form[data-keep] details")) each.open = true;
  for (const each of document.querySelectorAll("form[data-keep] input[type=text], form[data-keep] input[type=url], form[data-keep] input[inputmode]"))
    if (!/\\.new\\.|\\.(text|day2|month2|year2)$/.test(each.name)) each.value = "zz zz";
}"""
TOLD = """() => [...document.querySelectorAll("#summary a")].map((link) => {
  const at = link.getAttribute("href").slice(1), input = document.getElementById(at);
  const beside = input?.closest(".field")?.querySelector(".error");
  link.click();
  return {
    at, words: link.innerText, said: beside?.innerText ?? "", there: Boolean(input),
    focused: document.activeElement === input,
    invalid: input?.getAttribute("aria-invalid") === "true" || Boolean(input?.closest("fieldset.wrong")),
  };
})"""


def widgets(asked: Sequence[Asked]) -> Iterator[tuple[str, str]]:
    """Each input's id and widget, those within others too."""
    for each in asked:
        yield each.id, each.widget
        yield from widgets((*each.parts, *each.rows, *each.new))


def of_type(name: str) -> dict[str, str]:
    sections = inputs(CATALOGUE[name], Typed(), [])
    return dict(widgets([each for section in sections for each in section.asked]))


def test_each_mistake_is_told_beside_its_field_and_on_top(one_site: Site) -> None:
    seen: set[str] = set()
    with one_site.visit("recorder") as page:
        for name in SAMPLE:
            kinds = of_type(name)
            page.goto(f"/admin/record/{name}")
            page.evaluate(NONSENSE)
            page.get_by_role("button", name="Save", exact=True).click()
            page.locator("#summary").wait_for()
            told = page.evaluate(TOLD)
            assert told, name
            for each in told:
                at = each["at"]
                assert each["there"], (name, at, "the link leads nowhere")
                assert each["said"], (name, at, "no error beside it")
                assert each["invalid"], (name, at, "not marked as wrong")
                assert each["focused"], (name, at, "the link does not lead into the field")
                seen |= {kinds[part] for part in (at, at.rsplit(".", 1)[0]) if part in kinds}
    every = {
        widget
        for name, cls in CATALOGUE.items()
        if can_be_recorded(cls)
        for widget in of_type(name).values()
    }
    assert every - seen <= CANNOT_BE_WRONG | GATHERED, every - seen
