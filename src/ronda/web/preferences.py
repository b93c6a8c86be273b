"""How a person likes the pages: light or dark, Indonesian or English. Kept in cookies, read by the server."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

THEME_COOKIE, LANGUAGE_COOKIE = "ronda_tema", "ronda_bahasa"
THEMES = ("light", "dark")
YEAR_S = 365 * 24 * 3600


@csrf_exempt  # it gives no right, and a token would leave a cookie on every public page
@require_POST
def preference_set(request: HttpRequest) -> HttpResponseBase:
    """Keep a choice and go back to where it was made; an empty theme follows the system again."""
    answer = HttpResponse(status=204) if _wants_nothing(request) else HttpResponseRedirect(_back(request))
    theme, language = request.POST.get("theme"), request.POST.get("language")
    if theme in THEMES:
        _keep(answer, THEME_COOKIE, theme)
    elif theme == "":
        answer.delete_cookie(THEME_COOKIE)
    if language in dict(settings.LANGUAGES):
        _keep(answer, LANGUAGE_COOKIE, language)
    return answer


def _wants_nothing(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.headers.get("Referer") or "/"
    allowed = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if allowed else "/"


def _keep(answer: HttpResponseBase, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=YEAR_S, secure=settings.HTTPS, httponly=False, samesite="Lax")
