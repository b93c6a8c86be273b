"""Every page, form and the whole JSON interface: hostile addresses and fields never give a status of 500.

The addresses come from the site's own list, so a page is covered the day it is written.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronda.agencies.tests.factories import cast, sign_in
from ronda.readiness.tests.factories import jembrana
from tests.badinput.hostile import texts, values
from tests.counts import count

# A long-lived stream and the pages of a signed-out browser's passkey are not asked twice a second.
LEFT_OUT = ("siaga/aliran", "static/", "masuk/keluar")
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
GOOD = {
    "area": ("51.01", "51.01.02", "51.01.02.2003", "35.09"),
    "code": ("51.01.02.2003", "5101022003001", "5101022003999"),
    "election": ("pemilu-2024", "pilkada-1999"),
    "contest": ("PPWP", "BUP"),
    "slug": ("accept", "hand-over", "selesai"),
}
FIELDS = (
    *(
        "area",
        "wilayah",
        "tab",
        "setelah",
        "jenis",
        "sumber",
        "sort",
        "page",
        "q",
        "bagian",
        "lapisan",
        "post",
        "next",
    ),
    *(
        "kind",
        "text",
        "place",
        "place_words",
        "station",
        "happened_at",
        "message",
        "title",
        "note",
        "reason",
        "desk",
    ),
    *(
        "name",
        "nama",
        "email",
        "phone",
        "role",
        "unit",
        "code",
        "kode",
        "due_at",
        "request",
        "source_check",
        "incident",
    ),
)


@pytest.fixture
def browsers(committed_db: None) -> dict[str, Client]:
    """Citra at the duty desk, Eka the witness, and Fajar without an account."""
    posts = cast()
    jembrana()
    clients = {name: Client(raise_request_exception=False) for name in ("citra", "eka", "fajar")}
    for name in ("citra", "eka"):
        sign_in(clients[name], posts[name])
    return clients


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one, here)
        elif isinstance(one, URLPattern):
            yield here


PATTERNS = sorted(
    {
        route.replace("^", "").replace("$", "")
        for route in _patterns(get_resolver())
        if not any(part in route for part in LEFT_OUT)
    }
)


@st.composite
def requests(draw: st.DrawFn, patterns: tuple[str, ...] = ()) -> tuple[str, str, dict[str, Any], Any]:
    """Who, which address, which parameters, and the body of a form or JSON."""
    who = draw(st.sampled_from(("citra", "citra", "eka", "fajar")))
    path = _filled(draw, draw(st.sampled_from(patterns or PATTERNS)))
    fields = draw(st.dictionaries(st.sampled_from(FIELDS), texts, max_size=5))
    body = draw(
        st.none() | st.dictionaries(st.sampled_from(FIELDS), texts, max_size=8) | values.map(json.dumps)
    )
    return who, path, fields, body


def _filled(draw: st.DrawFn, route: str) -> str:
    """An address of a route: each of its parameters good in half of the cases, hostile in the others."""
    import re

    def part(found: "re.Match[str]") -> str:
        name = found.group(2) or found.group(3) or ""
        good = next(
            (words for key, words in GOOD.items() if key in name),
            ("01897a70-7a70-7abc-9def-000000000001", "1"),
        )
        word = draw(st.sampled_from(good) | texts)
        return quote(word.encode("utf-8", "surrogatepass"), safe="")

    shape = re.sub(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>.*?\)(?=/|$)", part, route)
    return "/" + shape


def _asked(client: Client, path: str, fields: dict[str, Any], body: Any) -> Any:
    query = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
    if body is None:
        return client.get(path, query)
    if isinstance(body, str):
        return client.post(path, body.encode("utf-8", "surrogatepass"), content_type="application/json")
    form = {name: value.encode("utf-8", "replace").decode() for name, value in body.items()}
    return client.post(path, form)


def _run(browsers: dict[str, Client], cases: int, *patterns: str) -> None:
    @settings(max_examples=cases, deadline=None, suppress_health_check=QUIET, derandomize=True, database=None)
    @given(requests(patterns))
    def each(request: tuple[str, str, dict[str, Any], Any]) -> None:
        who, path, fields, body = request
        answer = _asked(browsers[who], path, fields, body)
        assert answer.status_code < 500, f"{who} {path} {fields} {str(body)[:200]}: {answer.status_code}"

    each()


def test_the_site_has_pages_to_ask() -> None:
    assert len(PATTERNS) > 40


def test_any_request_is_answered_without_a_500(browsers: dict[str, Client]) -> None:
    _run(browsers, count("badinput_pages"))


def test_control_a_page_with_an_unhandled_case_turns_the_suite_red(
    browsers: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One page is made to forget that a number in the address may be no number."""
    from ronda.readiness import views

    def careless(scope: Any, area: str) -> str:
        return str(int(area or 5101))

    monkeypatch.setattr(views, "_area", careless)
    with pytest.raises(BaseException) as found:  # noqa: PT011  # Hypothesis may group what it found
        _run(browsers, 60, "kesiapan/<str:area>/")
    assert "kesiapan" in repr(found.value) or "kesiapan" in str(getattr(found.value, "__notes__", ""))


@pytest.mark.parametrize("who", ["citra", "eka", "fajar"])
def test_html_in_a_report_is_shown_as_text_and_never_as_markup(browsers: dict[str, Client], who: str) -> None:
    answer = browsers[who].get("/laporan/baru", {"text": "<script>alert(1)</script>"})

    assert b"<script>alert(1)" not in answer.content
