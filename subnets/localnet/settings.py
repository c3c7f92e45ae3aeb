"""Settings that every made-up subnet shares, under the names each kind of record gives them."""

from typing import Any

METAGRAPH: dict[str, Any] = {
    "subnet_emission": 0, "pending_root_emission": 0,
    "rho": 10, "kappa": 32_767, "min_allowed_weights": 1, "max_weights_limit": 65_535, "weights_version": 0,
    "weights_rate_limit": 100, "activity_cutoff": 5_000, "max_validators": 128, "difficulty": 10**7,
    "registration_allowed": True, "pow_registration_allowed": False, "immunity_period": 4_096,
    "min_difficulty": 10**7, "max_difficulty": 2**62 - 1, "min_burn": 500_000, "max_burn": 10**11,
    "adjustment_alpha": 0, "adjustment_interval": 360, "target_regs_per_interval": 1, "max_regs_per_block": 1,
    "serving_rate_limit": 50, "commit_reveal_weights_enabled": True, "commit_reveal_period": 1,
    "liquid_alpha_enabled": False, "alpha_high": 58_982, "alpha_low": 45_875, "bonds_moving_avg": 900_000,
}  # fmt: skip
HYPERPARAMS_V2: dict[str, Any] = METAGRAPH | {
    "alpha_sigmoid_steepness": {"bits": 1_000 << 32}, "yuma_version": 2, "subnet_is_active": True,
    "transfers_enabled": True, "bonds_reset_enabled": False, "user_liquidity_enabled": False,
}  # fmt: skip
HYPERPARAMS_V3: dict[str, tuple[str, Any]] = {  # name -> (type, value)
    "kappa": ("U16", 32_767), "immunity_period": ("U16", 4_096), "min_allowed_weights": ("U16", 1),
    "max_weights_limit": ("U16", 65_535), "weights_version": ("U64", 0), "weights_rate_limit": ("U64", 100),
    "activity_cutoff": ("U64", 5_000), "activity_cutoff_factor": ("U32", 13_889),
    "registration_allowed": ("Bool", True), "target_regs_per_interval": ("U16", 1),
    "min_burn": ("TaoBalance", 500_000), "max_burn": ("TaoBalance", 10**11), "burn_half_life": ("U16", 360),
    "burn_increase_mult": ("U64F64", {"bits": int(1.26 * 2**64)}), "bonds_moving_avg": ("U64", 900_000),
    "max_regs_per_block": ("U16", 1), "serving_rate_limit": ("U64", 50), "max_validators": ("U16", 128),
    "commit_reveal_period": ("U64", 1), "commit_reveal_weights_enabled": ("Bool", True),
    "alpha_high": ("U16", 58_982), "alpha_low": ("U16", 45_875), "liquid_alpha_enabled": ("Bool", False),
    "alpha_sigmoid_steepness": ("I32F32", {"bits": 1_000 << 32}), "yuma_version": ("U16", 2),
    "subnet_is_active": ("Bool", True), "transfers_enabled": ("Bool", True), "bonds_reset_enabled": ("Bool", False),
    "user_liquidity_enabled": ("Bool", False), "owner_cut_enabled": ("Bool", True),
}  # fmt: skip
