"""Reports of unexpected errors to Sentry, for those who set SENTRY_DSN; nobody else loads or calls it."""

from typing import Any

from taoanalytics.lib.redaction import redacted


def start_error_reports(*, dsn: str, release: str) -> None:
    """From now on unhandled errors are sent to `dsn`, without values of variables, request bodies or visitors."""
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        release=release,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=_scrubbed,
        before_breadcrumb=_scrubbed,
    )


def _scrubbed(event: Any, hint: Any) -> Any:
    return redacted.structure(event)
