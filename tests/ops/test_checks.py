import subprocess
import sys

import pytest
from django.conf import settings as live_settings

from taoanalytics.ops import checks

PRODUCTION = {
    "SECRET_KEY": "x7" * 30 + "abcdefghij",
    "DYNO": "web.1",
    "ALLOWED_HOSTS": "tao.example",
    "DATABASE_URL": "postgres://u:p@127.0.0.1:5432/x",
    "REDIS_URL": "redis://127.0.0.1:6379/15",
    "HSTS_SECONDS": "31536000",
    "HSTS_ALL": "true",
}


def check_deploy(environment: dict[str, str], tmp_path) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    env = {"PATH": "/usr/bin:/bin", "VAR_DIR": str(tmp_path)} | environment
    return subprocess.run(command, env=env, cwd=live_settings.BASE_DIR, capture_output=True, text=True, check=False)


def test_production_settings_pass_the_deployment_check_without_a_warning(tmp_path):
    result = check_deploy(PRODUCTION, tmp_path)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"SECRET_KEY": ""}, "tao.E001"),
        ({"DATABASE_URL": "sqlite:///x.sqlite3"}, "tao.E004"),
        ({"REDIS_URL": ""}, "tao.W001"),
        ({"TAO_SCORE_VERSION": "tao-score-9"}, "tao.E005"),
        ({"CHAIN_ENDPOINTS": "https://example.com"}, "tao.E003"),
    ],
)
def test_each_mistake_has_a_number_and_a_hint(tmp_path, change, complaint):
    result = check_deploy(PRODUCTION | change, tmp_path)
    assert result.returncode == 1
    assert complaint in result.stderr
    assert "HINT" in result.stderr


def test_a_time_zone_other_than_utc_is_an_error(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    assert [problem.id for problem in checks.time_zone_is_utc(None)] == ["tao.E002"]
