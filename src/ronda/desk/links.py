"""Addresses of pages of other contexts; empty where this installation has no such page."""

from django.urls import NoReverseMatch, reverse


def page(name: str, *args: object) -> str:
    try:
        return reverse(name, args=[str(arg) for arg in args])
    except NoReverseMatch:
        return ""


def place_page(code: str) -> str:
    return reverse("desk:place", args=[code]) if code else ""


def desk_page(code: str) -> str:
    return reverse("desk:siaga-area", args=[code]) if code else reverse("desk:siaga")
