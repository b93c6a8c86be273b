from django.db import migrations, models

OUTCOME = models.CharField(
    choices=[
        ("regular", "Reguler"),
        ("recount", "Penghitungan suara ulang"),
        ("late_count", "Penghitungan suara susulan"),
        ("revote", "Pemungutan suara ulang"),
        ("late_vote", "Pemungutan suara susulan"),
        ("continued_vote", "Pemungutan suara lanjutan"),
    ],
    default="regular",
    max_length=16,
)


class Migration(migrations.Migration):
    """How a result came about, and the columns of tables that came before."""

    dependencies = [
        ("results", "0002_failedcheck_since"),
    ]

    operations = [
        migrations.AddField(model_name="sheet", name="outcome", field=OUTCOME),
        migrations.AddField(model_name="recap", name="outcome", field=OUTCOME.clone()),
        migrations.CreateModel(
            name="SheetTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                (
                    "fingerprint",
                    models.CharField(
                        help_text="SHA-256 of the column names, in order", max_length=64, unique=True
                    ),
                ),
                ("columns", models.JSONField(help_text="column of the file to field of the form")),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "results_template"},
        ),
    ]
