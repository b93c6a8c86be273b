"""S20: every address answers with the full set of strict headers; no template holds a script, a style or a handler of
its own, or names another origin. The side of the browser stands in tests/field/test_own_origin.py."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver

from ronda.agencies.tests.factories import cast, sign_in
from ronda.web.middleware import HEADERS, SecurityHeaders

SOURCES = Path(__file__).resolve().parents[2] / "src/ronda"
PARTS = {"uuid": "01897a70-7a70-7abc-9def-000000000001", "int": "1", "path": "a.css"}
OWN_POLICY = "Content-Security-Policy"  # an answer that is no page may have a stricter one
STREAM = "/siaga/aliran/"  # never ends
FROM_A_FOLDER = {"plenum/templates/plenum/evidence.html"}  # read from an archive; nothing serves it
FORBIDDEN = {
    "a script of its own": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "a style of its own": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "a handler of its own": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "a source from elsewhere": re.compile(
        r"(?:<(?:script|img|iframe|link|source|audio|video)\b[^>]*\b(?:src|href)|\b(?:action|srcset))\s*=\s*"
        r"[\"']?(?:https?:)?//",
        re.IGNORECASE,
    ),
}


def addresses(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Every address of the site, its parts filled in."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield filled(route)
        else:
            yield from addresses(entry.url_patterns, route)


def filled(route: str) -> str:
    route = re.sub(r"<(?:(\w+):)?\w+>", lambda found: PARTS.get(found[1] or "", "51.01"), route)
    return "/" + re.sub(r"\(\?P<\w+>.*?\)(?=[/$]|$)", "51", route).replace("^", "").replace("$", "")


def lacking(response: HttpResponse) -> list[str]:
    """Names of headers that are not as they should be."""
    wrong = [name for name, value in HEADERS.items() if name != OWN_POLICY and response.get(name) != value]
    policy = response.get(OWN_POLICY, "")
    is_strict = "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    return wrong if is_strict else [*wrong, OWN_POLICY]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["", "nyoman"])
def test_every_address_answers_with_the_full_set_of_headers(client: Client, who: str) -> None:
    client.raise_request_exception = False
    if who:
        sign_in(client, cast()[who])
    asked = [address for address in dict.fromkeys(addresses()) if address != STREAM]

    red = {address: wrong for address in asked if (wrong := lacking(client.get(address)))}

    assert len(asked) > 100
    assert red == {}


def test_control_an_answer_without_the_middleware_is_found() -> None:
    def bare(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    request = HttpRequest()
    assert lacking(SecurityHeaders(bare)(request)) == []  # type: ignore[arg-type]  # a plain answer, no stream
    assert set(lacking(bare(request))) == set(HEADERS)


def found_in(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_no_template_holds_a_script_or_names_another_origin() -> None:
    templates = {str(path.relative_to(SOURCES)): path for path in SOURCES.rglob("templates/**/*.html")}

    red = {name: found for name, path in templates.items() if (found := found_in(path.read_text()))}

    assert len(templates) > 50
    assert set(red) == FROM_A_FOLDER


@pytest.mark.parametrize(
    "planted",
    [
        "<script>alert(1)</script>",
        '<p style="color:red">',
        "<style>p {}</style>",
        '<button onclick="go()">',
        '<img src="https://elsewhere.example/a.png">',
        '<script src="//elsewhere.example/a.js"></script>',
    ],
)
def test_control_what_is_planted_in_a_template_is_found(planted: str) -> None:
    assert found_in(f"<html><body>{planted}</body></html>")
