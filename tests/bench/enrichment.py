"""Every subnet of the database classified by a model on loopback that thinks for a quarter of a second.

Prints its figures as JSON. The model runs in this process too, so the processor time is an upper bound.
"""

import json
import sys
import time

import django

WORKERS, THINKS_SECONDS = 8, 0.25


def main() -> None:
    django.setup()
    from django.conf import settings

    from enrichment.enrich import enrich
    from tests.enrichment import acts
    from tests.enrichment.vendor import a_vendor

    with a_vendor() as model:
        model.checks = False
        model.behave(acts.valid(seconds=THINKS_SECONDS))
        settings.LLM_ENABLED, settings.LLM_BASE_URL, settings.LLM_ESCALATION_MODEL = True, model.url, ""
        settings.LLM_ASSUMED_USD, settings.LLM_DAILY_BUDGET_USD, settings.LLM_CONCURRENCY = [0.1, 0.5], 2.0, WORKERS
        start, processor = time.monotonic(), time.process_time()
        report = enrich(force=True)
        figures = {
            "wall": time.monotonic() - start,
            "cpu": time.process_time() - processor,
            "subnets": report.stored,
            "questions": len(model.asked),
        }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
