"""Figures about the speed of Lemmata, each a ratio to a peer in the same run: ``python -m benchmarks``."""
