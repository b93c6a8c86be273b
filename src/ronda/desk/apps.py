from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "ronda.desk"
    label = "desk"
    verbose_name = "Ronda desk"

    def ready(self) -> None:
        from ronda.desk.surround import install

        install()
