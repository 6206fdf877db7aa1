"""The uniform law on an interval."""

from proofs.rules.language import rule

RULES = (
    rule("uniform.expectation", "(expectation x (uniform a b) A@x) = "
         "(* (^ (+ b (* -1 a)) -1) (integral x A@x a b))", "positive (+ b (* -1 a))",
         says="An expectation under U(a, b) is the integral over (a, b) divided by the length.",
         source="Casella and Berger, sec. 3.3"),
)  # fmt: skip
