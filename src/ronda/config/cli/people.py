"""`ronda people ...`: units, invitations and posts from the operator's console."""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from ronda.config.cli import setup_django
from ronda.config.cli.importing import import_options, proceed, rejects_path, stop
from ronda.config.installation import start_database

if TYPE_CHECKING:
    from ronda.agencies.models import Unit

AREA = "Area code such as 51.01; leave it out for the whole country."
BASE = "Address of this installation, for the links."
KINDS = [
    "bawaslu",
    "kpu",
    "polri",
    "tni",
    "kejaksaan",
    "kesbangpol",
    "satpolpp",
    "bpbd",
    "kominfo",
    "partai",
    "pemantau",
]
ROLES = ["officer", "duty", "head", "admin", "custodian", "witness", "observer"]


def _ready() -> datetime:
    start_database()
    setup_django()
    from ronda.kernel import clock

    return clock.now()


@click.command("unit")
@click.argument("agency")
@click.argument("name")
@click.option("--area", default="", help=AREA)
@click.option("--kind", type=click.Choice(KINDS), help="What the agency is; needed for a new one.")
@click.option("--agency-name", default="", help="Its name; needed for a new one.")
@click.option("--duty-phone", default="", help="Number of its duty room, which the field calls.")
def unit(agency: str, name: str, area: str, kind: str | None, agency_name: str, duty_phone: str) -> None:
    """Add the unit NAME of AGENCY (a code such as bawaslu or partai-02)."""
    at = _ready()
    from ronda.agencies import selectors, services
    from ronda.kernel.areas import is_code
    from ronda.kernel.scope import Scope, scoped

    if not is_code(area):
        raise click.BadParameter(
            "an area code looks like 51, 51.01, 51.01.02 or 51.01.02.2003", param_hint="--area"
        )
    with scoped(Scope.system()):
        known = selectors.agency_for(agency)
        if known is None and not (kind and agency_name):
            stop(f"There is no agency {agency!r} yet: name it with --kind and --agency-name.")
        body = known or services.agency_open(code=agency, kind=str(kind), name=agency_name)
        made = services.unit_open(agency=body, area=area, name=name, kind="unit")
        if duty_phone:
            try:
                services.duty_number_set(unit=made, number=duty_phone, by=None, at=at)
            except ValueError as problem:
                raise click.BadParameter(str(problem), param_hint="--duty-phone") from problem
    click.echo(f"{made.name} · {agency} · {made.area or 'whole country'}")


@click.command("appoint")
@click.argument("name")
@click.argument("email")
@click.option("--agency", required=True, help="Code of the agency, such as bawaslu.")
@click.option("--area", default="", help=AREA)
@click.option(
    "--role", type=click.Choice(ROLES), default="officer", show_default=True, help="What the post does."
)
@click.option("--base", default="http://localhost:8000", show_default=True, help=BASE)
def appoint(name: str, email: str, agency: str, area: str, role: str, base: str) -> None:
    """Invite NAME with EMAIL to a post, and print the link. The first administrator comes in this way."""
    at = _ready()
    from ronda.agencies import services
    from ronda.agencies.services.invitations import Invitee
    from ronda.kernel.scope import Scope, scoped

    email = _address(email)
    with scoped(Scope.system()):
        where = _unit(agency, area)
        _invitation, token = services.invitation_issue(
            unit=where, role=role, invitee=Invitee(name=name, email=email), by=None, at=at
        )
    click.echo(_link(base, token))


@click.command("invite")
@import_options
@click.option("--agency", default="", help="Agency of rows that name none.")
@click.option("--base", default="http://localhost:8000", show_default=True, help=BASE)
def invite(file: Path, dry_run: bool, skip_bad: bool, rejects: Path | None, agency: str, base: str) -> None:
    """Invite everybody in FILE (nama, surel, peran, wilayah; also unit, instansi, berakhir) and print the links.

    Each link works once, for one person, for seven days, and is not stored: keep the output.
    """
    at = _ready()
    from ronda.agencies import services
    from ronda.agencies.adapters import invitees_read
    from ronda.kernel.imports import ImportRefused
    from ronda.kernel.scope import Scope, scoped

    refused = rejects_path(file, skip_bad=skip_bad, rejects=rejects)
    try:
        checked = invitees_read(file, rejects=None if dry_run else refused)
    except ImportRefused as problem:
        stop(str(problem))
    if not proceed(checked, dry_run=dry_run, rejects=refused):
        return
    with scoped(Scope.system()):
        issued, errors = services.invitations_issue(rows=checked.items, agency=agency, by=None, at=at)
    for error in errors:
        click.echo(f"{file.name}:{error.row}: {error.column}: {error.wanted}; {error.came}", err=True)
    if errors:
        stop("Nobody was invited.")
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("nama", "surel", "peran", "wilayah", "tautan"))
    for one in issued:
        table.writerow((one.row.name, one.row.email, one.row.role, one.row.area, _link(base, one.token)))


@click.command("list")
@click.option("--agency", required=True, help="Code of the agency, such as bawaslu.")
@click.option("--area", default="", help=AREA)
def list_posts(agency: str, area: str) -> None:
    """Posts of an agency: id, role, from, to, unit. Names stay in the application."""
    _ready()
    from ronda.agencies import selectors
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        for post in selectors.post_list(agency=agency, area=area):
            until = post.ends_on.isoformat() if post.ends_on else "-"
            click.echo(f"{post.pk}  {post.role:<10} {post.starts_on}  {until:<10}  {post.unit.name}")


@click.command("end")
@click.argument("post", type=click.UUID)
def end(post: UUID) -> None:
    """End a post now; its rights are gone from the next request on."""
    at = _ready()
    from ronda.agencies import selectors, services
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        found = selectors.post_for(post)
        if found is None:
            stop(f"There is no post {post}.")
        services.post_end(post=found, by=None, at=at)
    click.echo(f"{post} ended.")


@click.command("renew")
@click.argument("post", type=click.UUID)
@click.argument("email")
@click.option("--base", default="http://localhost:8000", show_default=True, help=BASE)
def renew(post: UUID, email: str, base: str) -> None:
    """Print a link by which the holder of POST gets in again after losing passkey and password."""
    at = _ready()
    from ronda.agencies import selectors, services
    from ronda.agencies.services.invitations import Invitee
    from ronda.kernel.scope import Scope, scoped

    email = _address(email)
    with scoped(Scope.system()):
        found = selectors.post_for(post)
        if found is None:
            stop(f"There is no post {post}.")
        invitee = Invitee(name=found.display_name, email=email, renews=found.person_id)
        _invitation, token = services.invitation_issue(
            unit=found.unit, role=found.role, invitee=invitee, by=None, at=at
        )
    click.echo(_link(base, token))


def _address(came: str) -> str:
    """The e-mail address, checked as that of a table of people is."""
    from ronda.agencies.adapters import email_read

    address = email_read(came)
    if address is None:
        raise click.BadParameter(f"wanted an e-mail address, came {came!r}", param_hint="EMAIL")
    return address


def _unit(agency: str, area: str) -> Unit:
    from ronda.agencies import selectors

    found = [one for one in selectors.unit_list(agency=agency, area=area) if one.area == area]
    if len(found) != 1:
        stop(
            f"{agency} has {len(found)} units at {area or 'the whole country'}; add one with `ronda people unit`."
        )
    return found[0]


def _link(base: str, token: str) -> str:
    from django.urls import reverse

    return f"{base.rstrip('/')}{reverse('agencies:invitation-accept', args=[token])}"
