"""Bring what subnets say of themselves up to date, and hand it out as the material that they are judged by."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects

from enrichment import context
from enrichment.context import Looked
from enrichment.github import is_github
from enrichment.material import Material, SourceText
from enrichment.models import ContextSource
from enrichment.models.context import LOOK_FIELDS
from enrichment.plain import cut
from enrichment.threads import as_done
from subnets.models import Chain, Subnet
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.lib import clock
from taoanalytics.lib.untrusted import Fetcher

logger = logging.getLogger(__name__)

FIRST_RETRY, LONGEST_RETRY = timedelta(hours=1), timedelta(days=30)
_Kind, _Status = ContextSource.Kind, ContextSource.Status
_OTHERS_CHARACTERS, _ISSUES_CHARACTERS = 1000, 2000
_TEXT_FIELDS = ("final_address", "text", "digest", "hidden_characters", "fetched_at")


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be looked at of one subnet; `kept`: characters of the texts that need no new look."""

    subnet: Subnet
    addresses: dict[str, str]
    due: frozenset[str]
    kept: int
    rows: dict[str, ContextSource] = field(default_factory=dict)


def gather(
    *, subnets: Sequence[Subnet], force: bool = False, progress: Progress = silent, fetcher: Fetcher | None = None
) -> Report:
    """Look at every source that is due of these subnets, or with `force` at all, and store each as it arrives.

    The report counts sources: stored are new texts; skipped are those not due, unchanged, absent or refused by rule.
    No transaction is open while the network is waited for. On a simulated network nothing is visited.
    """
    visits = not Chain.objects.is_simulated()
    plans, report = _plans(subnets, force), Report()
    report.seen = len(subnets) * len(_Kind)
    report.skipped = report.seen - sum(len(plan.due) for plan in plans)
    fetcher = fetcher or context.fetcher()
    busy = [plan for plan in plans if plan.due]
    refused: Counter[str] = Counter()
    looks = as_done(
        lambda plan: _look(plan, fetcher, visits), busy, workers=settings.CONTEXT_CONCURRENCY, stop=fetcher.stop
    )
    with closing(looks):
        for done, (plan, found) in enumerate(looks, 1):
            for looked in found:
                refused[looked.reason] += looked.status == _Status.REFUSED
            _store(plan, found, report)
            progress(done, len(busy), plan.subnet.name)
    if count := sum(refused.values()):
        report.note(f"{count} source{'s were' if count > 1 else ' was'} not fetched, by rule")
    return report


def due(subnets: Sequence[Subnet]) -> set[int]:
    """The rows of those of which a source is to be looked at: for its time has come, or the chain names another."""
    return {plan.subnet.pk for plan in _plans(subnets, force=False) if plan.due}


def material_of(subnets: Sequence[Subnet]) -> dict[int, Material]:
    """{subnet row: all there is to judge it by, cut to what the settings send}. Two queries at most."""
    prefetch_related_objects(list(subnets), "identity")
    sources: dict[int, dict[str, ContextSource]] = defaultdict(dict)
    for source in ContextSource.objects.filter(subnet__in=subnets).with_text().exclude(address=""):
        sources[source.subnet_id][source.kind] = source
    return {subnet.pk: _material(subnet, sources[subnet.pk]) for subnet in subnets}


def _material(subnet: Subnet, sources: dict[str, ContextSource]) -> Material:
    said = subnet.identity
    identity, smuggled = context.identity_text(said.description, said.additional) if said else ("", 0)
    texts = {kind: cut(source.text, _limit(kind)) for kind, source in sources.items()}
    texts[_Kind.IDENTITY] = cut(identity, _limit(_Kind.IDENTITY))
    hidden = smuggled + sum(source.hidden_characters for source in sources.values())

    def of(*kinds: str) -> Material:
        parts = tuple(SourceText(str(kind), texts[kind]) for kind in kinds if texts.get(kind))
        return Material(subnet.netuid, subnet.name, parts, hidden)

    whole = of(_Kind.WEBSITE, _Kind.META, _Kind.README, _Kind.IDENTITY)
    if not whole.is_thin(settings.CONTEXT_THIN_TOKENS):
        return whole
    return of(_Kind.WEBSITE, _Kind.META, _Kind.README, _Kind.ISSUES, _Kind.IDENTITY)


def _limit(kind: str) -> int:
    limits = {
        _Kind.WEBSITE: settings.CONTEXT_WEBSITE_CHARACTERS,
        _Kind.README: settings.CONTEXT_README_CHARACTERS,
        _Kind.ISSUES: _ISSUES_CHARACTERS,
    }
    return int(limits.get(_Kind(kind), _OTHERS_CHARACTERS))


# -- what is due ------------------------------------------------------------------------------


def _plans(subnets: Sequence[Subnet], force: bool) -> list[_Plan]:
    prefetch_related_objects(list(subnets), "identity")
    rows: dict[int, dict[str, ContextSource]] = defaultdict(dict)
    for row in ContextSource.objects.filter(subnet__in=subnets):
        rows[row.subnet_id][row.kind] = row
    now = clock.now()
    return [_plan(subnet, rows[subnet.pk], now, force) for subnet in subnets]


def _plan(subnet: Subnet, rows: dict[str, ContextSource], now: datetime, force: bool) -> _Plan:
    addresses = _addresses(subnet)
    due = {
        kind
        for kind in _Kind.values
        if force
        or _is_due(rows.get(kind), addresses[kind], now)
        or (kind == _Kind.IDENTITY and _has_changed(subnet, rows))
    }
    if due & {_Kind.WEBSITE, _Kind.META}:  # one look at one page
        due |= {_Kind.WEBSITE, _Kind.META}
    kept = sum(len(row.text) for kind, row in rows.items() if kind not in due and kind != _Kind.ISSUES and row.address)
    said = subnet.identity
    kept += len(f"{said.description}{said.additional}") if said else 0
    return _Plan(subnet, addresses, frozenset(due), kept, rows)


def _addresses(subnet: Subnet) -> dict[str, str]:
    """{kind: what the chain says}; a website that is a repository stands in for one that is not named."""
    said = subnet.identity
    website, github = (said.url.strip(), said.github.strip()) if said else ("", "")
    if not github and website and is_github(website):
        github = website
    return {
        _Kind.WEBSITE: website,
        _Kind.META: website,
        _Kind.README: github,
        _Kind.ISSUES: github,
        _Kind.IDENTITY: "",
    }


def _is_due(row: ContextSource | None, address: str, now: datetime) -> bool:
    return row is None or row.address != address or row.is_due(now)


def _has_changed(subnet: Subnet, rows: dict[str, ContextSource]) -> bool:
    said, row = subnet.identity, rows.get(_Kind.IDENTITY)
    text = context.identity_text(said.description, said.additional)[0] if said else ""
    return row is None or row.text != text


# -- the looks, in threads of their own -------------------------------------------------------


def _look(plan: _Plan, fetcher: Fetcher, visits: bool) -> list[Looked]:
    """Nothing here touches the database, and nothing that a page brings about goes beyond its own subnet."""
    said = plan.subnet.identity
    found = [context.look_at_identity(said.description, said.additional) if said else context.look_at_identity("", "")]
    others = sorted(plan.due - {_Kind.IDENTITY})
    if not visits:
        found += [Looked(kind, plan.addresses[kind], status="refused", reason=context.MADE_UP) for kind in others]
    else:
        try:
            _visit(plan, fetcher, found)
        except Exception as problem:  # one subnet's pages cost no other its texts
            logger.exception("sources of subnet %s", plan.subnet.netuid)
            reason = f"what was found could not be read: {type(problem).__name__}"
            missing = [kind for kind in others if kind not in {looked.kind for looked in found}]
            found += [Looked(kind, plan.addresses[kind], status="failed", reason=reason) for kind in missing]
    return [looked for looked in found if looked.kind in plan.due]


def _visit(plan: _Plan, fetcher: Fetcher, found: list[Looked]) -> None:
    if _Kind.WEBSITE in plan.due:
        found += context.look_at_website(fetcher, plan.addresses[_Kind.WEBSITE])
    if _Kind.README in plan.due:
        found.append(context.look_at_readme(fetcher, plan.addresses[_Kind.README]))
    if _Kind.ISSUES in plan.due:
        found.append(_look_at_issues(plan, found, fetcher))


def _look_at_issues(plan: _Plan, found: Iterable[Looked], fetcher: Fetcher) -> Looked:
    github = plan.addresses[_Kind.ISSUES]
    characters = plan.kept + sum(len(looked.text) for looked in found if looked.kind != _Kind.IDENTITY)
    if characters // 4 >= settings.CONTEXT_THIN_TOKENS:
        return Looked(_Kind.ISSUES, github, reason="not needed: the other sources say enough")
    return context.look_at_issues(fetcher, github)


# -- what is kept -----------------------------------------------------------------------------


def _store(plan: _Plan, found: Iterable[Looked], report: Report) -> None:
    now = clock.now()
    looked_only: list[ContextSource] = []
    with_text: list[ContextSource] = []
    for looked in found:
        row = plan.rows.get(looked.kind) or ContextSource(subnet=plan.subnet, kind=looked.kind)
        old = row.digest
        new_text = _replaces(looked, row)
        _note_look(row, looked, now)
        if new_text:
            _take_text(row, looked, now)
        (with_text if new_text else looked_only).append(row)
        _count(report, looked, plan.subnet, stored=new_text and row.digest != old)
    with transaction.atomic():
        _upsert(looked_only, ("address", *LOOK_FIELDS))
        _upsert(with_text, ("address", *LOOK_FIELDS, *_TEXT_FIELDS))


def _replaces(looked: Looked, row: ContextSource) -> bool:
    """Whether its text is taken: what is next to nothing stands back for what the same address said before."""
    if looked.status == _Status.FETCHED:
        return True
    if looked.kind == _Kind.IDENTITY:
        return True
    return looked.status == _Status.THIN and (not row.text or row.address != looked.address[:500])


def _note_look(row: ContextSource, looked: Looked, now: datetime) -> None:
    """What a rule refused, or waiting does not heal, is tried again at the ordinary pace first."""
    failed = looked.status in (_Status.FAILED, _Status.REFUSED)
    row.address = looked.address[:500]
    row.note_look(looked.status, looked.reason, at=now, failed=failed)
    wait = refresh = timedelta(days=settings.CONTEXT_REFRESH_DAYS)
    if failed:
        first = FIRST_RETRY if looked.heals else refresh
        wait = max(row.pause(first, max(first, LONGEST_RETRY)), timedelta(seconds=looked.retry_after or 0))
    row.next_try_at = now + wait


def _take_text(row: ContextSource, looked: Looked, now: datetime) -> None:
    row.text, row.final_address = looked.text, looked.final_address[:500]
    row.hidden_characters, row.fetched_at = looked.hidden_characters, now
    row.digest = sha256(looked.text.encode("utf-8", "surrogatepass")).hexdigest()[:32] if looked.text else ""


def _upsert(rows: Sequence[ContextSource], fields: Sequence[str]) -> None:
    """By subnet and kind, not by key: another process may have made the row meanwhile."""
    for row in rows:
        row.pk = None
    if rows:
        ContextSource.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=("subnet", "kind"), update_fields=fields
        )


def _count(report: Report, looked: Looked, subnet: Subnet, *, stored: bool) -> None:
    if looked.status == _Status.FAILED:
        report.fail(f"{_Kind(looked.kind).label} of subnet {subnet.netuid}: {looked.reason}")
    elif stored:
        report.stored += 1
    else:
        report.skipped += 1
