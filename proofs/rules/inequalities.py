"""Inequalities: what the tangent of the logarithm (see `optima`) does not give already."""

from proofs.rules.language import rule

RULES = (
    rule("jensen.convex", "(call f s (expectation x P F@x)) <= (expectation x P (call f s F@x))",
         "convex f; integrable x F@x", says="Jensen's inequality for a convex function.",
         source="Cover and Thomas, Elements of Information Theory, Theorem 2.6.2"),
)  # fmt: skip
