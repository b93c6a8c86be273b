from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "ronda.ledger"
    label = "ledger"
    verbose_name = "Ronda ledger"
