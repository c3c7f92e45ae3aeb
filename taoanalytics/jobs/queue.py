"""The queue as somebody at a page needs it: a message in, what waits, who works, each within about a second."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from celery import current_app
from celery.app.control import Control
from django.conf import settings
from kombu import Connection
from kombu.exceptions import ChannelError, KombuError
from redis.exceptions import RedisError

WORKER_SECONDS = 0.7  # a live worker answers within a few hundredths
# A person waits for the answer: one try, and little patience with a broker that takes calls and says nothing.
_IMPATIENT = {"max_retries": 0, "interval_start": 0, "socket_connect_timeout": 0.7, "socket_timeout": 1}
_AWAY = (KombuError, RedisError, OSError)


class QueueAwayError(Exception):
    """The broker does not answer."""


def send(task: Any, arguments: Mapping[str, Any]) -> None:
    """Put a call of the task into its queue. Raises QueueAwayError within about a second."""
    with _connection() as connection:
        task.apply_async(kwargs=dict(arguments), connection=connection, retry=False)


def depths() -> dict[str, int]:
    """{queue: messages that no worker has taken yet}. Raises QueueAwayError."""
    with _connection() as connection:
        return {queue: _depth(connection, queue) for queue in settings.CELERY_TASK_QUEUES}


def workers() -> Sequence[str]:
    """The names of the workers that answer within WORKER_SECONDS. Raises QueueAwayError."""
    control: Any = Control(current_app)
    control.mailbox.producer_pool = None  # the application's own connections are patient, and may be to another broker
    with _connection() as connection:
        answers = control.ping(timeout=WORKER_SECONDS, connection=connection)
    return sorted(name for answer in answers or () for name in answer)


def sent_to_a_worker(task: Any, arguments: Mapping[str, Any]) -> bool:
    """Whether a worker answers and has a call of the task in its queue now; else nothing was sent."""
    try:
        if not workers():
            return False
        send(task, arguments)
    except QueueAwayError:
        return False
    return True


def _depth(connection: Connection, queue: str) -> int:
    try:
        channel: Any = connection.default_channel
        return int(channel.queue_declare(queue=queue, passive=True).message_count)
    except ChannelError:  # Redis has no empty lists
        return 0


@contextmanager
def _connection() -> Iterator[Connection]:
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS | (_IMPATIENT if settings.REDIS_URL else {})
    try:
        with current_app.connection_for_write(settings.CELERY_BROKER_URL, transport_options=options) as connection:
            yield connection
    except _AWAY as problem:
        raise QueueAwayError(type(problem).__name__) from problem
