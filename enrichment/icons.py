"""Subnets' icons: found where they say, fetched as carefully as any page, and kept as our own small pictures."""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction

from enrichment import context
from enrichment.extract import read_page
from enrichment.github import is_github
from enrichment.models import SubnetIcon
from enrichment.models.context import LOOK_FIELDS
from enrichment.pictures import TYPES, encoded
from enrichment.threads import as_done
from subnets.models import Chain, NetworkSnapshot, Subnet
from taoanalytics.jobs.models import Generation
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.jobs.runs import logged
from taoanalytics.lib import clock
from taoanalytics.lib.untrusted import Fetcher, Refused, Unreachable

logger = logging.getLogger(__name__)

AGAIN = timedelta(days=30)
FIRST_RETRY, LONGEST_RETRY = timedelta(days=1), timedelta(days=60)
MOST_CANDIDATES = 6
_Status = SubnetIcon.Status
_CONTENT_FIELDS = ("content", "digest", "address", "fetched_at")


@dataclass(frozen=True, slots=True)
class _Found:
    """What became of one subnet's icon; `content` is empty unless there is one."""

    content: bytes = b""
    address: str = ""
    status: str = "absent"
    reason: str = "the chain names neither a logo nor a website"


@logged("fetch icons")
def fetch_icons(
    *,
    netuids: Collection[int] | None = None,
    force: bool = False,
    progress: Progress = silent,
    fetcher: Fetcher | None = None,
) -> Report:
    """Look for the icons that are due of the living subnets, or with `force` for all; store each as it arrives.

    A failed look takes no icon away, and the next one waits longer. On a simulated network nothing is visited.
    """
    report = Report()
    if NetworkSnapshot.objects.newest_complete() is None:
        report.note("no subnet is known yet; collect the chain first")
        return report
    subnets = Subnet.objects.current().select_related("icon")
    wanted = list(subnets if netuids is None else subnets.filter(netuid__in=netuids))
    report.seen = len(wanted)
    if Chain.objects.is_simulated():
        report.skipped = len(wanted)
        report.note(context.MADE_UP)
        return report
    now = clock.now()
    due = [subnet for subnet in wanted if force or _is_due(subnet, now)]
    report.skipped = len(wanted) - len(due)
    _fetch(due, fetcher or context.fetcher(), report, progress)
    return report


def _fetch(due: Sequence[Subnet], fetcher: Fetcher, report: Report, progress: Progress) -> None:
    changed = False
    looks = as_done(lambda subnet: _look(subnet, fetcher), due, workers=settings.CONTEXT_CONCURRENCY, stop=fetcher.stop)
    try:
        with closing(looks):
            for done, (subnet, found) in enumerate(looks, 1):
                changed |= _store(subnet, found, report)
                progress(done, len(due), subnet.name)
    finally:
        if changed:
            with transaction.atomic():
                Generation.objects.bump()


def _is_due(subnet: Subnet, now: datetime) -> bool:
    row = getattr(subnet, "icon", None)
    return row is None or row.is_due(now)


# -- the looks, in threads of their own -------------------------------------------------------


def _look(subnet: Subnet, fetcher: Fetcher) -> _Found:
    """The first candidate that is an image; else what was wrong with the likeliest. Touches no database."""
    try:
        first: _Found | None = None
        for tried, address in enumerate(_candidates(subnet, fetcher)):
            found = _try(address, fetcher)
            if found.content:
                return found
            first = first or found
            if tried + 1 == MOST_CANDIDATES:
                break
        return first or _Found()
    except Exception as problem:  # one subnet's page costs no other its icon
        logger.exception("icon of subnet %s", subnet.netuid)
        return _Found(status="failed", reason=f"what was found could not be read: {type(problem).__name__}")


def _candidates(subnet: Subnet, fetcher: Fetcher) -> Iterator[str]:
    said = subnet.identity
    if said is None:
        return
    if said.logo_url.strip():
        yield context.link_of(said.logo_url.strip())
    website = said.url.strip()
    if not website or is_github(website):
        return
    try:
        page = fetcher.get(context.link_of(website), types=context.PAGES, limits=context.limits())
    except (Refused, Unreachable):
        yield urljoin(context.link_of(website), "/favicon.ico")
        return
    named = read_page(page.body, page.content_type).icons
    for href in dict.fromkeys((*named, "/favicon.ico")):
        yield _joined(page.final_address, href)


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return href


def _try(address: str, fetcher: Fetcher) -> _Found:
    try:
        page = fetcher.get(address, types=TYPES, limits=context.limits())
        return _Found(encoded(page.body), page.final_address, "fetched", "")
    except Refused as problem:
        return _Found(address=address, status="refused", reason=problem.reason)
    except Unreachable as problem:
        gone = problem.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
        return _Found(address=address, status="absent" if gone else "failed", reason=problem.reason)
    except ValueError as problem:
        return _Found(address=address, status="refused", reason=str(problem))


# -- what is kept -----------------------------------------------------------------------------


def _store(subnet: Subnet, found: _Found, report: Report) -> bool:
    """Whether the subnet has another icon now."""
    now, failed = clock.now(), found.status != _Status.FETCHED
    row = getattr(subnet, "icon", None) or SubnetIcon(subnet=subnet)
    before = row.digest
    row.note_look(found.status, found.reason, at=now, failed=failed)
    row.next_try_at = now + (row.pause(FIRST_RETRY, LONGEST_RETRY) if failed else AGAIN)
    fields = LOOK_FIELDS
    if found.content:
        row.content, row.address, row.fetched_at = found.content, found.address[:500], now
        row.digest = sha256(found.content).hexdigest()[:16]
        fields = (*LOOK_FIELDS, *_CONTENT_FIELDS)
    SubnetIcon.objects.bulk_create([row], update_conflicts=True, unique_fields=("subnet",), update_fields=fields)
    _count(report, subnet, found, changed=row.digest != before)
    return row.digest != before


def _count(report: Report, subnet: Subnet, found: _Found, *, changed: bool) -> None:
    if found.status == _Status.FAILED:
        report.fail(f"icon of subnet {subnet.netuid}: {found.reason}")
    elif changed:
        report.stored += 1
    else:
        report.skipped += 1
