"""What is sent beside the pages: unchanged, small, and of one design."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
SHEETS = ("tokens", "base", "components")
VENDORED = re.findall(r"\| `([^`]+)` \|.*`([0-9a-f]{64})` \|", (STATIC / "vendor/VENDOR.md").read_text())


@pytest.mark.parametrize(("name", "sha256"), VENDORED)
def test_vendored_files_are_what_was_published(name: str, sha256: str) -> None:
    assert hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == sha256


def test_every_vendored_script_is_listed() -> None:
    assert {path.name for path in (STATIC / "vendor").glob("*.js")} == {name for name, _ in VENDORED}


def test_the_style_sheets_are_small() -> None:
    sheets = [(STATIC / f"css/{name}.css").read_bytes() for name in SHEETS]
    assert sum(len(gzip.compress(sheet)) for sheet in sheets) <= 15_000


def test_charts_are_drawn_in_the_colours_of_the_style_sheet() -> None:
    tokens = (STATIC / "css/tokens.css").read_text()
    themes = json.loads((STATIC / "plotly-theme.json").read_text())
    for theme, block in (
        ("light", r":root \{\s*--bg: #fff(.*?)\n  \}"),
        ("dark", r'data-theme="dark"\] \{(.*?)\n  \}'),
    ):
        found = re.search(block, tokens, re.S)
        assert found
        accent, up, down = (re.search(rf"--{name}: (#\w+)", found[1]) for name in ("accent", "up", "down"))
        assert accent
        assert up
        assert down
        assert themes[theme]["layout"]["colorway"][0] == accent[1]
        _, flow_in, flow_out = (bar["marker"]["color"] for bar in themes[theme]["data"]["bar"])
        assert (flow_in, flow_out) == (up[1], down[1])


def test_nothing_is_fetched_from_elsewhere() -> None:
    own = [*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js"), *Path(settings.BASE_DIR).glob("templates/**/*.html")]
    assert not [
        path for path in own if re.search(r"(https?:)?//[a-z]+\.[a-z]+/", path.read_text().replace("www.w3.org", ""))
    ]
