"""The verb that makes explanations and keeps them: by a model where one answers, else composed from the figures."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from enrichment import llm, spending
from enrichment.asking import Desk, stoppable
from enrichment.llm import Answer, Question
from enrichment.models import LedgerEntry
from enrichment.spending import BudgetGone, Order, Stop
from insights.board import Board, Row, board
from insights.explaining import answer as asking
from insights.explaining.checks import problems_of
from insights.explaining.inputs import Inputs, input_hash
from insights.explaining.reading import inputs_on, names_on
from insights.explaining.template import closing, template
from insights.models import Insight
from subnets.models import NetworkSnapshot, Subnet
from taoanalytics.jobs.models import Generation
from taoanalytics.jobs.report import Progress, Report, silent
from taoanalytics.jobs.runs import logged
from taoanalytics.lib import clock
from taoanalytics.lib.text import clean

JOB = "generate insights"
MOST_FAILURES_IN_A_ROW = 12
_LONGEST_DETAIL, _LONGEST_REFUSED = 1000, 4000
_ASK_AGAIN = (Insight.Outcome.UNANSWERED, Insight.Outcome.NOT_ASKED)
"""What the next run tries again although nothing has moved."""
NO_MODEL = "No language model is set up here."


@dataclass(frozen=True, slots=True)
class Due:
    """A subnet whose explanation has to be made."""

    row: Row
    inputs: Inputs
    last: Insight | None

    @property
    def has_text(self) -> bool:
        """Whether a model has explained just these figures before."""
        last = self.last
        if last is None or last.kind != Insight.Kind.MODEL:
            return False
        return last.input_hash == input_hash(self.inputs.as_json(), since=last.inputs)


@dataclass(slots=True)
class _Work:
    """One run: what is due, what has been stored, and who asked for it."""

    network: NetworkSnapshot
    by: User | None
    report: Report
    progress: Progress
    due: dict[int, Due]
    names: list[str]
    done: set[int] = field(default_factory=set)
    failures: int = 0

    def store(self, due: Due, text: str = "", **made: Any) -> None:
        """One more explanation; without a `text` of a model it is composed."""
        inputs = due.inputs.as_json()
        Insight.objects.create(
            subnet=due.row.snapshot.subnet,
            block=self.network.block,
            observed_at=self.network.observed_at,
            level=due.inputs.level,
            input_hash=input_hash(inputs),
            inputs=inputs,
            text=f"{text or template(due.inputs)} {closing(due.inputs)}",
            kind=Insight.Kind.MODEL if text else Insight.Kind.TEMPLATE,
            prompt_version=asking.PROMPT_VERSION,
            made_by=self.by,
            **made,
        )
        self.done.add(due.row.snapshot.subnet_id)
        self.report.stored += 1
        self.progress(len(self.done), len(self.due), due.row.name)

    def compose(self, due: Due, outcome: Insight.Outcome, reason: str, detail: str, **made: Any) -> None:
        """What no model wrote; one that a model wrote of the same figures stays in its place."""
        if due.has_text:
            self.report.skipped += 1
            self.report.note(f"subnet {due.row.netuid} keeps its text: {reason}. {clean(detail, _LONGEST_DETAIL)}")
        else:
            self.store(due, outcome=outcome, reason=reason, detail=clean(detail, _LONGEST_DETAIL), **made)


@logged(JOB)
def generate_insights(
    *,
    netuids: Collection[int] | None = None,
    force: bool = False,
    most: int | None = None,
    by: User | None = None,
    progress: Progress = silent,
) -> Report:
    """Explain the newest signal of every living subnet (`netuids`: of these) whose figures have moved since the last.

    `force`: of those too whose figures have not. `most`: of at most so many. `by`: the member of staff who asks.
    A model is asked where one is set up and its budget allows; each answer is stored as it arrives. An explanation that
    no model wrote is composed, and keeps the reason.
    """
    now = board(past=False)
    report = Report()
    if now.network is None:
        report.note("nothing has been recorded yet, so there is nothing to explain")
        return report
    unavailable = llm.available() or ("" if force else spending.halted())
    found = _due(now, netuids, report, force=force, model=not unavailable)
    work = _Work(now.network, by, report, progress, dict(list(found.items())[:most]), names_on(now))
    report.seen -= len(found) - len(work.due)
    try:
        if unavailable:
            _compose_all(work, unavailable)
        else:
            _ask_all(work, again=force)
    finally:
        if work.done:
            Generation.objects.bump()
    return report


def make_fresh(*, subnet: int, by: int | None, asked_at: str) -> Report:
    """`generate_insights` of one row of Subnet by force, unless one has been made since `asked_at`, in ISO's form."""
    row, newest = Subnet.objects.get(pk=subnet), Insight.objects.newest_of([subnet]).get(subnet)
    if newest is not None and newest.made_at >= datetime.fromisoformat(asked_at):
        report = Report(seen=1, skipped=1)
        report.note("one has been made since it was asked for")
        return report
    return generate_insights(netuids=[row.netuid], force=True, by=User.objects.filter(pk=by).first() if by else None)


def _due(now: Board, netuids: Collection[int] | None, report: Report, *, force: bool, model: bool) -> dict[int, Due]:
    """{subnet row: what is to be explained}. Counts the rest as skipped."""
    asked = [row for row in now.rows if netuids is None or row.netuid in netuids]
    for netuid in sorted(set(netuids or ()) - {row.netuid for row in asked}):
        report.fail(f"subnet {netuid} is not among the living")
    inputs, newest = inputs_on(now, netuids), Insight.objects.newest_of(row.snapshot.subnet_id for row in asked)
    found: dict[int, Due] = {}
    for row in asked:
        report.seen += 1
        known, last = inputs.get(row.netuid), newest.get(row.snapshot.subnet_id)
        if known is None or known.level is None or (last and not force and stands(last, known, model=model)):
            report.skipped += 1
        else:
            found[row.snapshot.subnet_id] = Due(row, known, last)
    if without := sum(1 for each in inputs.values() if each.level is None):
        report.note(f"{without} have no signal to explain")
    return found


def stands(last: Insight, inputs: Inputs, *, model: bool) -> bool:
    """Whether an explanation need not be made anew; `model`: one can be asked."""
    if last.input_hash != input_hash(inputs.as_json(), since=last.inputs):
        return False
    if last.prompt_version != asking.PROMPT_VERSION:
        return False
    return not (model and last.outcome in _ASK_AGAIN)


def _compose_all(work: _Work, reason: str) -> None:
    work.report.note(f"no model was asked: {reason}")
    with transaction.atomic():
        for due in work.due.values():
            work.compose(due, Insight.Outcome.NOT_ASKED, reason_of(None), reason)


def reason_of(stop: Stop | None) -> str:
    """Why no model was asked, in words for everyone."""
    if stop is None:
        return NO_MODEL
    if isinstance(stop, BudgetGone):
        return "The budget for language models holds no further question."
    return "The language model's service takes no questions at present."


def _ask_all(work: _Work, *, again: bool) -> None:
    """In threads towards the network, stored here as each answer arrives. What a stop leaves undone is composed."""
    with stoppable() as stopping:
        desk = Desk(concurrency=settings.LLM_CONCURRENCY, stopping=stopping)
        for due in work.due.values():
            desk.put(_order(due, again=again))
        desk.work(lambda order, answer, settle: _take(work, desk, order, answer, settle))
        for order, passed_for in desk.passed:
            work.report.skipped += 1
            work.report.note(f"{order.subnet}: {passed_for}")
        if desk.stop is not None:
            work.report.note(f"stopped: {desk.stop}")
            _compose_undone(work, desk.undone, desk.stop)


def _compose_undone(work: _Work, undone: Iterable[Order], stop: Stop) -> None:
    with transaction.atomic():
        for order in undone:
            if order.subnet is not None and order.subnet.pk not in work.done:
                work.compose(work.due[order.subnet.pk], Insight.Outcome.NOT_ASKED, reason_of(stop), str(stop))


def _order(due: Due, *, again: bool) -> Order:
    question, subnet = question_of(due.inputs, again=again), due.row.snapshot.subnet
    return Order(question=question, purpose=LedgerEntry.Purpose.INSIGHT, subnet=subnet)


def question_of(inputs: Inputs, *, again: bool = False) -> Question:
    """`again`: asked anew on purpose, so that a service that keeps its answers gives another."""
    return Question(
        instructions=asking.instructions(),
        text=asking.asked(inputs),
        name=asking.SCHEMA_NAME,
        schema=asking.wire_schema(),
        read=asking.read,
        model=settings.LLM_MODEL,
        most_tokens=max(asking.MOST_OUTPUT_TOKENS, settings.LLM_MAX_OUTPUT_TOKENS),
        turn=clock.now().isoformat() if again else "",
    )


def _take(work: _Work, desk: Desk, order: Order, answer: Answer, settle: Callable[[], LedgerEntry]) -> None:
    """An answer becomes an explanation, or the reason why it does not; with its line in the ledger or not at all."""
    due = work.due[order.subnet.pk if order.subnet else 0]
    work.failures = work.failures + 1 if answer.heals else 0
    if work.failures >= MOST_FAILURES_IN_A_ROW:
        desk.stop = Stop(
            f"{work.failures} questions in a row got no answer; the last: {answer.detail or answer.outcome}"
        )
    with transaction.atomic():
        made: dict[str, Any] = {"ledger_entry": settle(), "model_served": answer.model_served}
        if answer.value is None:
            detail = f"{answer.outcome}: {answer.detail}".rstrip(": ")
            work.compose(due, _outcome_of(answer), "The language model gave no usable answer.", detail, **made)
            return
        told: asking.Answer = answer.value
        if problems := problems_of(told.text, told.level, due.inputs, work.names):
            made["refused_text"] = clean(told.text, _LONGEST_REFUSED)
            reason = "What the language model wrote did not hold against the figures."
            work.compose(due, Insight.Outcome.REJECTED, reason, "; ".join(problems), **made)
            return
        work.store(due, told.text, outcome=Insight.Outcome.ACCEPTED, **made)


def _outcome_of(answer: Answer) -> Insight.Outcome:
    """A model's no, and what it can not put into the schema, is an answer to these figures; a failure is none."""
    return Insight.Outcome.UNANSWERED if answer.heals else Insight.Outcome.REJECTED
