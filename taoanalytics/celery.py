"""The Celery application: the tasks are the same verbs as the commands, behind another door."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import after_task_publish, before_task_publish, setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taoanalytics.settings")


class TaskLines(DjangoStructLogInitStep):
    """Log lines about tasks, with their ids. Those about publishing come from the Django app, in every process."""

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        before_task_publish.disconnect(self.receiver.receiver_before_task_publish)
        after_task_publish.disconnect(self.receiver.receiver_after_task_publish)


app = Celery("taoanalytics")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(TaskLines)
app.autodiscover_tasks()


@setup_logging.connect
def log_as_the_site_does(**_: Any) -> None:
    """Worker and beat write the lines that the web process writes; without this Celery brings its own format."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
