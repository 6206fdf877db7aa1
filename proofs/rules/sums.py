"""Finite sums and products with an index."""

from functools import partial

from proofs.rules.language import rule

calculation = partial(rule, kind="calculation", source="Graham, Knuth, Patashnik, Concrete Mathematics, 2.3")

RULES = (
    calculation("sum.linear", "(sum i (+ (* cs As@i) ...) a b) = (+ (* cs (sum i As@i a b)) ...)",
                "free_of i cs; finite a; finite b", says="A finite sum is linear."),
    calculation("sum.constant", "(sum i c 1 b) = (* b c)", "integer b; nonnegative b; free_of i c",
                says="A sum of b equal terms c is b c."),
    calculation("sum.first", "(sum i A@i a b) = (+ (@ A a) (sum i A@i (+ a 1) b))",
                "integer a; integer b; at_least b a", says="The first term of a sum split off."),
    calculation("sum.last", "(sum i A@i a b) = (+ (sum i A@i a (+ b -1)) (@ A b))",
                "integer a; integer b; at_least b a", says="The last term of a sum split off."),
    calculation("sum.one", "(sum i A@i a a) = (@ A a)", "integer a", says="A sum of one term."),
    calculation("product.one", "(product i A@i a a) = (@ A a)", "integer a", says="A product of one factor."),
    calculation("product.first", "(product i A@i a b) = (* (@ A a) (product i A@i (+ a 1) b))",
                "integer a; integer b; at_least b a", says="The first factor split off."),
    calculation("product.constant", "(product i c 1 b) = (^ c b)",
                "integer b; at_least b 1; free_of i c; positive c",
                says="A product of b equal positive factors c is c^b."),
    calculation("log.finite_product", "(log (product i A@i a b)) = (sum i (log A@i) a b)",
                "finite a; finite b; within i a b (positive A@i)",
                says="The logarithm of a finite product of positive factors is the sum of the logarithms."),
)  # fmt: skip
