"""Translations are compiled as the gettext programs would, and what has none is found."""

import gettext
import io
from pathlib import Path

import pytest
from django.template import engines

from ronda.config.catalogues import BadCatalogueError, mo_bytes, read_po
from ronda.config.untranslated import _outside_markup, _texts

PO = r"""
# A heading.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: somewhere.py:1
msgid "Laporan \"baru\""
msgstr "New "
"report\n"

msgctxt "month"
msgid "Mei"
msgstr "May"

msgid "%(n)s laporan"
msgid_plural "%(n)s laporan-laporan"
msgstr[0] "%(n)s report"
msgstr[1] "%(n)s reports"

#, fuzzy
msgid "Kira-kira"
msgstr "Perhaps"

msgid "Kosong"
msgstr ""

#~ msgid "Dulu"
#~ msgstr "Formerly"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "django.po"
    path.write_text(PO, "utf-8")
    return path


def test_reads_as_python_reads_a_compiled_catalogue(catalogue: Path) -> None:
    found = gettext.GNUTranslations(io.BytesIO(mo_bytes(read_po(catalogue))))
    assert found.gettext('Laporan "baru"') == "New report\n"
    assert found.pgettext("month", "Mei") == "May"
    assert found.gettext("Mei") == "Mei"
    assert [found.ngettext("%(n)s laporan", "", n) for n in (1, 2)] == ["%(n)s report", "%(n)s reports"]


def test_leaves_out_what_is_fuzzy_empty_or_obsolete(catalogue: Path) -> None:
    entries = {entry.msgid: entry for entry in read_po(catalogue)}
    assert not entries["Kira-kira"].is_translated
    assert not entries["Kosong"].is_translated
    assert "Dulu" not in entries
    found = gettext.GNUTranslations(io.BytesIO(mo_bytes(list(entries.values()))))
    assert [found.gettext(w) for w in ("Kira-kira", "Kosong")] == ["Kira-kira", "Kosong"]


def test_names_file_and_line_of_what_it_cannot_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ronda.config.catalogues.ROOT", tmp_path)
    path = tmp_path / "bad.po"
    path.write_text('msgid "a"\nmsgstr "b\n', "utf-8")
    with pytest.raises(BadCatalogueError, match=r"bad\.po:2"):
        read_po(path)


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Laporan baru</p>", ["Laporan baru"]),
        ("{% if x %}<b>Terlambat</b>{% endif %}", ["Terlambat"]),
        ('<input placeholder="Cari desa">', ["Cari desa"]),
        ('<a href="/laporan" class="btn">{{ title }}</a> · Ronda', []),
        ("{% block main_class %}wide page{% endblock %}<p>2 %</p>", []),
        ('{% load i18n %}<p title="{% translate "Ya" %}">{% translate "Ya" %}</p>', []),
        ("<kbd>j</kbd><code>ronda db</code><span translate='no'>Siaga satu</span>&nbsp;", []),
        ('<div class="{% if x %}is on{% else %}is off{% endif %}"></div>', []),
    ],
)
def test_finds_words_that_no_translation_can_reach(template: str, found: list[str]) -> None:
    nodes = engines["django"].engine.from_string(template).nodelist  # type: ignore[attr-defined]
    assert _outside_markup("\n".join(_texts(nodes))) == found
