"""Integrals, expectations, variances."""

from functools import partial

from proofs.rules.language import rule

BILLINGSLEY = "Billingsley, Probability and Measure"
linear = partial(rule, source=f"{BILLINGSLEY}, Theorem 16.1, (21.4)", of="integral.linear")
definition = partial(rule, kind="definition")
calculation = partial(rule, kind="calculation")
CASELLA = "Casella and Berger, Statistical Inference, sec. 3.2-3.3, 3.6"

RULES = (
    linear("integral.linear", "(integral x (+ (* cs As@x) ...)) = (+ (* cs (integral x As@x)) ...)",
           "free_of x cs; integrable x As@x", says="The integral is linear on integrable functions."),
    linear("integral.sum", "(integral x (sum i A@x@i a b)) = (sum i (integral x A@x@i) a b)",
           "finite a; finite b; integrable x (sum i A@x@i a b)", says="The integral of a finite sum."),
    calculation("integral.rename", "(integral x A@x) = (integral y A@y)", "same_space x y",
                says="The variable of an integral may have any name of the same space.",
                source=f"{BILLINGSLEY}, sec. 15"),
    rule("expectation.integral", "(expectation x P A@x) = (integral x (* (pdf P x) A@x))", "over x P",
         says="An expectation is the integral against the density.", source=f"{BILLINGSLEY}, Theorem 16.11, (21.1)"),
    linear("expectation.linear", "(expectation x P (+ (* cs As@x) ...)) = (+ (* cs (expectation x P As@x)) ...)",
           "free_of x cs; integrable x As@x P", says="Expectation is linear on integrable random variables."),
    linear("expectation.matrix", "(expectation x P (* A B@x C)) = (* A (expectation x P B@x) C)",
           "free_of x A; free_of x C; integrable x B@x P",
           says="Constant matrices leave an expectation, in order."),
    linear("expectation.transpose", "(expectation x P (T B@x)) = (T (expectation x P B@x))", "integrable x B@x P",
           says="The expectation of a transpose."),
    linear("expectation.trace", "(expectation x P (tr B@x)) = (tr (expectation x P B@x))", "integrable x B@x P",
           says="The expectation of a trace is the trace of the expectation."),
    linear("expectation.sum", "(expectation x P (sum i A@x@i a b)) = (sum i (expectation x P A@x@i) a b)",
           "finite a; finite b; integrable x (sum i A@x@i a b) P", says="The expectation of a finite sum."),
    rule("expectation.constant", "(expectation x P c) = c", "free_of x c",
         says="The expectation of a constant: a law has mass one.", source=f"{BILLINGSLEY}, sec. 21"),
    definition("variance.definition", "(variance x P A@x) = (covariance x P A@x A@x)",
               says="The variance is the covariance with itself.", source=f"{BILLINGSLEY}, (21.8)"),
    definition("covariance.definition", "(covariance x P A@x B@x) = (+ (expectation x P (* A@x (T B@x))) "
               "(* -1 (* (expectation x P A@x) (T (expectation x P B@x)))))", "integrable x (* A@x (T B@x)) P",
               says="Cov(A, B) = E A B^T - E A (E B)^T.", source="Anderson, 2.2"),
    rule("area.formula", "(integral e A@e) = "
         "(integral x (preimages e x F@e (* A@e (^ (abs (det (D e F@e))) -1))))", "regular e F@e x; integrable e A@e",
         says="An integral is one over the values of a map of the sums over their preimages, each over |det DF|.",
         source="Federer, Geometric Measure Theory, 3.2.5; Evans and Gariepy, Theorem 3.9"),
    calculation("preimages.constant", "(preimages e x F@e (* (@ B F@e) A@e)) = (* (@ B x) (preimages e x F@e A@e))",
                says="What depends on the image only is constant on preimages.", source=f"{BILLINGSLEY}, sec. 13"),
    rule("pushforward.expectation", "(expectation y (pushforward x P G@x) A@y) = (expectation x P (@ A G@x))",
         says="The law of the unconscious statistician.", source=f"{BILLINGSLEY}, Theorem 16.13, (21.1)"),
    definition("bernoulli.expectation",
               "(expectation x (bernoulli k) A@x) = (+ (* k (@ A 1)) (* (+ 1 (* -1 k)) (@ A 0)))",
               says="The expectation under a Bernoulli law.", source=f"{BILLINGSLEY}, sec. 5"),
    definition("uniform_choice.expectation",
               "(expectation x (uniform_choice as ...) A@x) = (* (^ (count as) -1) (+ (@ A as) ...))",
               says="The expectation under a uniform choice is the average.", source=f"{BILLINGSLEY}, sec. 5"),
    rule("uniform.expectation", "(expectation x (uniform a b) A@x) = "
         "(* (^ (+ b (* -1 a)) -1) (integral x A@x a b))", "positive (+ b (* -1 a))",
         says="An expectation under U(a, b) is the integral over (a, b) divided by the length.",
         source="Casella and Berger, sec. 3.3"),
    rule("uniform.power", "(expectation x (uniform a b) (^ x k)) = (* (^ (+ k 1) -1) (^ (+ b (* -1 a)) -1) "
         "(+ (^ b (+ k 1)) (* -1 (^ a (+ k 1)))))", "integer k; at_least k 1; positive (+ b (* -1 a))",
         says="The moments of U(a, b).", source=CASELLA),
    rule("exponential.power", "(expectation x (exponential r) (^ x k)) = "
         "(* k (^ r -1) (expectation x (exponential r) (^ x (+ k -1))))", "integer k; at_least k 1; positive r",
         says="The moments of an exponential law with rate r, one from the other.", source=CASELLA),
    rule("poisson.shift", "(expectation x (poisson r) (* x A@x)) = (* r (expectation x (poisson r) (@ A (+ x 1))))",
         "integrable x (* x A@x) (poisson r)", says="E x A(x) = r E A(x + 1) under a Poisson law.",
         source="Casella and Berger, Statistical Inference, Theorem 3.6.8 (Hwang)"),
)  # fmt: skip
