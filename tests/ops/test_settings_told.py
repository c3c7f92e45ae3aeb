"""Every setting is told of, and nothing is told of that is none: in the README, in the example and on Heroku's form."""

import json
import re
from pathlib import Path

from django.conf import settings

HERE = Path(settings.BASE_DIR)
NOT_OURS_TO_SET = {"HEROKU_SLUG_COMMIT", "SERVES_PAGES"}  # Heroku's, and our own word to ourselves
READ_ELSEWHERE = {"ADMIN_USERNAME", "ADMIN_PASSWORD", "HEROKU_DATABASE_URL"}  # by ensure_admin and manage.py
OF_GUNICORN = {"WEB_CONCURRENCY"}


def told(file: str, pattern: str) -> set[str]:
    return set(re.findall(pattern, (HERE / file).read_text(encoding="utf-8"), re.MULTILINE))


def read() -> set[str]:
    """Names that the settings read from the environment."""
    names = told("taoanalytics/settings.py", r'env\.\w+\(\s*"([A-Z_]+)"')
    assert len(names) > 80
    return names - NOT_OURS_TO_SET | READ_ELSEWHERE


def test_the_readmes_table_tells_of_each_setting_and_of_no_other() -> None:
    rows = told("README.md", r"^\| (`[A-Z].*?) \|")
    assert {name for row in rows for name in re.findall(r"`([A-Z][A-Z_]+)`", row)} == read()


def test_the_example_tells_of_each_setting_and_of_no_other() -> None:
    assert told(".env.example", r"\b[A-Z_]{5,}\b") >= read()
    assert told(".env.example", r"^# ([A-Z_]+)=") <= read()


def test_herokus_form_asks_for_settings_that_there_are() -> None:
    asked = json.loads((HERE / "app.json").read_text(encoding="utf-8"))["env"]
    assert asked.keys() <= read() | OF_GUNICORN
