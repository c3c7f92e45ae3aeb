"""One attempt to put one question to the configured language model.

Whatever becomes of it is an Answer: nothing is raised, for the SDK's exceptions carry the request with the key in it.
Who asks again, and who pays, is decided in `spending`. The SDK is loaded with the first question.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from enrichment.client import LARGEST_REPLY_BYTES, TooLargeError, client
from enrichment.replies import CHAT, RESPONSES, Form, Outcome, Tokens, body, read_reply
from taoanalytics.lib.http import is_loopback
from taoanalytics.lib.redaction import redacted
from taoanalytics.lib.text import clean

OPENAI_HOST = "api.openai.com"
_LONGEST_DETAIL = 300
_QUOTA_CODES = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "quota_exceeded"}
_HEALING = {408, 409, 425, 429}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a model is asked. `read` makes a value of its text or raises ValueError, in words without that text.

    `turn` tells a question that is asked anew on purpose from one that is repeated because no answer came.
    """

    instructions: str
    text: str
    name: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    model: str
    most_tokens: int
    turn: str = ""

    @property
    def key(self) -> str:
        """The same for the same question: a service that honours it answers and bills once."""
        told = [self.model, self.instructions, self.text, self.name, dict(self.schema), self.most_tokens, self.turn]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]

    @property
    def most_input_tokens(self) -> int:
        """No tokenizer makes more tokens of a text than it has bytes; the rest is for what the service adds."""
        texts = (self.instructions, self.text, json.dumps(self.schema))
        return sum(len(text.encode("utf-8", "replace")) for text in texts) + 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How one attempt went. No key, no address and nothing of the SDK is in it.

    `value` is what `Question.read` made of the answer, where the outcome is OK. `tokens` None: unknown, for the service
    did not say or did not come to say it. `heals`: the same question may be answered later, after `retry_after` seconds
    where the service says so. `hopeless`: no question will be answered until somebody mends something.
    """

    outcome: Outcome
    value: Any = None
    detail: str = ""
    tokens: Tokens | None = None
    model_served: str = ""
    request_id: str = ""
    latency_ms: int = 0
    heals: bool = False
    retry_after: float | None = None
    hopeless: bool = False


def host() -> str:
    """Who is asked, with the port where it is named."""
    return urlsplit(settings.LLM_BASE_URL).netloc.rpartition("@")[2]


def is_openai() -> bool:
    return urlsplit(settings.LLM_BASE_URL).hostname == OPENAI_HOST


def available() -> str:
    """Why no model is asked, in words; "" where one is."""
    if not settings.LLM_ENABLED:
        has_key = bool(settings.LLM_API_KEY)
        return "LLM_ENABLED is off" if has_key else "no language model is set up: LLM_API_KEY is not set"
    if reason := wrong_address(settings.LLM_BASE_URL):
        return reason
    if not settings.LLM_MODEL:
        return "LLM_MODEL is not set"
    key = settings.LLM_API_KEY
    if not key and is_openai():
        return "LLM_API_KEY is not set"
    if not key.isascii() or not key.isprintable() or " " in key:
        return "LLM_API_KEY holds characters that no key has; set it anew"
    return ""


def wrong_address(address: str) -> str:
    """What is wrong with a base address, or ""."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return "LLM_BASE_URL is malformed"
    if not parts.hostname or parts.scheme not in ("http", "https"):
        return "LLM_BASE_URL is not an https:// address"
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        return "LLM_BASE_URL is not an https:// address: the key would travel readable"
    return "LLM_BASE_URL holds a login; the key goes into LLM_API_KEY" if parts.username or parts.password else ""


def form() -> Form:
    """How the settings say that the service wants to be asked."""
    return Form(
        api=settings.LLM_API or (RESPONSES if is_openai() else CHAT),
        dialect=settings.LLM_SCHEMA_DIALECT,
        effort=settings.LLM_REASONING_EFFORT,
        at_openai=is_openai(),
    )


def ask(question: Question) -> Answer:
    """One attempt, in any thread. Never raises for anything that service, network or model do."""
    if reason := available():
        return Answer(outcome=Outcome.FAILED, detail=reason, tokens=Tokens(), hopeless=True)
    from openai import APIConnectionError, APIStatusError, OpenAIError

    service = client(settings.LLM_BASE_URL, settings.LLM_API_KEY, settings.LLM_TIMEOUT_SECONDS)
    asked = form()
    sent = body(
        asked,
        model=question.model,
        instructions=question.instructions,
        text=question.text,
        name=question.name,
        schema=question.schema,
        most_tokens=question.most_tokens,
    )
    where = service.responses if asked.api == RESPONSES else service.chat.completions
    start = time.monotonic()

    def took() -> int:
        return round((time.monotonic() - start) * 1000)

    try:
        raw = where.with_raw_response.create(**sent, extra_headers={"Idempotency-Key": question.key})
        text, request_id = raw.text, _request_id(raw.headers)
    except APIStatusError as problem:
        return _refused(problem, took())
    except APIConnectionError as problem:
        return _unreached(problem, took())
    except (OpenAIError, ValueError) as problem:
        said = f"{host()} could not be asked: {type(problem).__name__}"
        return Answer(outcome=Outcome.FAILED, detail=said, latency_ms=took())
    return _read(question, text, asked.api, request_id, took())


def _read(question: Question, text: str, api: str, request_id: str, latency_ms: int) -> Answer:
    reply = read_reply(text, api)
    outcome, detail, value = reply.outcome, _told(reply.detail), None
    if outcome is Outcome.OK:
        try:
            value = question.read(reply.text)
        except ValueError as problem:
            outcome, detail = Outcome.INVALID, _told(str(problem))
    return Answer(
        outcome=outcome,
        value=value,
        detail=detail,
        tokens=reply.tokens,
        model_served=_told(reply.model_served, 128),
        request_id=request_id,
        latency_ms=latency_ms,
        heals=outcome in (Outcome.RATE_LIMITED, Outcome.FAILED),
    )


def _refused(problem: Any, latency_ms: int) -> Answer:
    """A reply with another status than 200. Below 500 nothing was generated, hence nothing is billed."""
    status, code = int(problem.status_code), str(problem.code or problem.type or "")
    outcome, hopeless = Outcome.FAILED, status in (401, 403, 404)
    if code in _QUOTA_CODES or status == 402:
        outcome, hopeless = Outcome.QUOTA_GONE, True
    elif status == 429:
        outcome = Outcome.RATE_LIMITED
    elif code == "content_filter":
        outcome = Outcome.FILTERED
    message = problem.body.get("message") if isinstance(problem.body, Mapping) else None
    detail = f"{host()} answered {status}" + (f": {message}" if isinstance(message, str) else "")
    return Answer(
        outcome=outcome,
        detail=_told(detail if not 300 <= status < 400 else f"{host()} redirects ({status}), which is not followed"),
        tokens=None if status >= 500 else Tokens(),
        request_id=_request_id(problem.response.headers),
        latency_ms=latency_ms,
        heals=not hopeless and (status in _HEALING or status >= 500),
        retry_after=_retry_after(problem.response.headers),
        hopeless=hopeless,
    )


def _unreached(problem: Exception, latency_ms: int) -> Answer:
    """No reply. Where not even a connection came about, nothing was asked; else the service may bill an answer."""
    import httpx2
    from openai import APITimeoutError

    cause: BaseException | None = problem
    causes = []
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__
    never_asked = any(isinstance(each, httpx2.ConnectError | httpx2.ConnectTimeout) for each in causes)
    late = isinstance(problem, APITimeoutError)
    said = "did not answer in time" if late else "could not be reached" if never_asked else "broke off"
    if any(isinstance(each, TooLargeError) for each in causes):
        said = f"sent more than {LARGEST_REPLY_BYTES:,} bytes"
    return Answer(
        outcome=Outcome.TIMEOUT if late else Outcome.FAILED,
        detail=f"{host()} {said}",
        tokens=Tokens() if never_asked else None,
        latency_ms=latency_ms,
        heals=True,
    )


def _told(text: str, limit: int = _LONGEST_DETAIL) -> str:
    """What a service says, fit to be kept. Some repeat the key that they refuse."""
    key = settings.LLM_API_KEY
    return clean(" ".join(redacted(text.replace(key, "…") if key else text).split()), limit)


def _request_id(headers: Mapping[str, str]) -> str:
    return _told(headers.get("x-request-id", ""), 128)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, where the service names a number; a date is too seldom to be worth reading."""
    for name, per_second in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers.get(name, "")) / per_second
        except ValueError:
            continue
        if seconds >= 0:  # NaN is not
            return seconds
    return None
