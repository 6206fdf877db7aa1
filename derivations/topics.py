"""The order in which a reader meets the claims."""

from typing import NamedTuple


class Topic(NamedTuple):
    """A heading and the ids under it."""

    title: str
    ids: tuple[str, ...]


TOPICS = (
    Topic(
        "Divergences",
        (
            "kl.nonnegative", "kl.argument-order", "kl.maximum-likelihood", "kl.univariate-gaussian",
            "kl.univariate-intermediate", "kl.to-standard-normal", "kl.minimum", "kl.multivariate-gaussian",
            "kl.diagonal-standard-deviations", "kl.diagonal-as-written", "gan.jsd-bounds",
        ),
    ),
    Topic(
        "The adversarial game",
        (
            "gan.value-in-data-space", "gan.pointwise-maximum", "gan.pointwise-maximum-unrestricted",
            "gan.optimal-discriminator", "gan.equilibrium-half", "gan.value-is-jsd", "gan.value-at-convergence",
            "gan.global-minimum", "gan.saddle-point",
        ),
    ),
    Topic(
        "Adversarial losses",
        (
            "gan.generator-loss-a", "gan.generator-loss-b", "gan.generator-loss-c", "gan.generator-loss-d",
            "gan.discriminator-loss-a", "gan.discriminator-loss-b", "gan.discriminator-loss-c",
            "gan.discriminator-loss-d", "gan.saturating-gradient", "gan.non-saturating-gradient",
        ),
    ),
    Topic(
        "Distances between supports, coverage",
        (
            "gan.disjoint-supports", "gan.wasserstein-shift", "gan.uncovered-region-densities",
            "gan.uncovered-region-discriminator", "gan.coverage-metric",
        ),
    ),
    Topic(
        "The evidence bound",
        (
            "elbo.decomposition", "elbo.lower-bound", "elbo.gap-swapped", "elbo.negative-loss", "elbo.sum-over-x",
            "elbo.posterior-weighted", "elbo.amortization", "elbo.entropy-free-collapse", "elbo.unused-latent",
            "elbo.beta-regularisation", "elbo.aggregate-posterior", "elbo.marginal-by-sampling",
            "elbo.log-marginal-by-sampling", "elbo.prior-sampling-inefficiency",
        ),
    ),
    Topic(
        "Bernoulli decoders", ("elbo.bernoulli-likelihood", "elbo.bernoulli-as-written", "elbo.first-epoch-loss")
    ),
    Topic(
        "The linear variational autoencoder",
        (
            "linear-vae.reconstruction", "linear-vae.kl", "linear-vae.elbo", "linear-vae.evidence",
            "linear-vae.posterior", "linear-vae.tight-at-posterior", "linear-vae.gradients", "linear-vae.training",
        ),
    ),
    Topic(
        "Estimators", ("est.sample-mean", "est.linear-plug-in", "est.nonlinear-plug-in")
    ),
    Topic(
        "Gradients of expectations",
        (
            "grad.score-function", "grad.score-function-as-transcribed", "grad.score-has-zero-mean",
            "grad.score-function-step", "grad.reparameterization", "grad.reparameterization-step",
            "grad.reparameterized-diagonal", "grad.reparameterized-full-covariance", "grad.square-root-not-symmetric",
            "grad.bernoulli-not-reparameterizable", "grad.estimator-variances",
        ),
    ),
    Topic(
        "Flows",
        (
            "flow.change-of-variables", "flow.change-of-variables-as-written", "flow.composition",
            "flow.composition-missing-log", "flow.gram-determinant", "flow.negative-log-likelihood",
            "flow.non-invertible-map", "flow.chain-rule-density", "flow.dequantization", "flow.coupling-inverse",
            "flow.coupling-log-determinant", "flow.coupling-positive", "flow.log-is-exp", "flow.determinant-cost",
        ),
    ),
    Topic("Decisions, latent arithmetic", ("bayes.chinese-room", "latent.arithmetic")),
    Topic(
        "Shapes and costs",
        (
            "unet.convolution-shape", "unet.pooling-shape", "unet.transposed-convolution-shape",
            "unet.skip-connection-channels", "vit.token-count", "vit.attention-cost",
        ),
    ),
)  # fmt: skip
