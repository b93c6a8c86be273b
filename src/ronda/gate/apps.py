from django.apps import AppConfig

PARTS_EVERY_S = 3600.0


class GateConfig(AppConfig):
    name = "ronda.gate"
    label = "gate"
    verbose_name = "Ronda gate"

    def ready(self) -> None:
        """The worker also cleans up after senders that never finished a file."""
        from ronda.gate import consumers
        from ronda.gate.tasks import parts_clean

        consumers.register_round("abandoned parts of files", parts_clean, every_s=PARTS_EVERY_S)
