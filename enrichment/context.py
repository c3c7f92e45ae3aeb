"""Looks at what one subnet says of itself beside the chain: website, README, GitHub issues. No tables."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings

from enrichment.extract import Extracted, read_page
from enrichment.github import NoRepository, Repository, is_github, repository_of
from enrichment.plain import cut, lines_of, seen, without_addresses
from enrichment.readme import read_readme, read_restructured
from taoanalytics.lib.text import web_link
from taoanalytics.lib.untrusted import Fetcher, Limits, Page, Refused, Unreachable

KEPT_CHARACTERS = 20_000
"""Of each source, whatever the settings send to a model today."""

LEAST_CHARACTERS = 40
ISSUES = 5
MADE_UP = "a simulated network's addresses are made up: none is visited"
_ISSUE_CHARACTERS = 400
PAGES = ("text/html", "application/xhtml+xml", "text/plain")
_RAW = ("text/plain",)


@dataclass(frozen=True, slots=True)
class Looked:
    """How one look went. `kind` and `status` as `ContextSource` has them; `text` is empty unless something was read.

    `retry_after`: seconds that the host asked for. `heals`: whether a failure may be over soon.
    """

    kind: str
    address: str
    final_address: str = ""
    text: str = ""
    hidden_characters: int = 0
    status: str = "absent"
    reason: str = ""
    retry_after: float | None = None
    heals: bool = True


def fetcher() -> Fetcher:
    """As the settings say; one for a whole run, so that each host's robots.txt is asked for once."""
    pace = settings.CONTEXT_REQUESTS_PER_SECOND
    return Fetcher(
        contact=settings.CONTEXT_CONTACT,
        allowed=settings.CONTEXT_ALLOWED_ADDRESSES,
        seconds_between=1 / pace if pace else 0.0,
    )


def limits() -> Limits:
    return Limits(
        connect_seconds=settings.CONTEXT_CONNECT_SECONDS,
        total_seconds=settings.CONTEXT_TOTAL_SECONDS,
        largest_bytes=settings.CONTEXT_LARGEST_BYTES,
    )


def look_at_website(fetcher: Fetcher, url: str) -> tuple[Looked, Looked]:
    """The website's visible text, and what it says of itself in its head."""
    if not url.strip():
        return _both(url, reason="the chain names no website")
    if is_github(url):
        return _both(url, reason="the website is the repository, whose README is read")
    try:
        page = fetcher.get(link_of(url), types=PAGES, limits=limits())
    except (Refused, Unreachable) as problem:
        return _failed("website", url, problem), _failed("meta", url, problem)
    found = read_page(page.body, page.content_type)
    hidden = found.hidden_characters
    return (
        _found(
            "website",
            url,
            page,
            found.text,
            hidden,
            thin=found.no_page or "the page has next to no text without its scripts",
        ),
        _found("meta", url, page, found.meta, 0, thin=found.no_page or "the page says next to nothing of itself"),
    )


def look_at_readme(fetcher: Fetcher, github: str) -> Looked:
    """The first README that there is: in the folder and branch that the address names, then in the usual ones."""
    repository = _repository("readme", github)
    if isinstance(repository, Looked):
        return repository
    missing: Unreachable | None = None
    for path in repository.readme_paths():
        address = f"{settings.CONTEXT_GITHUB_RAW_URL.rstrip('/')}/{path}"
        try:
            page = fetcher.get(address, types=_RAW, limits=limits(), robots=False)
        except (Refused, Unreachable) as problem:
            if not (isinstance(problem, Unreachable) and problem.status == HTTPStatus.NOT_FOUND):
                return _failed("readme", github, problem)
            missing = problem
            continue
        read: Callable[[str], Extracted] = read_restructured if path.endswith(".rst") else read_readme
        found = read(page.body.decode("utf-8", "replace"))
        return _found(
            "readme", github, page, found.text, found.hidden_characters, thin="the README says next to nothing"
        )
    reason = "no README in its usual places, or no such public repository" if missing else "nothing to look at"
    return Looked("readme", github, reason=reason)


def look_at_issues(fetcher: Fetcher, github: str) -> Looked:
    """The newest open issues of the repository, pull requests left out."""
    repository = _repository("issues", github)
    if isinstance(repository, Looked):
        return repository
    if not repository.name:
        return Looked("issues", github, reason="the address names an account, not a repository")
    root = settings.CONTEXT_GITHUB_API_URL.rstrip("/")
    address = f"{root}/repos/{repository.owner}/{repository.name}/issues?state=open&per_page={4 * ISSUES}"
    try:
        page = fetcher.get(address, types=("application/json",), limits=limits(), robots=False)
        issues = _issues_in(page)
    except Unreachable as problem:
        if problem.status == HTTPStatus.NOT_FOUND:
            return Looked("issues", github, reason="no such public repository, or issues are switched off")
        if problem.status == HTTPStatus.FORBIDDEN:  # how GitHub says that an hour's requests are used up
            problem = Unreachable(problem.reason, heals=True, retry_after=problem.retry_after)
        return _failed("issues", github, problem)
    except Refused as problem:
        return _failed("issues", github, problem)
    if not issues:
        return Looked("issues", github, page.final_address, reason="there are no open issues")
    return _found("issues", github, page, "\n".join(issues), 0, thin="the open issues say next to nothing")


def look_at_identity(description: str, additional: str) -> Looked:
    """What the chain holds; nobody is asked."""
    text, smuggled = identity_text(description, additional)
    if not text:
        return Looked("identity", "", reason="the chain holds no description")
    return Looked("identity", "", text=text, hidden_characters=smuggled, status="fetched")


def identity_text(*parts: str) -> tuple[str, int]:
    """(lines without addresses, how many characters were smuggled in)"""
    text, smuggled = seen("\n".join(parts))
    return cut("\n".join(lines_of(without_addresses(text))), KEPT_CHARACTERS), smuggled


def link_of(value: str) -> str:
    """The address as it is fetched: a bare host is read as https, anything that is no link stays as it is."""
    return web_link(value) or value


def _issues_in(page: Page) -> list[str]:
    """Raises Unreachable for what is no list of issues."""
    entries = None
    with suppress(ValueError, RecursionError):
        entries = json.loads(page.body)
    if not isinstance(entries, list):
        raise Unreachable("GitHub sent no list of issues", heals=True)
    issues = (entry for entry in entries if isinstance(entry, dict) and "pull_request" not in entry)
    texts = (_issue(entry.get("title"), entry.get("body")) for entry in issues)
    return [text for text in texts if text][:ISSUES]


def _issue(title: object, body: object) -> str:
    title = title if isinstance(title, str) else ""
    body = cut(read_readme(body).text, _ISSUE_CHARACTERS) if isinstance(body, str) else ""
    return "\n".join((*lines_of(without_addresses(seen(title)[0])), body)).strip()


def _repository(kind: str, github: str) -> Repository | Looked:
    if not github.strip():
        return Looked(kind, github, reason="the chain names no repository")
    try:
        return repository_of(github)
    except NoRepository as problem:
        return Looked(kind, github, reason=str(problem))


def _found(kind: str, address: str, page: Page, text: str, hidden: int, *, thin: str) -> Looked:
    is_thin = len(text) < LEAST_CHARACTERS
    return Looked(
        kind,
        address,
        page.final_address,
        cut(text, KEPT_CHARACTERS),
        hidden,
        status="thin" if is_thin else "fetched",
        reason=thin if is_thin else "",
    )


def _failed(kind: str, address: str, problem: Refused | Unreachable) -> Looked:
    if isinstance(problem, Refused):
        return Looked(kind, address, status="refused", reason=problem.reason, heals=False)
    if problem.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return Looked(kind, address, reason=problem.reason)
    return Looked(
        kind, address, status="failed", reason=problem.reason, retry_after=problem.retry_after, heals=problem.heals
    )


def _both(url: str, *, reason: str) -> tuple[Looked, Looked]:
    return Looked("website", url, reason=reason), Looked("meta", url, reason=reason)
