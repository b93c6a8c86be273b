"""A browser without a screen: follows links, fills forms, keeps cookies. The duty officers of a drill use it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

_ONE_OF = ("radio", "checkbox")


@dataclass
class Form:
    """A form of a page: where it goes, what stands in it, and what may be chosen."""

    action: str
    method: str = "get"
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, given: Mapping[str, str]) -> dict[str, str]:
        """Its values with those given; a choice that is still open takes the first that says something."""
        values = dict(self.values)
        for name, options in self.choices.items():
            if not values.get(name):
                values[name] = next((option for option in options if option), "")
        return {**values, **{name: value for name, value in given.items() if value is not None}}


@dataclass
class Page:
    """An answered request: its text, links and forms."""

    url: str
    status: int
    links: list[str]
    forms: list[Form]

    def form_to(self, part: str) -> Form | None:
        """The form whose address ends with a word."""
        return next((form for form in self.forms if urlsplit(form.action).path.endswith(part)), None)


class Browser:
    """One signed-in person."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def open(self, path: str) -> Page:
        return _page(await self._client.get(path, follow_redirects=True))

    async def submit(self, page: Page, form: Form, given: Mapping[str, str]) -> Page:
        """Send a form of a page as a browser does."""
        target = urljoin(page.url, form.action or page.url)
        headers = {"referer": page.url}
        answer = await self._client.post(
            target, data=form.filled(given), headers=headers, follow_redirects=True
        )
        return _page(answer)


def _page(answer: httpx.Response) -> Page:
    reader = _Reader()
    if "html" in answer.headers.get("content-type", ""):
        reader.feed(answer.text)
    return Page(str(answer.url), answer.status_code, reader.links, reader.forms)


class _Reader(HTMLParser):
    """Collects links and forms."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(tag, given, {name for name, _ in attrs})

    def _control(self, tag: str, given: Mapping[str, str], names: set[str]) -> None:
        form, name = self._form, given.get("name", "")
        assert form is not None
        if tag == "select":
            self._select = name
            form.choices.setdefault(name, [])
        elif tag == "option" and self._select:
            form.choices[self._select].append(given.get("value", ""))
            if "selected" in names:
                form.values[self._select] = given.get("value", "")
        elif tag == "textarea" and name:
            self._textarea = name
            form.values[name] = ""
        elif tag == "button" and name:
            form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name:
            self._input(form, name, given, names)

    def _input(self, form: Form, name: str, given: Mapping[str, str], names: set[str]) -> None:
        kind = given.get("type", "text")
        if kind == "radio":
            form.choices.setdefault(name, []).append(given.get("value", "on"))
        if kind in _ONE_OF and "checked" not in names:
            return
        if kind not in ("submit", "file", "button"):
            form.values[name] = given.get("value", "on" if kind in _ONE_OF else "")

    def handle_data(self, data: str) -> None:
        if self._textarea and self._form is not None:
            self._form.values[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""
