"""Papers as PDF/A-2b: a template of ours in typst, plain data in. Texts go in as data and are never read as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import typst


def paper_pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """The paper. RuntimeError when the template gives no document."""
    return cast(bytes, _compiled(template, data, "pdf"))


def paper_images(template: Path, data: Mapping[str, Any]) -> list[bytes]:
    """Its pages as PNG, to look at."""
    made = _compiled(template, data, "png")
    return made if isinstance(made, list) else [made]


def _compiled(template: Path, data: Mapping[str, Any], form: Any) -> bytes | list[bytes]:
    made = typst.compile(
        template.read_bytes(),
        format=form,
        ppi=110,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards="a-2b" if form == "pdf" else [],
        pdf_tags=False,  # three times the size for what is read on paper; tables and pages are read aloud
    )
    if made is None:
        raise RuntimeError(f"{template.name} gave no document")
    return made
