import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0007_answered"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="report",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("files", []), _negated=True),
                fields=["files"],
                name="reports_with_files",
                opclasses=["jsonb_path_ops"],
            ),
        ),
    ]
