"""Where staff have the last word: the curation queue and its desk, and what the machines did, to be read."""

from enrichment.admin import categories, queue, records

__all__ = ["categories", "queue", "records"]
