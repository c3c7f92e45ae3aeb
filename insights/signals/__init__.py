"""Has a signal ever predicted anything: rank IC, its test, what following it would have paid, and a sober word."""

from insights.signals.fifths import FifthDay, FifthRecord, fifth_of, fifth_record, turnovers
from insights.signals.information import CrossSection, DailyIC, daily_ics, rank_ic, size_neutral
from insights.signals.record import HORIZONS_DAYS, Record, evidence, q_values, record, within
from insights.signals.returns import ENTRY_DELAY, LastPool, forward_return, injected_tao, organic_flow_tao
from insights.signals.significance import MeanTest, halves_agree, median_t_of_offsets, newey_west
from insights.signals.verdict import Evidence, Tag, Verdict, Word, exceeded_at, tags, verdict

__all__ = [
    "ENTRY_DELAY",
    "HORIZONS_DAYS",
    "CrossSection",
    "DailyIC",
    "Evidence",
    "FifthDay",
    "FifthRecord",
    "LastPool",
    "MeanTest",
    "Record",
    "Tag",
    "Verdict",
    "Word",
    "daily_ics",
    "evidence",
    "exceeded_at",
    "fifth_of",
    "fifth_record",
    "forward_return",
    "halves_agree",
    "injected_tao",
    "median_t_of_offsets",
    "newey_west",
    "organic_flow_tao",
    "q_values",
    "rank_ic",
    "record",
    "size_neutral",
    "tags",
    "turnovers",
    "verdict",
    "within",
]
