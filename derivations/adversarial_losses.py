"""Cross-entropy losses of both players: which may be minimised, and where their gradients vanish."""

from derivations.catalogue import Entry, Part, Source
from proofs.schemes import ALL, Scheme

UNIT = r"Let $D\in(0,1)$ and $E\in(0,1)$."
PAIR = (r"D<E",)  # two values of the discriminator's output, for what grows or falls

ENTRIES = (
    Entry(
        "gan.generator-loss-a",
        "Cross-entropy with label one",
        r"CE(1,D) = -\log D \text{ is strictly decreasing and smallest at } D=1",
        Source("000", "Q7a", "the loss -log D for the generator"),
        given=UNIT,
        scheme=Scheme("decreasing", "D", "E"),
        parts=(
            Part(r"-\log D > -\log E", conditions=PAIR),
            Part(r"-\log D > -\log 1", role="every D < 1 gives more than D = 1"),
            Part(r"-\left[1\cdot\log D+(1-1)\log(1-D)\right] = -\log D", role="CE(1, D)"),
        ),
        wrong=(
            Part(r"-\log D < -\log E", conditions=PAIR),
            Part(r"\log D > \log E", conditions=PAIR),
            Part(r"-\log D > -2\log E", conditions=PAIR),
            r"-\log D < -\log 1",
        ),
    ),
    Entry(
        "gan.generator-loss-b",
        "Cross-entropy of a negative output",
        r"CE(1,-D) \text{ is real for some } D\in(0,1]",
        Source("000", "Q7b", "the logarithm of a negative number"),
        holds=False,
        given=r"Let $D\in(0,1]$.",
        domains={"D": "positive"},
        scheme=ALL,
        parts=(Part(r"-D > 0", role="what a real logarithm of -D needs"),),
        fix=(Part(r"-D < 0", role="for every D, so that log(-D) is not real"),),
        wrong=(r"-D > -\frac12 D", r"-D = 0", r"-D \ge 1"),
    ),
    Entry(
        "gan.generator-loss-c",
        "Cross-entropy of the complement",
        r"CE(1,1-D) \text{ is smallest at } D=1",
        Source("000", "Q7c", "the loss -log(1-D) falls towards D = 1"),
        holds=False,
        given=UNIT,
        scheme=ALL,
        parts=(Part(r"-\log(1-D) > -\log(1-E)", conditions=PAIR, role="it falls as D grows to 1"),),
        fix=(
            Part(r"-\log(1-D) < -\log(1-E)", conditions=PAIR, role="it grows with D"),
            Part(r"-\log(1-D) > -\log(1-0)", role="and is smallest at D = 0"),
        ),
        wrong=(
            r"-\log(1-D) < -\log(1-0)",
            r"\log(1-D) > \log(1-0)",
            Part(r"-\log(1+D) < -\log(1+E)", conditions=PAIR),
        ),
    ),
    Entry(
        "gan.generator-loss-d",
        "Cross-entropy of the reciprocal",
        r"CE(1,1/D) \text{ is smallest at } D=1",
        Source("000", "Q7d", "the loss -log(1/D)"),
        holds=False,
        given=UNIT,
        scheme=ALL,
        parts=(Part(r"-\log\frac1D \ge -\log\frac11", role="no D gives less than D = 1"),),
        fix=(
            Part(r"-\log\frac1D = \log D", role="it is log D"),
            Part(
                r"-\log\frac1D < -\log\frac1E",
                conditions=PAIR,
                derivation=r"-\log\frac1D = \log D < \log E = -\log\frac1E",
                role="strictly increasing",
            ),
            Part(
                r"-\log\frac{1}{e^{-M}} = -M",
                given=r"Let $M>0$.",
                role="and unbounded below: at D = exp(-M) it is -M",
            ),
        ),
        wrong=(
            r"-\log\frac1D = -\log D",
            r"-\log\frac1D = 2\log D",
            Part(r"-\log\frac1D > -\log\frac1E", conditions=PAIR),
        ),
    ),
    Entry(
        "gan.discriminator-loss-a",
        "A loss that grows as D falls: CE(1, D)",
        r"CE(1,D) = -\log D \text{ grows as } D \text{ falls to } 0",
        Source("000", "Q8a"),
        given=UNIT,
        scheme=Scheme("decreasing", "D", "E"),
        parts=(
            Part(r"-\log D > -\log E", conditions=PAIR),
            Part(r"-\log e^{-M} = M", given="Let $M>0$.", role="beyond every bound: at D = exp(-M) it is M"),
        ),
        wrong=(
            Part(r"-\log D < -\log E", conditions=PAIR),
            Part(r"\log D > \log E", conditions=PAIR),
            Part(r"-\log D > -\log\frac E2", conditions=PAIR),
        ),
    ),
    Entry(
        "gan.discriminator-loss-b",
        "A loss that grows as D falls: -CE(1, D)",
        r"-CE(1,D) \text{ grows as } D \text{ falls to } 0",
        Source("000", "Q8b", "the only one of four options that falls"),
        holds=False,
        given=UNIT,
        scheme=ALL,
        parts=(Part(r"\log D > \log E", conditions=PAIR, role="-CE(1, D) = log D grows as D falls"),),
        fix=(Part(r"\log D < \log E", conditions=PAIR, role="it falls"),),
        wrong=(
            Part(r"\log D < \log E - 1", conditions=PAIR),
            Part(r"-\log D < -\log E", conditions=PAIR),
            Part(r"\log D < 2\log E", conditions=PAIR),
        ),
    ),
    Entry(
        "gan.discriminator-loss-c",
        "A loss that grows as D falls: CE(1, 1+D)",
        r"CE(1,1+D) = -\log(1+D) \text{ grows as } D \text{ falls to } 0",
        Source("000", "Q8c"),
        given=UNIT,
        scheme=Scheme("decreasing", "D", "E"),
        parts=(Part(r"-\log(1+D) > -\log(1+E)", conditions=PAIR),),
        wrong=(
            Part(r"-\log(1+D) < -\log(1+E)", conditions=PAIR),
            Part(r"-\log(1-D) > -\log(1-E)", conditions=PAIR),
            Part(r"-\log(1+D) > -\frac12\log(1+E)", conditions=PAIR),
        ),
    ),
    Entry(
        "gan.discriminator-loss-d",
        "A loss that grows as D falls: -CE(1, 1-D)",
        r"-CE(1,1-D) = \log(1-D) \text{ grows as } D \text{ falls to } 0",
        Source("000", "Q8d"),
        given=UNIT,
        scheme=Scheme("decreasing", "D", "E"),
        parts=(Part(r"\log(1-D) > \log(1-E)", conditions=PAIR),),
        wrong=(
            Part(r"\log(1-D) < \log(1-E)", conditions=PAIR),
            Part(r"-\log(1-D) > -\log(1-E)", conditions=PAIR),
            Part(r"\log(1+D) > \log(1+E)", conditions=PAIR),
        ),
    ),
    Entry(
        "gan.saturating-gradient",
        "The saturating loss has no gradient where the generator is bad",
        r"\frac{\partial}{\partial l}\log(1-\sigma(l)) = -\sigma(l) \to 0",
        Source("001, 003", "Q7, Q2.4"),
        given=r"Let $l\in\mathbb{R}$.",
        scheme=ALL,
        parts=(
            Part(r"\frac{\partial}{\partial l}\log(1-\sigma(l)) = -\sigma(l)"),
            Part(
                r"|-D-0| \le 1\cdot D",
                given=r"Let $D\in(0,1)$.",
                role="with D = sigma(l): the gradient -D is as close to 0 as D is",
            ),
        ),
        wrong=(
            r"\frac{\partial}{\partial l}\log(1-\sigma(l)) = 1-\sigma(l)",
            r"\frac{\partial}{\partial l}\log(1-\sigma(l)) = -2\sigma(l)",
            r"\frac{\partial}{\partial l}\log(1-\sigma(l)) = -(1-\sigma(l))",
            r"\frac{\partial}{\partial l}\log(1-\sigma(l)) = -\frac{1}{1-\sigma(l)}",
        ),
    ),
    Entry(
        "gan.non-saturating-gradient",
        "The non-saturating loss keeps its gradient",
        r"\frac{\partial}{\partial l}\left(-\log\sigma(l)\right) = -(1-\sigma(l)) \to -1",
        Source("001, 003", "Q7, Q2.4"),
        given=r"Let $l\in\mathbb{R}$.",
        scheme=ALL,
        parts=(
            Part(r"\frac{\partial}{\partial l}\left(-\log\sigma(l)\right) = -(1-\sigma(l))"),
            Part(
                r"|-(1-D)-(-1)| \le 1\cdot D",
                given=r"Let $D\in(0,1)$.",
                role="with D = sigma(l): the gradient -(1-D) is as close to -1 as D is to 0",
            ),
        ),
        wrong=(
            r"\frac{\partial}{\partial l}\left(-\log\sigma(l)\right) = 1-\sigma(l)",
            r"\frac{\partial}{\partial l}\left(-\log\sigma(l)\right) = -\sigma(l)",
            r"\frac{\partial}{\partial l}\left(-\log\sigma(l)\right) = -\frac{1}{\sigma(l)}",
        ),
    ),
)
