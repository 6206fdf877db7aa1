"""Finite sums and products with an index."""

from proofs.rules.language import rule

BOOK = "Graham, Knuth, Patashnik, Concrete Mathematics, 2.3"

RULES = (
    rule("sum.linear", "(sum i (+ (* cs As@i) ...) a b) = (+ (* cs (sum i As@i a b)) ...)",
         "free_of i cs; finite a; finite b",
         says="A finite sum is linear.", source=BOOK, axiom=False),
    rule("sum.constant", "(sum i c 1 b) = (* b c)", "integer b; nonnegative b; free_of i c",
         says="A sum of b equal terms c is b c.", source=BOOK, axiom=False),
    rule("sum.first", "(sum i A@i a b) = (+ (@ A a) (sum i A@i (+ a 1) b))", "integer a; integer b; at_least b a",
         says="The first term of a sum split off.", source=BOOK, axiom=False),
    rule("sum.last", "(sum i A@i a b) = (+ (sum i A@i a (+ b -1)) (@ A b))", "integer a; integer b; at_least b a",
         says="The last term of a sum split off.", source=BOOK, axiom=False),
    rule("sum.one", "(sum i A@i a a) = (@ A a)", "integer a", says="A sum of one term.", source=BOOK, axiom=False),
    rule("product.one", "(product i A@i a a) = (@ A a)", "integer a", says="A product of one factor.", source=BOOK,
         axiom=False),
    rule("product.first", "(product i A@i a b) = (* (@ A a) (product i A@i (+ a 1) b))",
         "integer a; integer b; at_least b a", says="The first factor split off.", source=BOOK, axiom=False),
    rule("product.constant", "(product i c 1 b) = (^ c b)", "integer b; at_least b 1; free_of i c; positive c",
         says="A product of b equal positive factors c is c^b.", source=BOOK, axiom=False),
    rule("log.finite_product", "(log (product i A@i a b)) = (sum i (log A@i) a b)",
         "finite a; finite b; within i a b (positive A@i)",
         says="The logarithm of a finite product of positive factors is the sum of the logarithms.",
         source=BOOK, axiom=False),
    rule("exp.finite_sum", "(exp (sum i A@i a b)) = (product i (exp A@i) a b)",
         says="exp of a finite sum is the product of the exps.", source=BOOK, axiom=False),
)  # fmt: skip
