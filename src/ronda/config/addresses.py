"""Finds what a checkout must not name: package registries and folders of one machine."""

from __future__ import annotations

import re
import subprocess

from ronda.config.installation import ROOT

# Written in parts, so that this file does not name them itself.
REGISTRIES = (
    r"pypi\.(?:org|io)",
    r"pythonhosted",
    r"npmjs\.(?:com|org)",
    r"deb\.debian",
    r"registry\.yarnpkg",
)
FOLDERS = (
    r"/(?:wor" + r"k|far" + r"m)/",
    r"/home/(?!ronda\b)[a-z]",
    r"/root/(?!\.\.\.)[a-z.]",
    r"/opt/py" + r"pi",
)
FORBIDDEN = re.compile("|".join((*REGISTRIES, *FOLDERS)))
THIS = "src/ronda/config/addresses.py"


def problems() -> list[str]:
    """Each tracked line that names one."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if name == THIS or not path.is_file():
            continue
        try:
            lines = path.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, 1):
            if match := FORBIDDEN.search(line):
                found.append(f"{name}:{number}: names {match[0]}")
    return found
