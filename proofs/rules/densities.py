"""Densities, and the quantities that are defined by them."""

from functools import partial

from proofs.rules.language import rule

COVER = "Cover and Thomas, Elements of Information Theory"
definition = partial(rule, kind="definition")
calculation = partial(rule, kind="calculation")

RULES = (
    rule("density.normalised", "(integral x (pdf P x)) = 1", "over x P",
         says="A density integrates to one.", source="Billingsley, Probability and Measure, sec. 20"),
    definition("density.with_density", "(pdf (with_density x D@x) t) = (@ D t)",
               says="The density of the law that has a given density.", source="Billingsley, sec. 20"),
    rule("density.chain",
         "(pdf (family p (xs zs) (gs) (gvs) params) xvs ... zvs ...) = "
         "(* (pdf (family p (xs) (zs gs) (zvs gvs) params) xvs ...) (pdf (family p (zs) (gs) (gvs) params) zvs ...))",
         "support (family p (zs) (gs) (gvs) params)",
         says="A joint density is the conditional density times the marginal.",
         source="Billingsley, sec. 33; Bishop, PRML, (1.11)"),
    calculation("density.order",
                "(pdf (family p (as bs cs ds) (gs) (gvs) params) avs ... bvs ... cvs ... dvs ...) = "
                "(pdf (family p (as cs bs ds) (gs) (gvs) params) avs ... cvs ... bvs ... dvs ...)",
                says="The order of the outcomes of a joint density does not matter.", source="Bishop, PRML, 1.2"),
    rule("density.marginal",
         "(integral z (pdf (family p (xs zs) (gs) (gvs) params) xvs ... z)) = "
         "(pdf (family p (xs) (gs) (gvs) params) xvs ...)",
         "over z (family p (zs) (gs) (gvs) params)",
         says="A joint density integrated over one outcome is the density of the others.",
         source="Billingsley, sec. 20; Bishop, PRML, (1.31)"),
    rule("density.determined", "(pdf P t) = (@ D t)", "over y P; arbitrary h P D@y",
         premise="(expectation y P (call h c y)) = (integral y (* (call h c y) (@ D y)))",
         says="Two densities are one where the mean of every function h is its integral against either.",
         source="Billingsley, Probability and Measure, Theorem 16.10"),
    rule("integral.substitution", "(integral x A@x) = (integral y (* (@ A (call_inverse f x y ps ...)) "
         "(abs (det (at u (D u (call_inverse f x u ps ...)) y)))))", "bijection f; whole x; whole y",
         says="The substitution of a diffeomorphism in an integral.",
         source="Rudin, Real and Complex Analysis, Theorem 7.26"),
    calculation("inverse.left", "(call_inverse f x (call f y x ps ...) ps ...) = x", "bijection f",
                says="The inverse of a bijection undoes it.", source="Rudin, Principles, 1.3"),
    calculation("inverse.right", "(call f y (call_inverse f x y ps ...) ps ...) = y", "bijection f",
                says="A bijection undoes its inverse.", source="Rudin, Principles, 1.3"),
    rule("inverse.jacobian", "(D u (call_inverse f x u ps ...)) = "
         "(inv (at v (D v (call f u v ps ...)) (call_inverse f x u ps ...)))", "bijection f; free_of u ps",
         says="The Jacobian of the inverse is the inverse of the Jacobian.",
         source="Rudin, Principles, Theorem 9.24"),
    definition("bernoulli.mass", "(pdf (bernoulli k) x) = (* (^ k x) (^ (+ 1 (* -1 k)) (+ 1 (* -1 x))))",
               "binary x; positive k; positive (+ 1 (* -1 k))",
               says="The mass function of a Bernoulli law.", source="Casella and Berger, sec. 3.2"),
    definition("exponential.density", "(pdf (exponential r) x) = (* r (exp (* -1 (* r x))))",
               "positive r; nonnegative x",
               says="The density of an exponential law where x >= 0.", source="Casella and Berger, sec. 3.3"),
    definition("laplace.density",
               "(pdf (laplace m b) x) = (* 1/2 (^ b -1) (exp (* -1 (abs (+ x (* -1 m))) (^ b -1))))",
               "positive b", says="The density of a Laplace law.", source="Casella and Berger, sec. 3.3"),
    definition("kl.definition", "(kl P Q) = (expectation x P (log (* (pdf P x) (^ (pdf Q x) -1))))",
               "comparable P Q; support P; support Q", says="KL(P||Q) = E_P log p/q.", source=f"{COVER}, (8.46)"),
    definition("jsd.definition", "(jsd P Q) = (+ "
               "(* 1/2 (kl P (with_density x (* 1/2 (+ (pdf P x) (pdf Q x)))))) "
               "(* 1/2 (kl Q (with_density x (* 1/2 (+ (pdf P x) (pdf Q x)))))))", "over x P; over x Q",
               says="JSD(P||Q) is the mean of the divergences from the midpoint.",
               source="Lin, Divergence measures based on the Shannon entropy (1991), (3.1)-(4.1)"),
    definition("entropy.definition", "(entropy P) = (* -1 (expectation x P (log (pdf P x))))", "support P",
               says="H(P) = -E_P log p.", source=f"{COVER}, (8.1)"),
    definition("cross_entropy.definition", "(cross_entropy P Q) = (* -1 (expectation x P (log (pdf Q x))))",
               "comparable P Q; support P; support Q", says="H(P, Q) = -E_P log q.", source=f"{COVER}, sec. 2.3"),
)  # fmt: skip
