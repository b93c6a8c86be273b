#!/usr/bin/env python3
"""Make sure other people's programs are here: tools/programs.py khal wrk ...

As root what is missing is installed from Debian's packages, else one sentence says what to install.
"""

import os
import shutil
import subprocess
import sys

# Programs whose Debian package has another name, and one that stands apart from the PATH.
PACKAGES = {
    "bearerbox": "kannel",
    "fakesmsc": "kannel-extras",
    "java": "default-jre-headless",
    "ogr2ogr": "gdal-bin",
}
ELSEWHERE = {"fakesmsc": "/usr/lib/kannel/test/fakesmsc", "bearerbox": "/usr/sbin/bearerbox"}


def main() -> None:
    """Every program named is on the PATH when this returns."""
    wanted = sys.argv[1:]
    missing = absent(wanted)
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"  Installing {', '.join(missing)} …", flush=True)
        install([package(one) for one in missing])
        missing = absent(wanted)
    if missing:
        packages = " ".join(map(package, missing))
        sys.exit(f"This needs {', '.join(missing)}: install it (Debian: apt install {packages}).")


def absent(programs: list[str]) -> list[str]:
    """Those that are not here."""
    return [one for one in programs if not shutil.which(one) and not os.path.exists(ELSEWHERE.get(one, ""))]


def package(program: str) -> str:
    """The Debian package of a program; most have its name."""
    return PACKAGES.get(program, program)


def install(packages: list[str]) -> None:
    """Debian's packages, quietly; what could not be had shows when it is looked for again."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", "-qq", *command], env=environment, stdout=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    main()
