"""Every file that results leave as, by its name: one table for the command line and for the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import slugify

from ronda.results.adapters.area_results import area_results
from ronda.results.adapters.checksheet import CheckSheet, check_sheet
from ronda.results.adapters.checksheet_pdf import sheet_pdf
from ronda.results.adapters.nist import nist_json
from ronda.results.adapters.tidy import tidy_zip
from ronda.results.adapters.workbooks import area_xlsx, sheet_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file is about and when it is made."""

    election: str
    contest: str
    area: str
    at: datetime
    issuer: str = "Ronda"
    district: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file. `make` gives None where there is nothing to write."""

    name: str
    content_type: str
    make: Callable[[Wanted], bytes | None]
    for_district: bool = False

    def file_name(self, wanted: Wanted) -> str:
        stem, _dot, suffix = self.name.partition(".")
        parts = (stem, wanted.election, wanted.contest, wanted.area or "nasional", slugify(wanted.district))
        return f"{'-'.join(filter(None, parts))}.{suffix}"


def _tidy(wanted: Wanted) -> bytes:
    return tidy_zip(area_results(wanted.election, wanted.contest, wanted.area, at=wanted.at))


def _nist(wanted: Wanted) -> bytes:
    results = area_results(wanted.election, wanted.contest, wanted.area, at=wanted.at)
    return nist_json(results, issuer=wanted.issuer)


def _xlsx(wanted: Wanted) -> bytes:
    return area_xlsx(area_results(wanted.election, wanted.contest, wanted.area, at=wanted.at))


def _sheet(wanted: Wanted) -> CheckSheet | None:
    return check_sheet(wanted.election, wanted.contest, wanted.area, at=wanted.at, list_=wanted.district)


def _sheet_pdf(wanted: Wanted) -> bytes | None:
    sheet = _sheet(wanted)
    return sheet_pdf(sheet) if sheet else None


def _sheet_xlsx(wanted: Wanted) -> bytes | None:
    sheet = _sheet(wanted)
    return sheet_xlsx(sheet) if sheet else None


TIDY = Form("hasil.zip", "application/zip", _tidy)
NIST = Form("hasil.json", "application/json", _nist)
WORKBOOK = Form("hasil.xlsx", XLSX, _xlsx)
SHEET_PDF = Form("lembar-periksa.pdf", "application/pdf", _sheet_pdf, for_district=True)
SHEET_XLSX = Form("lembar-periksa.xlsx", XLSX, _sheet_xlsx, for_district=True)
FORMS = {form.name: form for form in (TIDY, NIST, WORKBOOK, SHEET_PDF, SHEET_XLSX)}
