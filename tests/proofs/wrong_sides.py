"""For rules that ask for little: right sides that are wrong by a sign, a factor, an order, a lost or a captured part.

Written as in the rules; the kernel must not carry the left side of the rule's case to any of them.
"""

WRONG = {
    "root.square": ["b", "(* -1 b)", "(^ (abs b) 2)"],
    "sqrt.power": ["(^ a 2)", "(^ a -1/2)", "(* 1/2 a)"],
    "abs.product": ["(+ (abs as) ...)", "(* as ...)", "(abs (+ as ...))"],
    "constant.e": ["(exp (* -1 k))", "(* k euler)", "(exp (exp k))"],
    "sigmoid.definition": ["(^ (+ 1 (exp a)) -1)", "(^ (+ 1 (* -1 (exp (* -1 a)))) -1)", "(+ 1 (exp (* -1 a)))"],
    "softplus.definition": ["(log (+ 1 (exp (* -1 a))))", "(log (+ 2 (exp a)))", "(+ 1 (exp a))"],
    "tanh.definition": [
        "(* (+ (exp a) (exp (* -1 a))) (^ (+ (exp a) (* -1 (exp (* -1 a)))) -1))",
        "(* (+ (exp (* -1 a)) (* -1 (exp a))) (^ (+ (exp a) (exp (* -1 a))) -1))",
        "(* 1/2 (+ (exp a) (* -1 (exp (* -1 a)))))",
    ],
    "sum.linear": [
        "(+ (sum i As@i a b) ...)", "(+ (* cs (sum i As@i a (+ b 1))) ...)", "(+ (* cs (sum i As@i b a)) ...)",
    ],
    "integral.linear": [
        "(+ (integral x As@x) ...)", "(* (* cs (integral x As@x)) ...)", "(+ (* -1 (* cs (integral x As@x))) ...)",
    ],
    "integral.sum": [
        "(sum i (integral x A@x@i) b a)", "(* 2 (sum i (integral x A@x@i) a b))", "(product i (integral x A@x@i) a b)",
    ],
    "expectation.linear": [
        "(+ (expectation x P As@x) ...)", "(* (* cs (expectation x P As@x)) ...)",
        "(+ 1 (+ (* cs (expectation x P As@x)) ...))",
    ],
    "expectation.transpose": [
        "(expectation x P B@x)", "(* -1 (T (expectation x P B@x)))", "(T (T (expectation x P B@x)))",
    ],
    "expectation.trace": [
        "(det (expectation x P B@x))", "(* -1 (tr (expectation x P B@x)))", "(* 2 (tr (expectation x P B@x)))",
    ],
    "expectation.sum": [
        "(sum i (expectation x P A@x@i) b a)", "(sum i (expectation x P A@x@i) a (+ b 1))",
        "(product i (expectation x P A@x@i) a b)",
    ],
    "expectation.constant": ["(* 2 c)", "1", "x"],
    "variance.definition": [
        "(expectation x P (^ A@x 2))", "(* 2 (covariance x P A@x A@x))", "(covariance x P A@x (* 2 A@x))",
    ],
    "covariance.definition": [
        "(expectation x P (* A@x (T B@x)))",
        "(+ (expectation x P (* B@x (T A@x))) (* -1 (* (expectation x P B@x) (T (expectation x P A@x)))))",
        "(+ (expectation x P (* A@x (T A@x))) (* -1 (* (expectation x P A@x) (T (expectation x P A@x)))))",
    ],
    "area.formula": [
        "(integral x (preimages e x F@e A@e))",
        "(integral x (preimages e x F@e (* A@e (abs (det (D e F@e))))))",
        "(integral x (preimages e x F@e (* A@e (^ (det (D e F@e)) -1))))",
        "(* 2 (integral x (preimages e x F@e (* A@e (^ (abs (det (D e F@e))) -1)))))",
    ],
    "preimages.constant": [
        "(preimages e x F@e A@e)", "(* (@ B x) (@ B x) (preimages e x F@e A@e))",
        "(* -1 (* (@ B x) (preimages e x F@e A@e)))",
    ],
    "pushforward.expectation": [
        "(expectation x P G@x)", "(expectation x P A@x)", "(@ A (expectation x P (* 2 G@x)))",
    ],
    "bernoulli.expectation": [
        "(+ (* k (@ A 0)) (* (+ 1 (* -1 k)) (@ A 1)))", "(* k (+ (@ A 1) 1))", "(+ (@ A 1) (@ A 0))",
    ],
    "uniform_choice.expectation": [
        "(+ (@ A as) ...)", "(* 1/2 (+ (@ A as) ...))", "(* (^ (count as) -1) (+ as ...))",
    ],
    "uniform.power": [
        "(* (^ (+ k 1) -1) (^ b (+ k 1)))", "(^ (* 1/2 (+ a b)) k)",
        "(* (^ k -1) (^ (+ b (* -1 a)) -1) (+ (^ b (+ k 1)) (* -1 (^ a (+ k 1)))))",
    ],
    "exponential.power": [
        "(* k r (expectation x (exponential r) (^ x (+ k -1))))",
        "(* (^ r -1) (expectation x (exponential r) (^ x (+ k -1))))",
        "(* k (^ r -1) (expectation x (exponential r) (^ x k)))",
    ],
    "poisson.shift": [
        "(* r (expectation x (poisson r) A@x))", "(expectation x (poisson r) (@ A (+ x 1)))",
        "(* r (expectation x (poisson r) (@ A (+ x -1))))",
    ],
    "density.with_density": ["(* 2 (@ D t))", "(@ D (+ t 1))", "(^ (@ D t) -1)"],
    "normal.mean": ["S", "(* -1 m)", "(+ m S)"],
    "normal.entry_mean": ["(* -1 (entry m i))", "(entry S i i)", "(+ (entry m i) 1)"],
    "normal.second": ["S", "(* m (T m))", "(+ S (* -1 (* m (T m))))"],
    "normal.entry": ["(entry S i j)", "(* (entry m i) (entry m j))", "(+ (entry S i j) (entry m i))"],
    "trace.transpose": ["(* -1 (tr A))", "(det A)", "(tr (* A A))"],
    "trace.identity": ["1", "(+ (dim A) 1)", "(det (eye A))"],
    "trace.diag": ["(sum i (entry v i) 2 (dim v))", "(product i (entry v i) 1 (dim v))", "(dim v)"],
    "det.transpose": ["(* -1 (det A))", "(^ (det A) -1)", "(tr A)"],
    "det.identity": ["(dim A)", "0", "-1"],
    "det.two": ["(+ (* a d) (* b c))", "(+ (* b c) (* -1 a d))", "(* a d)"],
    "det.three": [
        "(* a e i)",
        "(+ (* a e i) (* b f g) (* c d h) (* c e g) (* b d i) (* a f h))",
        "(+ (* a e i) (* b f g) (* -1 c d h) (* -1 c e g) (* -1 b d i) (* -1 a f h))",
    ],
    "det.diag": ["(sum i (entry v i) 1 (dim v))", "(product i (entry v i) 2 (dim v))", "1"],
    "det.sylvester": [
        "(det (* B A))", "(det (+ (eye (* B A)) (* -1 (* B A))))", "(* -1 (det (+ (eye (* B A)) (* B A))))",
        "(det (+ (eye (* A B)) (* (T B) (T A))))",
    ],
    "inverse.after": ["(* -1 (eye A))", "A", "(* 2 (eye A))"],
    "inverse.before": ["(* -1 (eye A))", "(inv A)", "(zeros_of A)"],
    "hadamard.commute": ["(hadamard u u)", "(* -1 (hadamard v u))", "(+ u v)"],
    "diag.hadamard": ["(diag u)", "(+ (diag u) (diag v))", "(* (diag u) (diag u))"],
    "norm.root": ["(* (T x) x)", "(^ (* (T x) x) -1/2)", "(* 1/2 (T x) x)"],
    "inner.sum": [
        "(sum i (* (entry x i) (entry x i)) 1 (dim x))", "(sum i (* (entry x i) (entry y i)) 2 (dim x))",
        "(sum i (+ (entry x i) (entry y i)) 1 (dim x))",
    ],
    "entry.hadamard": ["(entry u i)", "(+ (entry u i) (entry v i))", "(* (entry u i) (entry u i))"],
    "entry.power": ["(entry v i)", "(* k (entry v i))", "(^ (entry v i) (* -1 k))"],
    "entry.diag": ["(^ (entry v i) 2)", "(* -1 (entry v i))", "0"],
    "entry.diag_times": ["(entry x i)", "(+ (entry v i) (entry x i))", "(* 2 (entry v i) (entry x i))"],
    "entry.zero": ["1", "-1", "(entry A i)"],
    "entry.ones": ["0", "2", "(entry A i)"],
    "entry.identity": ["0", "(dim A)", "(entry A i i)"],
    "derivative.self": ["0", "w", "2"],
    "derivative.sum": [
        "(sum i (D w A@i) b a)", "(sum i A@i a b)", "(sum i (D w A@i) a (+ b 1))",
    ],
    "derivative.exp": ["(* A (exp A) (D w A))", "(exp A)", "(* -1 (exp A) (D w A))"],
    "derivative.sin": ["(* -1 (cos A) (D w A))", "(cos A)", "(* (sin A) (D w A))"],
    "derivative.cos": ["(* (sin A) (D w A))", "(* -1 (sin A))", "(* (cos A) (D w A))"],
    "derivative.sinh": ["(* -1 (cosh A) (D w A))", "(cosh A)", "(* (sinh A) (D w A))"],
    "derivative.cosh": ["(* -1 (sinh A) (D w A))", "(sinh A)", "(* (cosh A) (D w A))"],
    "derivative.tanh": [
        "(* (+ 1 (^ (tanh A) 2)) (D w A))", "(+ 1 (* -1 (^ (tanh A) 2)))", "(* (+ 1 (* -1 (tanh A))) (D w A))",
    ],
    "derivative.sigmoid": [
        "(* (sigmoid A) (+ 1 (sigmoid A)) (D w A))", "(* (sigmoid A) (+ 1 (* -1 (sigmoid A))))",
        "(* -1 (sigmoid A) (+ 1 (* -1 (sigmoid A))) (D w A))",
    ],
    "derivative.softplus": ["(* (softplus A) (D w A))", "(sigmoid A)", "(* -1 (sigmoid A) (D w A))"],
    "derivative.arctan": [
        "(* (^ (+ 1 (* -1 (^ A 2))) -1) (D w A))", "(^ (+ 1 (^ A 2)) -1)", "(* (+ 1 (^ A 2)) (D w A))",
    ],
    "derivative.entries": ["(matrix_column as ...)", "(* 2 (matrix_column (D w as) ...))", "(matrix_column w w)"],
    "derivative.several": ["(matrix_column A A)", "(* -1 (matrix_column (D ws A) ...))", "(matrix_column ws ...)"],
    "derivative.jacobian": ["(* -1 (jacobian ws as))", "(T (jacobian ws as))", "(+ (jacobian ws as) (jacobian ws as))"],
    "at.value": ["(@ A 0)", "(* 2 (@ A t))", "t"],
}  # fmt: skip
