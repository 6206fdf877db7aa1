"""Indicators of inequalities, and their means under a normal law."""

from proofs.rules.language import rule

BILLINGSLEY = "Billingsley, Probability and Measure, sec. 5"
ABRAMOWITZ = "Abramowitz and Stegun, Handbook of Mathematical Functions"

RULES = (
    rule("indicator.holds", "(indicator (<= a b)) = 1", "nonnegative (+ b (* -1 a))",
         says="The indicator of what holds is 1.", source=BILLINGSLEY, kind="calculation"),
    rule("indicator.fails", "(indicator (<= a b)) = 0", "positive (+ a (* -1 b))",
         says="The indicator of what fails is 0.", source=BILLINGSLEY, kind="calculation"),
    rule("normal.distribution", "(expectation x (normal m v) (indicator (<= x c))) = "
         "(* 1/2 (+ 1 (erf (* (+ c (* -1 m)) (^ (* 2 v) -1/2)))))", "positive v; free_of x c",
         says="The distribution function of a normal law, by the error function.",
         source=f"{ABRAMOWITZ}, 26.2.29"),
    rule("derivative.erf", "(D w (erf A)) = (* 2 (^ pi -1/2) (exp (* -1 (^ A 2))) (D w A))",
         "differentiable w A; scalar_valued A", says="The chain rule for the error function.",
         source=f"{ABRAMOWITZ}, 7.2.1", of="derivative.elementary"),
)  # fmt: skip
