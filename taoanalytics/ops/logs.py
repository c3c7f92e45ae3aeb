"""Log lines: JSON in production, words on a console; with the request or task they belong to, without secrets."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from taoanalytics.lib.redaction import redacted

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,  # request_id, task_id
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# They log whole addresses, requests or database queries below WARNING; keys do not belong in a log.
_QUIET = ("urllib3", "openai", "httpx2", "websockets", "bittensor", "kombu", "amqp")
_SAID_ALREADY = ("celery.app.trace", "celery.worker.strategy")  # by django_structlog, with the task's id


def logging_config(*, level: str, form: str, file: str) -> dict[str, Any]:
    """What `logging.config.dictConfig` takes. `form` is "json" or "console"; `file` is written to as well, unless "".

    Lines of structlog and of the standard library come out alike.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handlers: dict[str, Any] = {"console": {"class": "logging.StreamHandler", "formatter": form}}
    if file:
        handlers["file"] = {"class": "logging.handlers.WatchedFileHandler", "filename": file, "formatter": "json"}
    quiet = max(logging.WARNING, logging.getLevelName(level))
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": _formatter([structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]),
            "console": _formatter([_for_people()]),
        },
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": level},
        "loggers": {
            "django.server": {"handlers": list(handlers), "propagate": False},
            **{name: {"level": quiet} for name in (*_QUIET, *_SAID_ALREADY)},
            # A stranger who asks for another host gets 400 and a request's line, not a traceback of ours each time.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }


def _for_people() -> Processor:
    plain = structlog.dev.plain_traceback  # the rich one shows the values of variables
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)


def _formatter(rendering: list[Processor]) -> dict[str, Any]:
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _SHARED,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering, _without_secrets],
    }


def _without_secrets(logger: Any, method: str, line: str | bytes | MutableMapping[str, Any]) -> str:
    """Last, on the finished line: whatever put a secret there, message, argument or traceback."""
    return redacted(str(line))
