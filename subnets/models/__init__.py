"""What exists on chain: which subnets there are, and what was observed of them at which block."""

from subnets.models.categories import Category, CategoryAssignment, CategoryMerge
from subnets.models.metrics import SubnetMetrics
from subnets.models.neurons import ColdkeyName, CurrentNeurons, KeyList, NeuronFrame, PackedNeurons
from subnets.models.snapshots import Chain, NetworkSnapshot, SubnetSnapshot
from subnets.models.tenants import HyperparameterSet, Subnet, SubnetIdentity

__all__ = [
    "Category",
    "CategoryAssignment",
    "CategoryMerge",
    "Chain",
    "ColdkeyName",
    "CurrentNeurons",
    "HyperparameterSet",
    "KeyList",
    "NetworkSnapshot",
    "NeuronFrame",
    "PackedNeurons",
    "Subnet",
    "SubnetIdentity",
    "SubnetMetrics",
    "SubnetSnapshot",
]
