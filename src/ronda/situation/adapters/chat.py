"""The daily report as plain text for a chat: no markup, under the limit, the heaviest lines first."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ronda.situation.domain import ROWS_IN_CHAT, Daily, Figure, Section, Table, fitted, plain
from ronda.web.numbers import number_words, signed_words

BULLET = "\N{BULLET}"


def chat_text(daily: Daily) -> str:
    """The report in plain lines; what does not fit is counted, never cut in the middle of a line."""
    head = [
        plain(f"{daily.title.upper()} · {daily.place.upper()}"),
        plain(f"{daily.day}. {daily.moment}."),
        plain(daily.compared),
    ]
    body = [line for section in daily.sections for line in _section(section)]
    return fitted(head, body, [plain(daily.source)], more=_("… selebihnya ada di halaman lapor cepat."))


def _section(section: Section) -> Iterator[str]:
    yield ""
    yield plain(section.title.upper())
    for sentence in section.sentences:
        yield plain(f"{BULLET} {_figure(sentence.figure)} {sentence.words}")
    for table in section.tables:
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield ""
    yield plain(f"{table.title}: {', '.join(_small(head) for head in table.heads)}")
    shown = [row for row in table.rows if row.weight]
    for row in shown[:ROWS_IN_CHAT]:
        numbers = " / ".join(_figure(cell) for cell in row.cells)
        yield plain(f"{BULLET} {row.name}: {numbers}")
    if len(shown) > ROWS_IN_CHAT:
        yield plain(_("%(n)s baris lain") % {"n": number_words(len(shown) - ROWS_IN_CHAT)})


def _figure(figure: Figure) -> str:
    """37 (+5); without a change the number alone."""
    words = number_words(figure.value)
    return f"{words} ({signed_words(figure.change)})" if figure.change else words


def _small(words: str) -> str:
    """Words inside a sentence; an abbreviation such as TPS stays large."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
