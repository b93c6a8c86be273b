from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gate", "0003_file_sealed_as")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("agency", "publik")),
                fields=["created_at", "area"],
                name="gate_message_public_at",
            ),
        ),
    ]
