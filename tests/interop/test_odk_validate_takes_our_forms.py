"""ODK Validate, with the form engine of ODK Collect, takes every form as XForm; pyxform makes one of each XLSForm."""

import shutil
import subprocess
from pathlib import Path

import pytest
import pyxform
from pyxform.xls2xform import convert

from ronda.channels.adapters.questions import Form
from ronda.channels.adapters.xform import xform_made
from ronda.channels.adapters.xlsform import xlsform_write
from ronda.channels.selectors import forms_in
from ronda.channels.tests.conftest import people
from ronda.kernel import clock

pytestmark = [pytest.mark.interop, pytest.mark.django_db]
JAR = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
__all__ = ["people"]  # the fixture


@pytest.fixture
def forms(people: object) -> list[Form]:
    made = forms_in("51.01", may_send=lambda kind: True, at=clock.now())
    assert len(made) > 8
    return made


def judged(path: Path) -> subprocess.CompletedProcess[str]:
    java = shutil.which("java")
    assert java, "java is not installed: run `make test-interop`, which says how to install it"
    command = [java, "-Djava.awt.headless=true", "-jar", str(JAR), str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_form_that_collect_downloads_is_valid(forms: list[Form], tmp_path: Path) -> None:
    for form in forms:
        path = tmp_path / f"{form.id}.xml"
        path.write_bytes(xform_made(form))
        done = judged(path)
        assert done.returncode == 0, f"{form.id}: {done.stdout}{done.stderr}"


def test_every_xlsform_is_converted_cleanly_and_is_valid(forms: list[Form], tmp_path: Path) -> None:
    for form in forms:
        book = tmp_path / f"{form.id}.xlsx"
        xlsform_write(form, book)
        made = convert(book, validate=False)
        path = tmp_path / f"{form.id}.xml"
        path.write_text(made.xform, encoding="utf-8")
        # Originals are wanted whole, so that pyxform's advice to shrink photos is not taken.
        assert not [one for one in made.warnings if "max-pixels" not in one]
        assert f'id="{form.id}"' in made.xform
        assert f'version="{form.version}"' in made.xform
        done = judged(path)
        assert done.returncode == 0, f"{form.id}: {done.stdout}{done.stderr}"


def test_control_a_form_with_a_broken_rule_is_refused(forms: list[Form], tmp_path: Path) -> None:
    path = tmp_path / "rusak.xml"
    path.write_bytes(xform_made(forms[0]).replace(b"string-length(.)", b"string-length(("))

    assert judged(path).returncode != 0
