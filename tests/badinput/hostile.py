"""What people, spreadsheets, broken phones and attackers really send. Strategies for Hypothesis."""

import io
import json
from typing import Any

import xlsxwriter
from hypothesis import strategies as st

WORDS = (
    *(
        "",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\x00",
        "\ufeff",
        "\u202e",
        "\u200f",
        "\u2066x",
        "\x1b[31m",
        "\x7f",
        "\u0085",
    ),
    *(
        "<script>alert(1)</script>",
        "<b>Ayu</b>",
        "&lt;",
        "'; DROP TABLE places_area; --",
        "{{7*7}}",
        "{% debug %}",
    ),
    *("%s%n", "../../etc/passwd", "=1+1", "@SUM(A1)", "+62812", "null", "None", "NaN", "Infinity", "true"),
    *(
        "0",
        "-1",
        "1.0",
        "1,5",
        "1e9",
        "1E+12",
        "5,10E+12",
        "007",
        "٣",
        "²",
        "½",
        "１２",
        "1_000",
        "0x10",
        "9" * 40,
    ),
    *("51.01", "51.1", "51.01.02.2003", "51.01.02.2003\n", "5101022003001", "510102200300", "51.01.02.9999"),
    *(
        "99.99.99.9999",
        "5101022003901",
        "TPS 7",
        "tps",
        "Desa Baluk",
        "مركز اقتراع",
        "投票所",
        "👩‍🦽🗳️",
        "é" * 3,
    ),
    *(
        "2024-02-14",
        "2024-02-30",
        "2999-12-31T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "2024-02-14T06:10:03+07:00",
    ),
    *("14/02/2024 13.30", "24:00", "-0001-01-01", "a" * 300, "\ud800", "x\udfff"),
)
texts = st.sampled_from(WORDS) | st.text(max_size=60) | st.text(st.characters(codec=None), max_size=20)
numbers = (
    st.sampled_from([0, -1, 1, 999, 1000, 9999, 2**31, 2**63, -(2**63), 10**40])
    | st.integers()
    | st.floats(allow_nan=True, allow_infinity=True)
)
scalars = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


def bodies(*names: str) -> st.SearchStrategy[Any]:
    """Objects with some of these fields, each with anything in it; sometimes no object at all."""
    fields = st.dictionaries(st.sampled_from(names) | texts, values, max_size=len(names))
    return st.one_of(fields, fields, fields, values)


def mutated(valid: bytes) -> st.SearchStrategy[bytes]:
    """Bytes near to valid ones: cut, doubled, with bytes changed."""

    def change(at: int, cut: int, put: bytes) -> bytes:
        start = at % (len(valid) + 1)
        return valid[:start] + put + valid[start + cut :]

    return st.builds(change, st.integers(0, 10**6), st.integers(0, 30), st.binary(max_size=12))


def as_json(value: Any) -> bytes:
    """A value as JSON in which lone surrogates and NaN stay what they are."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1", "utf-32", "shift_jis")
SEPARATORS = (",", ";", "\t", "|", " ")


@st.composite
def tables(draw: st.DrawFn, header: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> bytes:
    """A file near to a table that would be read: some header words, rows and cells are something else."""
    names = [draw(_cell(name, 12)) for name in header]
    if draw(st.integers(0, 9)) == 0:
        names = draw(st.permutations(names))
    lines = [names]
    for row in draw(st.lists(st.sampled_from(rows), max_size=6)):
        cells = [draw(_cell(cell, 4)) for cell in row]
        if draw(st.integers(0, 9)) == 0:
            cells = cells[: draw(st.integers(0, len(cells)))] + draw(st.lists(texts, max_size=2))
        lines.append(cells)
    if draw(st.integers(0, 11)) == 0:
        return _xlsx(lines)
    return _csv(lines, draw(st.sampled_from(SEPARATORS)), draw(st.sampled_from(ENCODINGS)), draw(_endings))


_endings = st.sampled_from(["\n", "\r\n", "\r", "\n\n"])


def _cell(valid: str, one_in: int) -> st.SearchStrategy[str]:
    return st.integers(0, one_in - 1).flatmap(lambda n: texts if n == 0 else st.just(valid))


def _csv(lines: list[list[str]], separator: str, encoding: str, ending: str) -> bytes:
    text = ending.join(separator.join(_quoted(cell, separator) for cell in line) for line in lines)
    return text.encode(encoding, "replace" if encoding not in ("utf-8", "utf-8-sig") else "surrogatepass")


def _quoted(cell: str, separator: str) -> str:
    """Quoted as a good program does it, but only for some of the cells that need it."""
    return f'"{cell}"' if separator in cell and len(cell) % 2 else cell


def _xlsx(lines: list[list[str]]) -> bytes:
    """A workbook as Excel saves it: digits become numbers, so leading zeros and long codes are spoilt."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": True}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell.encode("utf-8", "replace").decode()[:300])
    return buffer.getvalue()
