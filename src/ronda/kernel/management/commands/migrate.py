"""`migrate`, then the guard, the row policies and the grants: tables never exist without them."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections, transaction

from ronda.kernel.keys import node_keys
from ronda.kernel.policies import guard_key_set, policies_apply


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        options["database"] = "owner"
        super().handle(*args, **options)
        connection = connections["owner"]
        with transaction.atomic(using="owner"):
            guarded = policies_apply(connection)
            keys = node_keys()
            guard_key_set(connection, key_id=1, key=keys.scope)
        if options.get("verbosity", 1):
            self.stdout.write(f"Row policies made for {guarded} tables.")
