"""Which endpoints of the chain answer, how fast, and where they stand."""

from collections.abc import Callable, Iterable

from subnets.endpoints import Probe, configured, probe_endpoint
from taoanalytics.jobs.report import Report
from taoanalytics.jobs.runs import logged

ENDPOINT_SECONDS = 15.0


def _unheard(answer: Probe) -> None:
    """For those who read the report only."""


@logged("probe")
def probe(
    *,
    endpoints: Iterable[str] | None = None,
    timeout: float = ENDPOINT_SECONDS,
    told: Callable[[Probe], None] = _unheard,
) -> Report:
    """Ask each endpoint (default: the live and archive ones of the settings) for its head, one after the other.

    `timeout`: seconds for each step. `told` hears every answer. In the report an endpoint that answers counts as
    stored, a silent one as failed; addresses are shown without credentials.
    """
    report = Report()
    for endpoint in endpoints or configured():
        answer = probe_endpoint(endpoint, seconds=timeout)
        told(answer)
        report.seen += 1
        if answer.error:
            report.fail(f"{answer.endpoint}: {answer.error}")
        else:
            report.stored += 1
            report.note(
                f"{answer.endpoint}: block {answer.head:,}, finalized {answer.finality_lag} blocks behind, spec "
                f"{answer.spec_version}, answers in {answer.latency_seconds * 1000:,.0f} ms"
            )
    return report
