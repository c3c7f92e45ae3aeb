from django.apps import AppConfig
from django.conf import settings

from taoanalytics.ops.error_reports import start_error_reports


class OpsConfig(AppConfig):
    name = "taoanalytics.ops"
    label = "ops"
    verbose_name = "Engine room"

    def ready(self) -> None:
        from taoanalytics.ops import checks  # noqa: F401  (registers them)

        if settings.SENTRY_DSN:
            start_error_reports(dsn=settings.SENTRY_DSN, release=settings.RELEASE)
