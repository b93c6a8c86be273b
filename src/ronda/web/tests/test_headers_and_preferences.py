import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from ronda.web.middleware import HEADERS, ChosenLanguage, SecurityHeaders
from ronda.web.preferences import LANGUAGE_COOKIE, THEME_COOKIE, preference_set


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def test_every_answer_carries_the_strict_headers() -> None:
    response = SecurityHeaders(answer)(RequestFactory().get("/siaga"))
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy


def test_pages_are_not_kept_by_others() -> None:
    assert "private" in SecurityHeaders(answer)(RequestFactory().get("/siaga")).headers["Cache-Control"]


@pytest.mark.parametrize(("cookie", "language"), [("", "id"), ("en", "en"), ("xx", "id")])
def test_the_language_is_indonesian_unless_chosen_whatever_the_browser_says(
    cookie: str, language: str
) -> None:
    request = RequestFactory().get("/", headers={"accept-language": "en-GB,en;q=0.9"})
    if cookie:
        request.COOKIES[LANGUAGE_COOKIE] = cookie
    assert ChosenLanguage(answer)(request).headers["Content-Language"] == language


def test_a_theme_is_kept_in_a_cookie_and_an_unknown_one_is_not() -> None:
    kept = preference_set(RequestFactory().post("/tampilan", {"theme": "dark", "next": "/siaga"}))
    assert kept.status_code == 302
    assert kept.cookies[THEME_COOKIE].value == "dark"
    assert THEME_COOKIE not in preference_set(RequestFactory().post("/tampilan", {"theme": "pink"})).cookies


def test_the_way_back_never_leads_to_another_site() -> None:
    away = preference_set(RequestFactory().post("/tampilan", {"language": "en", "next": "//evil.example/x"}))
    assert away["Location"] == "/"


def test_a_script_that_asks_gets_no_page_back() -> None:
    request = RequestFactory().post("/tampilan", {"theme": "light"}, headers={"x-requested-with": "fetch"})
    assert preference_set(request).status_code == 204


@override_settings(HTTPS=True)
def test_cookies_are_secure_behind_https() -> None:
    kept = preference_set(RequestFactory().post("/tampilan", {"theme": "dark"}))
    assert kept.cookies[THEME_COOKIE]["secure"]
