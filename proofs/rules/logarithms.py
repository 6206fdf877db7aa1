"""Logarithms, exponentials and powers of real numbers."""

from functools import partial

from proofs.rules.language import rule

calculation = partial(
    rule, kind="calculation", source="Rudin, Principles of Mathematical Analysis, ch. 8 (exp, log and powers)"
)
definition = partial(rule, kind="definition")

RULES = (
    calculation("log.product", "(log (* (^ bs es) ...)) = (+ (* es (log bs)) ...)", "positive bs",
                says="The logarithm of a product of powers of positive numbers: exponents times logarithms, added."),
    calculation("log.exp", "(log (exp a)) = a", says="log exp a = a."),
    calculation("exp.sum", "(exp (+ as ...)) = (* (exp as) ...)", says="exp of a sum is the product of the exps."),
    calculation("power.exp", "(^ b k) = (exp (* k (log b)))", "positive b", says="b^k = exp(k log b) for b > 0."),
    calculation("root.square", "(^ (^ b 2) 1/2) = (abs b)", says="The square root of b^2 is |b|."),
    calculation("root.squared", "(^ (^ b 1/2) 2) = b", "nonnegative b", says="The square of a square root."),
    calculation("sqrt.power", "(sqrt a) = (^ a 1/2)", says="The square root is the power 1/2."),
    calculation("abs.positive", "(abs a) = a", "nonnegative a", says="|a| = a for a >= 0."),
    calculation("abs.power", "(abs (^ a k)) = (^ (abs a) k)", "integer k; nonzero a", says="|a^k| = |a|^k."),
    calculation("constant.e", "(^ euler k) = (exp k)", says="e^k = exp k."),
    definition("sigmoid.definition", "(sigmoid a) = (^ (+ 1 (exp (* -1 a))) -1)",
               says="The logistic sigmoid is 1/(1+exp(-a)).", source="Bishop, PRML, (4.59)"),
    definition("logit.definition", "(logit a) = (log (* a (^ (+ 1 (* -1 a)) -1)))",
               "positive a; positive (+ 1 (* -1 a))",
               says="The logit is log(a/(1-a)).", source="Bishop, PRML, (4.62)"),
    definition("softplus.definition", "(softplus a) = (log (+ 1 (exp a)))", says="softplus a = log(1+exp a).",
               source="Murphy, Probabilistic Machine Learning (2022), (2.87)"),
    definition("tanh.definition",
               "(tanh a) = (* (+ (exp a) (* -1 (exp (* -1 a)))) (^ (+ (exp a) (exp (* -1 a))) -1))",
               says="tanh a = (exp a - exp(-a))/(exp a + exp(-a)).", source="Abramowitz and Stegun, 4.5.3"),
)  # fmt: skip
