"""Monte Carlo in PyTorch: keyed draws, lowered integrands, certified variance bounds, sequential verdicts.

torch is imported when the first sample is drawn.
"""

from __future__ import annotations

from numerics.montecarlo.errors import CannotLower, InvalidLaw
from numerics.montecarlo.estimate import MonteCarloResult, check_closed

__all__ = ["CannotLower", "InvalidLaw", "MonteCarloResult", "check_closed"]
