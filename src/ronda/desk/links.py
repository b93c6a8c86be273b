"""Addresses of pages of other contexts; empty where this installation has no such page."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def page(name: str, *args: object) -> str:
    try:
        return reverse(name, args=[str(arg) for arg in args])
    except NoReverseMatch:
        return ""


def list_page(name: str, **wanted: str) -> str:
    """A list with what is asked of it; what is empty is left out."""
    address, query = page(name), urlencode({key: value for key, value in wanted.items() if value})
    return f"{address}?{query}" if address and query else address


def place_page(code: str) -> str:
    return reverse("desk:place", args=[code]) if code else ""


def place_pages(codes: Iterable[str]) -> dict[str, str]:
    """Many at once: the address is looked up one time."""
    before, _code, after = reverse("desk:place", args=["00"]).rpartition("00")
    return {code: f"{before}{code}{after}" for code in codes}


def desk_page(code: str) -> str:
    return reverse("desk:siaga-area", args=[code]) if code else reverse("desk:siaga")
