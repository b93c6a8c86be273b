"""`ronda devices ...`: the tokens with which phones and gateways send through the gate."""

from __future__ import annotations

from datetime import timedelta
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
def add(post: UUID, label: str, days: int) -> None:
    """Register a device for POST (an id of `ronda people list`) and print its bearer token, once."""
    _ready()
    from ronda.agencies import selectors, services
    from ronda.gate.services import device_token
    from ronda.kernel import clock
    from ronda.kernel.keys import node_keys
    from ronda.kernel.scope import Scope, scoped

    now = clock.now()
    with scoped(Scope.system()):
        holder = selectors.post_held(post, today=now.date())
        if holder is None:
            raise click.ClickException(f"{post} is no post held today; `ronda people list` shows them.")
        device = services.device_register(post=holder, label=label, kid=node_keys().kid, at=now)
        token = device_token(
            device=device.pk,
            agency=holder.agency,
            kind=holder.unit.agency.kind,
            area=holder.area,
            person=holder.person_id,
            expires_at=now + timedelta(days=days),
        )
    click.echo(f"device {device.pk}, for {days} days", err=True)
    click.echo(token)


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
