"""Search for proofs, outside the kernel."""

from proofs.prover.search import prove

__all__ = ["prove"]
