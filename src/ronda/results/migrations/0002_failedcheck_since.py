from django.db import migrations, models


class Migration(migrations.Migration):
    """Checks made before this are taken to have failed when they were last made; the next count makes them anew."""

    dependencies = [
        ("results", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="failedcheck",
            name="since",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL("UPDATE results_failed_check SET since = created_at", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="failedcheck",
            name="since",
            field=models.DateTimeField(help_text="when the latest copy that is compared came"),
        ),
    ]
