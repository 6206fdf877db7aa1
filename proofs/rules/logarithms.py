"""Logarithms, exponentials and powers of real numbers."""

from proofs.rules.language import rule

BOOK = "Rudin, Principles of Mathematical Analysis, ch. 8 (the exponential and logarithmic functions)"

RULES = (
    rule("log.product", "(log (* (^ bs es) ...)) = (+ (* es (log bs)) ...)", "positive bs",
         says="The logarithm of a product of powers of positive numbers is the sum of the exponents times the "
              "logarithms.", source=BOOK, axiom=False),
    rule("log.square", "(log (^ b 2)) = (* 2 (log (abs b)))", "nonzero b", says="log b^2 = 2 log |b|.", source=BOOK,
         axiom=False),
    rule("log.one", "(log 1) = 0", says="log 1 = 0.", source=BOOK, axiom=False),
    rule("log.exp", "(log (exp a)) = a", says="log exp a = a.", source=BOOK, axiom=False),
    rule("exp.log", "(exp (+ (* k (log b)) r)) = (* (^ b k) (exp r))", "positive b",
         says="exp(k log b + r) = b^k exp r for b > 0.", source=BOOK, axiom=False),
    rule("exp.sum", "(exp (+ as ...)) = (* (exp as) ...)", says="exp of a sum is the product of the exps.",
         source=BOOK, axiom=False),
    rule("exp.power", "(^ (exp a) k) = (exp (* k a))", says="(exp a)^k = exp(k a).", source=BOOK, axiom=False),
    rule("exp.zero", "(exp 0) = 1", says="exp 0 = 1.", source=BOOK, axiom=False),
    rule("power.exp", "(^ b k) = (exp (* k (log b)))", "positive b",
         says="b^k = exp(k log b) for b > 0.", source=BOOK, axiom=False),
    rule("power.sum", "(^ b (+ ks ...)) = (* (^ b ks) ...)", "positive b",
         says="b^(k+l) = b^k b^l for b > 0.", source=BOOK, axiom=False),
    rule("power.product", "(^ (* bs ...) k) = (* (^ bs k) ...)", "positive bs",
         says="(ab)^k = a^k b^k for positive a and b.", source=BOOK, axiom=False),
    rule("root.square", "(^ (^ b 2) 1/2) = (abs b)", says="The square root of b^2 is |b|.", source=BOOK, axiom=False),
    rule("root.squared", "(^ (^ b 1/2) 2) = b", "nonnegative b", says="The square of a square root.", source=BOOK,
         axiom=False),
    rule("sqrt.power", "(sqrt a) = (^ a 1/2)", says="The square root is the power 1/2.", source=BOOK, axiom=False),
    rule("abs.positive", "(abs a) = a", "nonnegative a", says="|a| = a for a >= 0.", source=BOOK, axiom=False),
    rule("abs.negative", "(abs a) = (* -1 a)", "nonnegative (* -1 a)", says="|a| = -a for a <= 0.", source=BOOK,
         axiom=False),
    rule("abs.product", "(abs (* as ...)) = (* (abs as) ...)", says="|ab| = |a||b|.", source=BOOK, axiom=False),
    rule("abs.power", "(abs (^ a k)) = (^ (abs a) k)", "integer k; nonzero a", says="|a^k| = |a|^k.", source=BOOK,
         axiom=False),
    rule("abs.squared", "(^ (abs a) 2) = (^ a 2)", says="|a|^2 = a^2.", source=BOOK, axiom=False),
    rule("constant.e", "(^ euler k) = (exp k)", says="e^k = exp k.", source=BOOK, axiom=False),
    rule("sigmoid.definition", "(sigmoid a) = (^ (+ 1 (exp (* -1 a))) -1)",
         says="The logistic sigmoid is 1/(1+exp(-a)).", source="Bishop, PRML, (4.59)"),
    rule("logit.definition", "(logit a) = (log (* a (^ (+ 1 (* -1 a)) -1)))", "positive a; positive (+ 1 (* -1 a))",
         says="The logit is log(a/(1-a)).", source="Bishop, PRML, (4.62)"),
    rule("softplus.definition", "(softplus a) = (log (+ 1 (exp a)))", says="softplus a = log(1+exp a).",
         source="Murphy, Probabilistic Machine Learning (2022), (2.87)"),
    rule("tanh.definition", "(tanh a) = (* (+ (exp a) (* -1 (exp (* -1 a)))) (^ (+ (exp a) (exp (* -1 a))) -1))",
         says="tanh a = (exp a - exp(-a))/(exp a + exp(-a)).", source="Abramowitz and Stegun, 4.5.3"),
)  # fmt: skip
