"""The body of an entry of a feed: the sentence, how sure it is, its sources, how it stands."""

from collections.abc import Iterator

from markupsafe import Markup, escape

from registry.explore.lately import Entry
from registry.explore.telling import Line
from registry.web.languages import gettext as _


def as_html(entry: Entry) -> str:
    parts = [Markup("<p>{}</p>").format(each) for each in _paragraphs(entry)]
    if entry.told and entry.told.sources:
        items = [_item(each) for each in entry.told.sources]
        parts.append(Markup("<p>{}</p>").format(_("Sources")))
        parts.append(Markup("<ul>{}</ul>").format(Markup("").join(items)))
    return str(Markup("\n").join(parts))


def as_text(entry: Entry) -> str:
    lines = list(_paragraphs(entry))
    if entry.told and entry.told.sources:
        lines.append(_("Sources"))
        lines += [f"- {_source(each)}" for each in entry.told.sources]
    return "\n".join(lines)


def _paragraphs(entry: Entry) -> Iterator[str]:
    yield entry.sentence
    if (told := entry.told) is None:
        return
    yield from (str(each) for each in told.denials)
    if not told.alleged:
        yield _("How sure: %(confidence)s.", confidence=told.confidence_said.lower())
    if told.standing:
        yield told.standing


def _item(line: Line) -> Markup:
    title = escape(line.title)
    if line.url.startswith(("https://", "http://")):
        title = Markup('<a href="{}">{}</a>').format(line.url, line.title)
    return Markup("<li>{}{}</li>").format(title, _rest(line))


def _source(line: Line) -> str:
    return line.title + _rest(line)


def _rest(line: Line) -> str:
    """Publisher, day, place in it, what we know it through, and its words."""
    said = [each for each in (line.publisher, line.published, line.locator) if each]
    if line.via:
        said.append(_("known through %(title)s", title=line.via))
    words = f": “{line.quote}”" if line.quote else ""
    return "".join(f", {each}" for each in said) + words
