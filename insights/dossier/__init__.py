"""The dossier of one subnet: what it is worth, how it stands, who is in it, what changed."""

from insights.dossier.facts import Fact, Group
from insights.dossier.judgement import Judgement
from insights.dossier.reading import Dossier, dossier
from insights.dossier.removal import Removal
from insights.dossier.story import Change, Turn, changes_between, turns_of
from insights.dossier.trade import Trade, size_text, trade_of

__all__ = [
    "Change",
    "Dossier",
    "Fact",
    "Group",
    "Judgement",
    "Removal",
    "Trade",
    "Turn",
    "changes_between",
    "dossier",
    "size_text",
    "trade_of",
    "turns_of",
]
