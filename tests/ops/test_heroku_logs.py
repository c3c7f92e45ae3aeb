"""Log lines and error reports: readable, attributable, and without a secret whatever put it there."""

import json
import logging
import logging.config
from io import StringIO

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from taoanalytics.lib.redaction import STRUCK, Redactor
from taoanalytics.ops import error_reports, logs

SECRET = 's3cr"t/κey+with\\odd characters'
ENVIRONMENT = {
    "TAO_APP_API_KEY": SECRET,
    "DATABASE_URL": "postgres://writer:hunter2%40home@db.example/tao",
    "CHAIN_ENDPOINTS": "wss://node.example/v1/abcdefghijklmnop,wss://other.example",
    "PORT": "8000",
}


@pytest.fixture
def redactor(monkeypatch):
    redactor = Redactor(ENVIRONMENT)
    monkeypatch.setattr(logs, "redacted", redactor)
    monkeypatch.setattr(error_reports, "redacted", redactor)
    return redactor


@pytest.fixture
def lines(redactor):
    """What the JSON formatter makes of records, one line each."""
    config = logs.logging_config(level="INFO", form="json", file="")
    logging.config.dictConfig({**config, "root": {"level": "INFO"}, "handlers": {}, "loggers": {}})
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    build = config["formatters"]["json"]
    handler.setFormatter(build["()"](**{name: value for name, value in build.items() if name != "()"}))
    logger = logging.getLogger("tao.test")
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()], stream
    logger.removeHandler(handler)


def test_a_line_is_json_with_time_level_logger_and_the_request_it_belongs_to(lines):
    parsed, _ = lines
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        logging.getLogger("tao.test").warning("stored %s of %s", 128, 129)
        structlog.get_logger("tao.test").warning("partial", source="chain")
    words, event = parsed()
    assert (words["event"], words["level"], words["logger"]) == ("stored 128 of 129", "warning", "tao.test")
    assert (event["event"], event["source"]) == ("partial", "chain")
    assert words["request_id"] == event["request_id"] == "r-1"
    assert words["timestamp"].endswith("Z")


def test_a_secret_is_struck_from_message_argument_field_and_traceback(lines):
    parsed, stream = lines
    logger = logging.getLogger("tao.test")
    logger.error("asked with %s", SECRET)
    structlog.get_logger("tao.test").error("asked", key=SECRET, nested={"deep": [SECRET]})
    try:
        raise ValueError(f"401 for https://x.example/?key={SECRET}")
    except ValueError:
        logger.exception("it failed")
    said = stream.getvalue()
    assert len(parsed()) == 3
    for spelling in (SECRET, json.dumps(SECRET)[1:-1]):
        assert spelling not in said
    assert said.count(STRUCK) >= 4
    assert "ValueError" in said


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("GET /x?key=abcdefgh&page=2", "page=2"),
        ("x-cg-demo-api-key: CG-abcdefghijk", "x-cg-demo-api-key"),
        ('{"api_key": "abcdefghijk", "netuid": 7}', '"netuid": 7'),
        ("Authorization: Bearer abcdefghijk.lmn", "Authorization"),
        ("sk-abcdefghijk was refused", "was refused"),
        ("postgres://someone:abcdefghijk@host/name", "host/name"),
        ("wss://node.example/v1/abcdefghijklmnop", "node.example"),
        ("password=abcdefghijk", "password"),
    ],
)
def test_what_looks_like_a_key_is_struck_and_the_rest_stays(redactor, text, kept):
    said = redactor(text)
    assert "abcdefgh" not in said
    assert STRUCK in said
    assert kept in said


@pytest.mark.parametrize(
    "text",
    ["Subnet 64: key figures", "monkey=bananas", "block 9,600,000 of wss://node.example:443", "tokens 12345678"],
)
def test_ordinary_words_stay(redactor, text):
    assert redactor(text) == text


@given(st.text(min_size=6, max_size=60), st.text(max_size=30), st.text(max_size=30))
def test_no_known_secret_survives_in_any_text(secret, before, after):
    said = Redactor({"LLM_API_KEY": secret})(f"{before}{secret}{after}")
    assert secret not in said.replace(STRUCK, "")


def test_a_report_to_sentry_carries_no_secret_anywhere(redactor):
    event = {
        "message": f"401 with {SECRET}",
        "exception": {"values": [{"value": f"key={SECRET}", "stacktrace": {"frames": [{"lineno": 7}]}}]},
        "request": {"query_string": "token=abcdefghijk", "headers": {"Authorization": "Bearer abcdefghijk"}},
        "breadcrumbs": {"values": [{"message": "postgres://writer:hunter2%40home@db.example/tao"}]},
    }
    said = json.dumps(error_reports._scrubbed(event, {}))
    for secret in (json.dumps(SECRET)[1:-1], "abcdefghijk", "hunter2"):
        assert secret not in said
    assert '"lineno": 7' in said


def test_a_log_file_gets_the_same_lines_as_json(tmp_path):
    file = tmp_path / "tao.log"
    handlers = logs.logging_config(level="INFO", form="console", file=str(file))["handlers"]
    assert handlers["file"]["filename"] == str(file)
    assert handlers["file"]["formatter"] == "json"
    assert "file" not in logs.logging_config(level="INFO", form="console", file="")["handlers"]
