"""`ronda devices ...`: the tokens with which phones and gateways send through the gate."""

from __future__ import annotations

from uuid import UUID

import click

from ronda.config.cli import setup_django
from ronda.config.installation import start_database


def _ready() -> None:
    start_database()
    setup_django()


@click.command()
@click.argument("post", type=click.UUID)
@click.argument("label")
@click.option(
    "--days", type=click.IntRange(1, 400), default=60, show_default=True, help="How long it is good."
)
@click.option("--phone", default="", help="Telephone number whose text messages are this device's.")
def add(post: UUID, label: str, days: int, phone: str) -> None:
    """Register a device for POST (an id of `ronda people list`) and print its bearer token, once."""
    _ready()
    from ronda.agencies import selectors
    from ronda.agencies.domain import NumberTaken, legal_date, phone_normal
    from ronda.gate.devices import device_enrol
    from ronda.kernel import clock
    from ronda.kernel.scope import Scope, scoped

    now = clock.now()
    if phone and not phone_normal(phone):
        raise click.ClickException(f"{phone} is no telephone number like +6281234567890.")
    with scoped(Scope.system()):
        holder = selectors.post_held(post, today=legal_date(now))
        if holder is None:
            raise click.ClickException(f"{post} is no post held today; `ronda people list` shows them.")
        try:
            enrolled = device_enrol(post=holder, label=label, days=days, by=None, at=now, phone=phone)
        except NumberTaken:
            raise click.ClickException(f"another device in force has the number {phone}.") from None
    click.echo(f"device {enrolled.device.pk}, for {days} days", err=True)
    click.echo(enrolled.token)


@click.command()
@click.argument("device", type=click.UUID)
@click.argument("address")
def odk(device: UUID, address: str) -> None:
    """Print what ODK Collect or KoboCollect on DEVICE needs: ADDRESS of this site, user, password, settings code."""
    _ready()
    from ronda.agencies import selectors
    from ronda.channels.adapters.collect import settings_code
    from ronda.channels.selectors import form_password
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        found = selectors.device_by_id(device)
    if found is None or found.revoked_at is not None:
        raise click.ClickException(f"{device} is no device in force of this node.")
    server, password = f"{address.rstrip('/')}/openrosa", form_password(device)
    for name, value in (("server", server), ("user", device.hex), ("password", password)):
        click.echo(f"{name:9}{value}")
    click.echo(f"{'settings':9}{settings_code(server=server, user=device.hex, password=password)}")


@click.command()
@click.argument("device", type=click.UUID)
def revoke(device: UUID) -> None:
    """From now on the gate refuses DEVICE."""
    _ready()
    from ronda.agencies import selectors, services
    from ronda.kernel import clock
    from ronda.kernel.scope import Scope, scoped

    with scoped(Scope.system()):
        found = selectors.device_by_id(device)
        if found is None:
            raise click.ClickException(f"{device} is no device of this node.")
        services.device_revoke(device=found, at=clock.now())
    click.echo(f"device {device} is refused from now on")
