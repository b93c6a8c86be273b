from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="eventrow",
            index=models.Index(fields=["agency", "-created_at"], name="kernel_event_agency"),
        ),
    ]
