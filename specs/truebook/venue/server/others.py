"""What clients ask besides, and need some answer to: fees, roles, rights; none is about orders."""

from typing import Any, Final

_FEES: Final[dict[str, Any]] = {
    "dailyUserVlm": [],
    "feeSchedule": {
        "cross": "0.00045",
        "add": "0.00015",
        "spotCross": "0.0007",
        "spotAdd": "0.0004",
        "tiers": {"vip": [], "mm": []},
        "referralDiscount": "0.04",
        "stakingDiscountTiers": [],
    },
    "userCrossRate": "0.00045",
    "userAddRate": "0.00015",
    "userSpotCrossRate": "0.0007",
    "userSpotAddRate": "0.0004",
    "activeReferralDiscount": "0.0",
    "trial": None,
    "feeTrialReward": "0.0",
    "nextTrialAvailableTimestamp": None,
    "stakingLink": None,
    "activeStakingDiscount": {"bpsOfMaxSupply": "0.0", "discount": "0.0"},
}
OTHERS: Final[dict[str, Any]] = {
    "userFees": _FEES,
    "userRole": {"role": "user"},
    "userAbstraction": "default",
    "maxBuilderFee": 0,
    "referral": {"referredBy": None, "cumVlm": "0.0"},
    "extraAgents": [],
    "userFunding": [],
    "userNonFundingLedgerUpdates": [],
    "fundingHistory": [],
    "subAccounts": [],
    "delegations": [],
    "outcomeMeta": {"outcomes": [], "questions": []},
}
"""The answer to each, by the `type` of the question: that of an account on which nothing is set."""
