from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "taoanalytics.jobs"
    label = "jobs"
    verbose_name = "Logbook"
