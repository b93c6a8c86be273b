"""The house rules a program can check: data classes, forbidden data, direction of knowledge, names of files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps

from ronda.law.mandates import mandates

SOURCE = Path(__file__).resolve().parents[2] / "src" / "ronda"
ORDER = (
    "kernel", "web", "agencies", "places", "elections", "ledger", "gate", "reports", "incidents", "results",
    "readiness", "entry", "plenum", "publishing", "desk", "portal", "field",
    "channels",
)  # fmt: skip
SAME_STAGE = ({"incidents", "results", "readiness"}, {"desk", "portal", "publishing", "field"})
OPEN = {"kernel", "web", "law", "methods"}
PUBLIC_PARTS = {"services", "selectors", "events", "domain", "access", "stepup", "papers"}
VOCABULARY = {
    "domain", "events", "models", "adapters", "selectors", "services", "forms", "views", "tasks", "subscribers", "urls",
    "apps", "api", "templates", "static", "tests", "migrations", "locale", "__init__", "assets", "templatetags",
    "management", "middleware", "admin",
}  # fmt: skip
CONTEXTS = tuple(name for name in ORDER if name not in OPEN)
FORBIDDEN = re.compile(
    r"\b(nik|no_kk|kartu_keluarga|family_card|religion|agama|ethnicity|suku|party_leaning|stance|follower)\b",
    re.I,
)


def our_models() -> Iterator[Any]:
    for model in apps.get_models():
        if model.__module__.startswith("ronda."):
            yield model


def test_every_field_carries_a_data_class():
    wrong = []
    for model in our_models():
        info = model.Ronda
        names = {field.name for field in model._meta.get_fields() if field.concrete}
        wrong += [f"{model._meta.label}.{name}" for name in info.field_classes if name not in names]
        classes = [info.default_class, *info.field_classes.values()]
        wrong += [model._meta.label] if not set(classes) <= {0, 1, 2, 3, 4} else []
    assert not wrong


def test_no_field_holds_what_is_never_stored():
    found = [
        f"{m._meta.label}.{f.name}"
        for m in our_models()
        for f in m._meta.get_fields()
        if FORBIDDEN.search(f.name)
    ]
    assert not found


def test_no_template_or_interface_asks_for_what_is_never_stored():
    asks = re.compile(r"name=[\"']?(nik|agama|religion|suku|ethnicity|no_kk)\b", re.I)
    files = [*SOURCE.rglob("*.html"), *SOURCE.rglob("api.py"), *SOURCE.rglob("forms.py")]
    assert not [
        str(path.relative_to(SOURCE)) for path in files if asks.search(path.read_text(encoding="utf-8"))
    ]


def test_foreign_keys_point_to_earlier_stages_only():
    wrong = []
    for model in our_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.concrete and target and target.__module__.startswith("ronda."):
                here, there = (ORDER.index(m._meta.app_label) for m in (model, target))
                if there > here or _siblings(ORDER[here], ORDER[there]):
                    wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert not wrong


def test_contexts_reach_each_other_only_through_their_public_parts():
    wrong = []
    for context in CONTEXTS:
        for path in (SOURCE / context).rglob("*.py"):
            if "tests" in path.parts or "migrations" in path.parts:
                continue
            for target in _imports(path):
                parts = target.split(".")
                is_foreign = len(parts) > 2 and parts[0] == "ronda" and parts[1] in set(CONTEXTS) - {context}
                if is_foreign and parts[2] not in PUBLIC_PARTS | {"consumers"}:
                    wrong.append(f"{path.relative_to(SOURCE)} imports {target}")
    assert not wrong, "\n".join(wrong)


def test_views_take_objects_through_selectors():
    wrong = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("views*.py")
        if re.search(r"\.objects\.|\*\*request\.(GET|POST)", path.read_text(encoding="utf-8"))
    ]
    assert not wrong


def test_no_file_is_called_utils_or_the_like():
    names = {"utils", "helpers", "common", "misc"}
    assert not [str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*") if path.stem in names]


def test_every_mandate_belongs_to_a_table():
    from ronda.kernel.policies import guarded_tables

    assert not set(mandates().records) - {table.record for table in guarded_tables()}


def test_police_have_no_way_to_vote_counts():
    """STR/404/VI/OPS.1.3/2018: police do not record or document the result of the count."""
    law = mandates()
    counts = [name for name in law.records if name.split("_")[0] in ("sheet", "recap", "result", "tally")]
    reached = [
        (name, action)
        for name in counts
        for action in ("read", "add", "change")
        if "polri" in law.reach(name, action)
    ]
    assert counts
    assert not reached


def test_every_context_says_what_it_takes_gives_and_never_does():
    for context in (*CONTEXTS, "kernel"):
        text = (
            ast.get_docstring(ast.parse((SOURCE / context / "__init__.py").read_text(encoding="utf-8"))) or ""
        )
        assert all(word in text for word in ("Takes", "ives", "ever")), f"{context}/__init__.py: {text!r}"


def _siblings(one: str, other: str) -> bool:
    return one != other and any({one, other} <= stage for stage in SAME_STAGE)


def _imports(path: Path) -> Iterator[str]:
    """Modules imported at run time; what stands under TYPE_CHECKING does not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
