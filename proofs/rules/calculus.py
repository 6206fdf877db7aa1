"""Derivatives.  ``(D w A)`` is by a scalar or a vector; conditions say where a rule is for scalars only."""

from functools import partial

from proofs.rules.language import rule

RUDIN = "Rudin, Principles of Mathematical Analysis"
theorem = partial(rule, source=f"{RUDIN}, ch. 5, 9")
calculation = partial(rule, source=f"{RUDIN}, ch. 5, 9", kind="calculation")
elementary = partial(rule, source=f"{RUDIN}, ch. 5, 8", of="derivative.elementary")
leibniz = partial(rule, source="Billingsley, Probability and Measure, Theorem 16.8", of="derivative.integral")

UNARY = {
    "exp": "(exp A)", "log": "(^ A -1)", "sin": "(cos A)", "cos": "(* -1 (sin A))", "sinh": "(cosh A)",
    "cosh": "(sinh A)", "tanh": "(+ 1 (* -1 (^ (tanh A) 2)))", "sigmoid": "(* (sigmoid A) (+ 1 (* -1 (sigmoid A))))",
    "softplus": "(sigmoid A)", "arctan": "(^ (+ 1 (^ A 2)) -1)",
}  # fmt: skip

RULES = (
    calculation("derivative.constant", "(D w A) = (zeros_of (D w A))", "free_of w A",
                says="The derivative of what does not depend on the variable is 0."),
    calculation("derivative.self", "(D w w) = (unit w)", says="The derivative of the variable itself: 1, or I."),
    theorem("derivative.linear", "(D w (+ (* cs As) ...)) = (+ (* cs (D w As)) ...)",
            "free_of w cs; differentiable w As", says="Differentiation is linear."),
    theorem("derivative.sum", "(D w (sum i A@i a b)) = (sum i (D w A@i) a b)",
            "finite a; finite b; free_of w a; free_of w b; differentiable w A@i",
            says="The derivative of a finite sum.", of="derivative.linear"),
    theorem("derivative.product", "(D w (* A B)) = (+ (* A (D w B)) (* B (D w A)))",
            "scalar_valued A; scalar_valued B; differentiable w A; differentiable w B",
            says="The product rule, for scalars."),
    elementary("derivative.power", "(D w (^ A k)) = (* k (^ A (+ k -1)) (D w A))",
               "free_of w k; smooth_power A k; differentiable w A; scalar_valued A", says="The power rule."),
    *(
        elementary(f"derivative.{f}", f"(D w ({f} A)) = (* {d} (D w A))",
                   "differentiable w A; scalar_valued A" + ("; positive A" if f == "log" else ""),
                   says=f"The chain rule for {f}.")
        for f, d in UNARY.items()
    ),
    theorem("derivative.chain", "(D w (@ F G)) = (* (at y (D y F@y) G) (D w G))",
            "scalar_valued G; differentiable w G; differentiable y F@y; free_of w F@y; scalar_valued F@y",
            says="The chain rule."),
    leibniz("derivative.integral", "(D w (integral x A@x)) = (integral x (D w A@x))", "dominated w A@x",
            says="A derivative under the integral sign."),
    leibniz("derivative.expectation", "(D w (expectation x P A@x)) = (expectation x P (D w A@x))",
            "free_of w P; dominated w A@x",
            says="A derivative under an expectation whose law does not depend on it."),
    theorem("derivative.quadratic", "(D w (* (T w) A w)) = (+ (* A w) (* (T A) w))",
            "free_of w A; scalar_valued (* (T w) A w)", says="The gradient of w^T A w is (A + A^T) w."),
    theorem("derivative.inner", "(D w (* (T b) w)) = b", "free_of w b; scalar_valued (* (T b) w)",
            says="The gradient of b^T w is b.", of="derivative.linear"),
    theorem("derivative.matrix", "(D w (* A w)) = A", "free_of w A", says="The Jacobian of A w is A.",
            of="derivative.linear"),
    calculation("derivative.entries", "(D w (matrix_column as ...)) = (matrix_column (D w as) ...)",
                "scalar_valued w; differentiable w as",
                says="The derivative of a column by a scalar is taken entry by entry."),
    calculation("derivative.several", "(Ds ws A) = (matrix_column (D ws A) ...)", "scalar_valued A; scalar_valued ws",
                says="The gradient by several variables is the column of the partial derivatives."),
    calculation("derivative.jacobian", "(Ds ws (matrix_column as ...)) = (jacobian ws as)",
                "scalar_valued as; scalar_valued ws",
                says="The Jacobian of a column by several variables is the matrix of the partial derivatives."),
    calculation("at.value", "(at x A@x t) = (@ A t)", says="A body where its variable has a value."),
)  # fmt: skip
