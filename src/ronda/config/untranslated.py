"""Finds words for people that have no English, and words in templates that cannot be translated at all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ronda.config.catalogues import SOURCE, BadCatalogueError, catalogues, read_po
from ronda.config.installation import ROOT

PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
SHORTHAND = re.compile(r"""_\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)""")
READ_ALOUD = re.compile(r"""\b(?:title|alt|placeholder|aria-label|aria-description)="([^"{}]*)\"""")
HIDDEN = re.compile(
    r"<(script|style|code|pre|kbd)\b.*?</\1\s*>|<(\w+)[^>]*\btranslate=.no.[^>]*>.*?</\2\s*>", re.S
)
MARKUP = re.compile(r"<!--.*?-->|<[^>]*>|&\w+;|&#\d+;", re.S)
LETTERS = re.compile(r"[^\W\d_]{2,}")
# The same in every language: names, abbreviations, keys.
BODIES = ("Ronda", "Bawaslu", "KPU", "Polri", "TNI", "TPS", "DPT", "WIB", "WITA", "WIT")
SIGNS = ("SIMULASI", "LATIHAN", "Indonesia", "Bahasa", "English", "Enter", "Esc", "Ctrl", "Shift")
FORMATS = ("SHA", "JSON", "CSV", "XLSX", "PDF", "QR", "API", "HTML")
NAMES = frozenset((*BODIES, *SIGNS, *FORMATS))


@dataclass(frozen=True)
class Words:
    """One message and where it stands."""

    text: str
    place: str
    context: str | None = None


def problems() -> list[str]:
    """Every sentence without English, and every template word outside `translate`."""
    known = _translated("en")
    wanted = [*python_words(), *template_words()]
    missing = [w for w in wanted if (w.context, w.text) not in known]
    bare = [f"{w.place}: not translatable: {w.text!r}" for w in bare_words()]
    return sorted({f"{w.place}: no English for {w.text!r}" for w in missing} | set(bare))


def _translated(language: str) -> set[tuple[str | None, str]]:
    """Messages with all their forms, ours and those that Django and its apps bring."""
    files = [po for po in catalogues() if po.parts[-3] == language]
    return {
        (entry.context, entry.msgid)
        for po in files
        for entry in read_po(po)
        if entry.msgid and entry.is_translated
    }


def python_words() -> Iterator[Words]:
    """What the code passes to gettext."""
    for path in sorted(SOURCE.rglob("*.py")):
        if "/tests/" in path.as_posix() or "/migrations/" in path.as_posix():
            continue
        source = path.read_text("utf-8")
        if "gettext" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                yield from _call(node, path)


def _call(node: ast.Call, path: Path) -> Iterator[Words]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    said = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    place = f"{path.relative_to(ROOT)}:{node.lineno}"
    if name in PLAIN and said:
        yield Words(said[0], place)
    elif name in IN_CONTEXT and len(said) > 1:
        yield Words(said[1], place, said[0])


def _templates() -> Iterator[tuple[Path, Any]]:
    from django.template import TemplateSyntaxError, engines

    engine = engines["django"].engine  # type: ignore[attr-defined]  # the backend's own engine
    for path in sorted(SOURCE.glob("*/templates/**/*")):
        if path.suffix in (".html", ".txt", ".xml"):
            try:
                yield path, engine.from_string(path.read_text("utf-8")).nodelist
            except TemplateSyntaxError as problem:
                raise BadCatalogueError(f"{path.relative_to(ROOT)}: {problem}") from problem


def template_words() -> Iterator[Words]:
    """What templates mark with `translate`, `blocktranslate` and `_()`."""
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    for path, nodes in _templates():
        place = str(path.relative_to(ROOT))
        for node in nodes.get_nodes_by_type(TranslateNode):
            text = getattr(node.filter_expression.var, "literal", None)
            if isinstance(text, str) and text:
                yield Words(text, place, _context(node))
        for node in nodes.get_nodes_by_type(BlockTranslateNode):
            text, _ = node.render_token_list(node.singular)
            yield Words(_trimmed(text, node), place, _context(node))
        for match in SHORTHAND.finditer(path.read_text("utf-8")):
            yield Words(ast.literal_eval(match[1]), place)


def _context(node: Any) -> str | None:
    found = node.message_context
    return str(found.var.literal if hasattr(found.var, "literal") else found.var) if found else None


def _trimmed(text: str, node: Any) -> str:
    from django.utils.translation import trim_whitespace

    return trim_whitespace(text) if node.trimmed else text


def bare_words() -> Iterator[Words]:
    """Words between the tags, and in attributes that are read aloud, which no translation can reach."""
    for path, nodes in _templates():
        if path.suffix == ".html":
            place = str(path.relative_to(ROOT))
            yield from (Words(words, place) for words in _outside_markup("\n".join(_texts(nodes))))


def _texts(nodes: Any) -> Iterator[str]:
    """Plain text in its order; blocks named *_class hold names for the style sheet."""
    for node in nodes:
        if hasattr(node, "s"):
            yield node.s
        if not getattr(node, "name", "").endswith("_class"):
            for below in getattr(node, "child_nodelists", ()):
                yield from _texts(getattr(node, below, None) or ())


def _outside_markup(text: str) -> Iterable[str]:
    visible = HIDDEN.sub("", text)
    found = [m[1] for m in READ_ALOUD.finditer(visible)]
    found += MARKUP.sub("\n", visible).splitlines()
    return [words.strip() for words in found if set(LETTERS.findall(words)) - NAMES]
