"""The verbs that find out what subnets do: their texts fetched, rules and model asked, what comes of it published."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from enrichment import llm, spending
from enrichment.asking import Desk, Stopping, stoppable
from enrichment.due import is_doubtful, lacks_second_opinion, pasts, wants_second_opinion, why_due
from enrichment.gather import due as gather_due
from enrichment.gather import gather, material_of
from enrichment.llm import Answer
from enrichment.models import EnrichmentRun, LedgerEntry
from enrichment.pipeline import Pipeline
from enrichment.publish import publish
from enrichment.recording import Case, record_answer, record_rules
from enrichment.replies import Outcome
from enrichment.spending import Order, Purpose, Stop
from subnets.models import NetworkSnapshot, Subnet
from taoanalytics.jobs.errors import Transient
from taoanalytics.jobs.models import JobRun
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.jobs.runs import logged
from taoanalytics.lib import clock

JOB = "enrich"
MOST_FAILURES_IN_A_ROW = 12
PUBLISH_EVERY = 16  # answers
FIRST_COLLECTION_SECONDS = 300.0
_NO_ANSWER = {Outcome.FAILED, Outcome.TIMEOUT, Outcome.RATE_LIMITED}


@logged(JOB)
def enrich(
    *,
    netuids: Collection[int] | None = None,
    force: bool = False,
    most: int | None = None,
    low_confidence: bool = False,
    rules_only: bool = False,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Report:
    """Classify the living subnets, or some; one item per subnet: stored (something new), skipped (unchanged) or failed.

    A subnet is asked about where its texts, the pipeline or time call for it, or by `force`; `most` bounds how many.
    `low_confidence` takes those whose newest answer is in doubt, and asks again. Without a model, or by `rules_only`,
    the rules alone decide. A spent budget or quota ends the run with the rest untouched and failed; what is stored
    stays, and the next run goes on where this one ended. A dry run fetches, asks and stores nothing.
    """
    subnets, report = _living(netuids), Report()
    if not subnets:
        collected = NetworkSnapshot.objects.newest_complete() is not None
        report.note("none of them is living" if collected else "no such subnet is known; collect the chain first")
        return report
    asked_for = () if netuids is None or isinstance(netuids, range) else netuids
    gone = sorted(set(asked_for) - {row.netuid for row in subnets})
    if low_confidence:
        subnets, force = _doubtful(subnets), True
    if not subnets:
        report.note("no answer of a model is in doubt")
        return report
    report.seen = len(subnets)
    for netuid in gone:
        report.note(f"subnet {netuid} is not among the living")
    if dry_run:
        return _foretold(subnets, report, force=force, most=most, rules_only=rules_only)
    fetched = gather(subnets=subnets, force=force, progress=progress)
    report.note(f"texts: {fetched.stored:,} fetched, {fetched.skipped:,} not due, {fetched.failed:,} out of reach")
    with stoppable() as stopping:
        work = _Work(subnets, Pipeline.current(), report, stopping, progress)
        work.by_rules()
        work.by_model(force=force, most=most, reason="the rules alone were wanted" if rules_only else llm.available())
        work.close()
    return report


def enrich_subnet(*, subnet: int, rules_only: bool = False) -> Report:
    """The same for one row of Subnet, as a task does it: not while `enrich` runs, nor while the quota is gone."""
    report = Report(seen=1)
    row = Subnet.objects.select_related("identity").filter(pk=subnet).first()
    if row is None or JobRun.objects.running().filter(job=JOB).exists():
        report.skipped = 1
        report.note("no such subnet" if row is None else "left to the run that is under way")
        return report
    gather(subnets=[row])
    work = _Work([row], Pipeline.current(), report, Stopping(), silent)
    work.by_rules()
    reason = "the rules alone were wanted" if rules_only else llm.available() or spending.halted()
    work.by_model(force=False, most=None, reason=reason)
    work.close()
    return report


@logged("schedule enrichment")
def send_due(*, send: Callable[[int], object], rules_only: bool = False) -> Report:
    """`send` each living subnet, by its row, that `enrich_subnet` has something to do for.

    Raises Transient before the first collection, for there will be subnets after it.
    """
    subnets = _living(None)
    if not subnets:
        raise Transient("no subnet is known yet", retry_after=FIRST_COLLECTION_SECONDS)
    asks = not rules_only and not llm.available()
    due = gather_due(subnets)
    pipeline, past, materials = Pipeline.current(), pasts(row.pk for row in subnets), material_of(subnets)
    for row in subnets:
        material = materials[row.pk]
        if asks and (
            why_due(material, past[row.pk], pipeline, clock.now())
            or lacks_second_opinion(material, past[row.pk], pipeline)
        ):
            due.add(row.pk)
    for row in subnets:
        if row.pk in due:
            send(row.pk)
    return Report(seen=len(subnets), stored=len(due), skipped=len(subnets) - len(due))


@dataclass
class _Work:
    """One run over some subnets. Every method is called in the thread that owns the database connection."""

    subnets: Sequence[Subnet]
    pipeline: Pipeline
    report: Report
    stopping: Stopping
    progress: Progress
    began: datetime = field(default_factory=clock.now)
    cases: dict[int, Case] = field(default_factory=dict)
    stored: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    to_publish: list[Subnet] = field(default_factory=list)
    answers: int = 0
    asked: int = 0
    no_answer_in_a_row: int = 0
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        materials = material_of(self.subnets)
        self.cases = {row.pk: Case(row, materials[row.pk]) for row in self.subnets}
        self.desk = Desk(concurrency=settings.LLM_CONCURRENCY, stopping=self.stopping)

    def by_rules(self) -> None:
        """The rules look at every subnet, model or not: they are its second opinion, and what stands without it."""
        with transaction.atomic():
            self.stored |= record_rules(self.cases.values(), self.pipeline)
        publish(self.subnets)

    def by_model(self, *, force: bool, most: int | None, reason: str) -> None:
        """Ask about what is due. `reason`: why no model is asked, if so."""
        if reason:
            self.report.note(f"by rules alone: {reason}")
            return
        for order in orders(self.cases.values(), self.pipeline, force=force, most=most):
            self.desk.put(order)
            self.asked += 1
        self.desk.work(self._take, due=self._still_due)
        for order, passed_for in self.desk.passed:
            self.report.note(f"{order.subnet}: {passed_for}")
        if self.desk.stop is not None:
            undone = {order.subnet.pk for order in self.desk.undone if order.subnet}
            self.failed |= undone
            self.report.fail(f"{self.desk.stop} {len(undone):,} subnets were left untouched.", count=0)

    def close(self) -> None:
        """Publish what is new, and count."""
        self._publish()
        self.stored -= self.failed
        self.report.stored, self.report.failed = len(self.stored), len(self.failed)
        self.report.skipped = self.report.seen - len(self.stored) - len(self.failed)
        if self.answers:
            self.report.note(f"{self.answers:,} answers, {_cost_since(self.began, self.subnets)}")

    def _still_due(self, order: Order) -> bool:
        """Whether nobody has asked since this run began."""
        newer = EnrichmentRun.objects.by_model().filter(subnet=order.subnet, started_at__gt=self.began)
        return order.purpose == Purpose.ESCALATE or not newer.exists()

    def _take(self, order: Order, answer: Answer, settle: Callable[[], LedgerEntry]) -> None:
        """Store an answer together with its line in the ledger: a kill in between would have it paid twice."""
        case = self.cases[order.subnet.pk if order.subnet else 0]
        model = order.question.model
        with transaction.atomic():
            entry = settle()
            run = record_answer(case, answer, model=model, pipeline=self.pipeline, asked_at=entry.asked_at)
            of_this_run = LedgerEntry.objects.since(self.began).filter(run=None, asked_by=entry.asked_by)
            of_this_run.filter(subnet=case.subnet, purpose=order.purpose).update(run=run)
        self._count(case, order, answer)
        if order.purpose == Purpose.CLASSIFY and self.pipeline.has_stronger and wants_second_opinion(run):
            self.desk.put(second_opinion(case, self.pipeline, run), first=True)
        self.to_publish.append(case.subnet)
        if len(self.to_publish) >= PUBLISH_EVERY:
            self._publish()

    def _count(self, case: Case, order: Order, answer: Answer) -> None:
        self.answers += 1
        self.no_answer_in_a_row = self.no_answer_in_a_row + 1 if answer.outcome in _NO_ANSWER else 0
        said = f"{answer.outcome}{f', {answer.detail}' if answer.detail else ''}"
        if answer.outcome is Outcome.OK:
            self.stored.add(case.subnet.pk)
        elif order.purpose == Purpose.ESCALATE:
            self.report.note(f"{case.subnet}: no second opinion: {said}")
        else:
            self.failed.add(case.subnet.pk)
            self.report.fail(f"{case.subnet}: {said}", count=0)
        if self.no_answer_in_a_row >= MOST_FAILURES_IN_A_ROW:
            self.desk.stop = Stop(f"The service gave no answer {MOST_FAILURES_IN_A_ROW} times in a row.")
        self.progress(min(self.answers, self.asked), self.asked, str(case.subnet))

    def _publish(self) -> None:
        publish(self.to_publish)
        self.to_publish.clear()


def orders(cases: Iterable[Case], pipeline: Pipeline, *, force: bool, most: int | None) -> list[Order]:
    """What is to be asked, about at most `most` subnets: those never classified first, then the longest ago."""
    cases = list(cases)
    past, now = pasts(case.subnet.pk for case in cases), clock.now()
    found: list[tuple[float, Order]] = []
    for case in cases:
        of_it = past[case.subnet.pk]
        last = of_it.answered
        since = last.started_at.timestamp() if last else 0.0
        if (force and case.material.characters) or why_due(case.material, of_it, pipeline, now):
            question = pipeline.question(case.material, model=pipeline.model, turn=str(of_it.tries))
            found.append((since, Order(question=question, purpose=Purpose.CLASSIFY, subnet=case.subnet)))
        elif last is not None and lacks_second_opinion(case.material, of_it, pipeline):
            found.append((since, second_opinion(case, pipeline, last)))
    found.sort(key=lambda pair: pair[0])
    return [order for _, order in found[:most]]


def second_opinion(case: Case, pipeline: Pipeline, first: EnrichmentRun) -> Order:
    """The same question to the stronger model, which is not told what the first one said."""
    question = pipeline.question(case.material, model=pipeline.stronger, turn=f"after {first.pk}")
    return Order(question=question, purpose=Purpose.ESCALATE, subnet=case.subnet)


def _living(netuids: Collection[int] | None) -> list[Subnet]:
    return [row for row in Subnet.objects.current() if netuids is None or row.netuid in netuids]


def _doubtful(subnets: Sequence[Subnet]) -> list[Subnet]:
    past = pasts(row.pk for row in subnets)
    return [row for row in subnets if (last := past[row.pk].answered) is not None and is_doubtful(last)]


def _foretold(subnets: Sequence[Subnet], report: Report, *, force: bool, most: int | None, rules_only: bool) -> Report:
    """What a run would ask by the texts that are stored, and the most that it can cost."""
    report.skipped = len(subnets)
    if reason := "the rules alone were wanted" if rules_only else llm.available():
        report.note(f"by rules alone: {reason}")
        return report
    materials, pipeline = material_of(subnets), Pipeline.current()
    planned = orders((Case(row, materials[row.pk]) for row in subnets), pipeline, force=force, most=most)
    costs = [spending.at_most(order.question) for order in planned]
    total = sum((cost for cost in costs if cost is not None), Decimal(0))
    price = "at a price that nobody knows: it would not be asked" if None in costs else f"at most ${total:,.4f}"
    report.note(
        f"would ask {pipeline.model} about {len(planned):,} subnets, {price}, retries and second opinions apart"
    )
    report.note("by the texts that are stored; none was fetched")
    return report


def _cost_since(began: datetime, subnets: Sequence[Subnet]) -> str:
    """What this run has cost, in words; what is unknown is said, not counted as nothing."""
    lines = LedgerEntry.objects.since(began).filter(subnet__in=[row.pk for row in subnets])
    costs = list(lines.values_list("cost_usd", flat=True))
    known = sum((cost for cost in costs if cost is not None), Decimal(0))
    unknown = sum(cost is None for cost in costs)
    return f"${known:,.4f}" + (f" and {unknown:,} attempts of unknown cost" if unknown else "")
