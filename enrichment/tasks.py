"""Enrichment as Celery tasks. The simulated network's subnets are made up: no model is paid to read about them."""

import logging

from django.conf import settings

from enrichment import enrich as verbs
from enrichment import icons
from taoanalytics.jobs.task import SLOW, job_task

logger = logging.getLogger(__name__)

EXPIRES_SECONDS = 20 * 3600  # a subnet that is still due is sent again the next day


@job_task(resumable=True, **SLOW)
def enrich() -> None:
    """A message for each subnet that is due."""
    verbs.send_due(send=_send, rules_only=settings.SIMULATED)


@job_task(resumable=True, **SLOW)
def enrich_subnet(subnet: int) -> None:
    """`subnet`: its row. Repeating it asks nothing twice: what is stored is not due."""
    report = verbs.enrich_subnet(subnet=subnet, rules_only=settings.SIMULATED)
    for problem in report.problems:
        logger.warning("subnet row %s: %s", subnet, problem)


@job_task(resumable=True, **SLOW)
def fetch_icons() -> None:
    icons.fetch_icons()


def _send(subnet: int) -> None:
    enrich_subnet.apply_async(kwargs={"subnet": subnet}, expires=EXPIRES_SECONDS)
