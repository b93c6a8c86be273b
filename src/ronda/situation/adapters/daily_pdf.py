"""The daily report as PDF for paper: our template, plain data in."""

from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ronda.situation.domain import Daily, Figure, Table
from ronda.web.numbers import number_words, signed_words
from ronda.web.paper import paper_images, paper_pdf

TEMPLATE = Path(__file__).resolve().parents[1] / "typst" / "daily.typ"


def daily_pdf(daily: Daily, *, warning: str = "") -> bytes:
    """PDF/A-2b. Texts go in as data and are never read as markup."""
    return paper_pdf(TEMPLATE, _data(daily, warning))


def daily_images(daily: Daily) -> list[bytes]:
    """The pages as PNG, to look at."""
    return paper_images(TEMPLATE, _data(daily, ""))


def _data(daily: Daily, warning: str) -> dict[str, Any]:
    return {
        "lang": "en" if (get_language() or "id").startswith("en") else "id",
        "title": daily.title,
        "place": daily.place,
        "day": daily.day,
        "moment": daily.moment,
        "compared": daily.compared,
        "source": daily.source,
        "warning": warning,
        "page": _("Halaman"),
        "of": _("dari"),
        "sections": [
            {
                "title": section.title,
                "sentences": [{**_figure(one.figure), "words": one.words} for one in section.sentences],
                "tables": [_table(table) for table in section.tables],
            }
            for section in daily.sections
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "first": table.first,
        "heads": list(table.heads),
        "rows": [{"name": row.name, "cells": [_figure(cell) for cell in row.cells]} for row in table.rows],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "value": number_words(figure.value),
        "change": signed_words(figure.change) if figure.change else "",
        "late": figure.is_loud,
    }
