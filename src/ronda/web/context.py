"""What every template finds: the frame, the theme, the language, the banner."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ronda.web.frame import frame_of
from ronda.web.preferences import THEME_COOKIE, THEMES


def drill() -> str:
    """latihan or simulasi where nothing is real; whatever leaves from there must say so. Empty in earnest."""
    return getattr(settings, "DRILL", "") or ("simulasi" if settings.DEMO else "")


def frame(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "frame": SimpleLazyObject(lambda: frame_of(request)),
        "theme": theme if theme in THEMES else "",
        "language": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)[:2],
        "drill": drill(),
        "partial": request.headers.get("HX-Request") == "true",
    }
