"""Neurons, packed: a row per subnet and day in place of a row per neuron."""

from django.db import models

from subnets.facts import NeuronColumns
from subnets.models.tenants import Subnet
from subnets.neurons import unpack, unpack_keys


class KeyList(models.Model):
    """Hotkeys and coldkeys of a subnet in uid order, kept once for as long as no uid changes hands.

    Most lists differ from an earlier one, their `base`, by a few keys, and hold little more than these.
    """

    subnet = models.ForeignKey(Subnet, on_delete=models.CASCADE, related_name="key_lists")
    digest = models.CharField(max_length=32)
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    packed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("subnet", "digest"), name="one_row_per_key_list"),)

    def __str__(self) -> str:
        return f"keys {self.digest[:8]}"

    def text(self) -> bytes:
        """What `neurons.key_text` made of the keys."""
        return unpack_keys(bytes(self.packed), self.base.text() if self.base else b"")


class PackedNeurons(models.Model):
    """Every neuron of a subnet at one block, as compressed columns (`subnets/neurons.py`)."""

    keys = models.ForeignKey(KeyList, on_delete=models.PROTECT, related_name="+")
    block = models.PositiveBigIntegerField()
    observed_at = models.DateTimeField()
    packed = models.BinaryField()

    class Meta:
        abstract = True

    def columns(self) -> NeuronColumns:
        return unpack(self.keys.text(), bytes(self.packed))


class NeuronFrame(PackedNeurons):
    """The neurons of one subnet on one UTC day: the day's first observation. Append-only."""

    subnet = models.ForeignKey(Subnet, on_delete=models.CASCADE, related_name="neuron_frames")
    day = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("subnet", "day"), name="one_neuron_frame_per_day"),)

    def __str__(self) -> str:
        return f"neurons of {self.subnet_id} on {self.day}"


class CurrentNeurons(PackedNeurons):
    """The newest neurons of one subnet: replaced by each newer observation."""

    subnet = models.OneToOneField(Subnet, on_delete=models.CASCADE, related_name="current_neurons")

    class Meta:
        verbose_name_plural = "current neurons"

    def __str__(self) -> str:
        return f"neurons of {self.subnet_id} at block {self.block:,}"


class ColdkeyName(models.Model):
    """What the owner of a coldkey calls itself on chain. Current state: replaced when it changes."""

    coldkey = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=128)

    def __str__(self) -> str:
        return self.name
