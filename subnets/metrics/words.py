"""Words that many declarations share."""

CHAIN = "Bittensor chain"
OWN_HISTORY = "Our own snapshots of the Bittensor chain"
NOT_REPORTED = "The chain did not report it at that block."
NO_NEURONS = "The neurons of the subnet were not recorded at that block."
