"""Shapes of convolutional networks and of patches: integer formulas against the real library, case by case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from sympy import Integer, Symbol, floor, symbols

from derivations.catalogue import Entry, Exact, Source

n, k, p, s, d, o = symbols("n k p s d o", integer=True, positive=True)
side, patch = symbols("side patch", integer=True, positive=True)
stage, channels, up, skip = (Symbol(x, integer=True, positive=True) for x in ("stage", "channels", "up", "skip"))

# A kernel reaches over d(k-1)+1 places; it fits n+2p-d(k-1) times, and s-1 of s of these are passed over.
CONVOLUTION = floor((n + 2 * p - d * (k - 1) - 1) / s) + 1
TRANSPOSED = (n - 1) * s - 2 * p + d * (k - 1) + o + 1


def _convolutions() -> Iterator[Mapping[str, int]]:
    for a, b, c, e, f in product((5, 8, 10, 32), (1, 2, 3, 4), (0, 1, 2), (1, 2, 3), (1, 2)):
        if a + 2 * c >= f * (b - 1) + 1:
            yield {"n": a, "k": b, "p": c, "s": e, "d": f}


def _convolved(n: int, k: int, p: int, s: int, d: int) -> int:
    """The number of frames that torch gives; height and width go by the same rule and are checked to."""
    import torch

    layer = torch.nn.Conv3d(1, 1, k, stride=s, padding=p, dilation=d, bias=False, device="meta")
    shape = layer(torch.empty(1, 1, n, n, n, device="meta")).shape[2:]
    if len(set(shape)) != 1:
        raise AssertionError(f"frames, height and width differ: {tuple(shape)}")
    return int(shape[0])


def _transpositions() -> Iterator[Mapping[str, int]]:
    for a, b, c, e, f in product((1, 4, 5, 16), (1, 2, 3, 4), (0, 1), (1, 2, 3), (1, 2)):
        for out in range(max(e, f)):
            if (a - 1) * e - 2 * c + f * (b - 1) + out + 1 > 0:
                yield {"n": a, "k": b, "p": c, "s": e, "d": f, "o": out}


def _transposed(n: int, k: int, p: int, s: int, d: int, o: int) -> int:
    import torch

    layer = torch.nn.ConvTranspose1d(
        1, 1, k, stride=s, padding=p, dilation=d, output_padding=o, bias=False, device="meta"
    )
    return int(layer(torch.empty(1, 1, n, device="meta")).shape[2])


def _adjoints() -> Iterator[Mapping[str, int]]:
    for a, b, c, e in product((5, 8, 9), (2, 3), (0, 1), (1, 2, 3)):
        yield {"n": a, "k": b, "p": c, "s": e}


def _adjoint_gap(n: int, k: int, p: int, s: int) -> int:
    """<Kx, y> - <x, K^T y> in whole numbers, for whole x, y and kernel; the output padding restores n."""
    import torch
    from torch.nn.functional import conv1d, conv_transpose1d

    generator = torch.Generator().manual_seed(n * 1000 + k * 100 + p * 10 + s)

    def whole(*shape: int) -> torch.Tensor:
        return torch.randint(-9, 10, shape, generator=generator).double()

    kernel, x = whole(3, 2, k), whole(1, 2, n)
    forward = conv1d(x, kernel, stride=s, padding=p)
    y = whole(*forward.shape)
    restored = n - ((forward.shape[2] - 1) * s - 2 * p + k)
    back = conv_transpose1d(y, kernel, stride=s, padding=p, output_padding=restored)
    return int((forward * y).sum() - (x * back).sum())


def _encoder_cases() -> Iterator[Mapping[str, int]]:
    for a, i in product((10, 16, 32, 33), (1, 2, 3)):
        yield {"n": a, "stage": i}


def _encoder(n: int, stage: int, pooled: bool) -> int:
    """The size in a real encoder: stages of two padded convolutions, with a pooling by 2 between them."""
    import torch

    x = torch.empty(1, 3, n, n, n, device="meta")
    before = 3
    for i in range(1, stage + 1):
        width = 4 * 2**i
        x = torch.nn.Conv3d(before, width, 3, padding=1, device="meta")(x)
        x = torch.nn.Conv3d(width, width, 3, padding=1, device="meta")(x)
        if x.shape[1] != width:
            raise AssertionError("the channels are not those of the stage")
        before = width
        if i < stage or pooled:
            x = torch.nn.MaxPool3d(2)(x)
    if len(set(x.shape[2:])) != 1:
        raise AssertionError(f"frames, height and width differ: {tuple(x.shape)}")
    return int(x.shape[2])


def _encoder_size(n: int, stage: int) -> int:
    return _encoder(n, stage, pooled=False)


def _pooled_size(n: int, stage: int) -> int:
    return _encoder(n, stage, pooled=True)


def _skip_sizes() -> Iterator[Mapping[str, int]]:
    yield from ({"n": a} for a in (4, 5, 8, 9, 10, 11, 16, 31, 32))


def _skip_fits(n: int) -> int:
    """1 where what is pooled and brought back can be joined to what was kept, 0 where torch refuses."""
    import torch

    kept = torch.zeros(1, 3, n)
    back = torch.nn.ConvTranspose1d(3, 2, 2, stride=2)(torch.nn.MaxPool1d(2)(kept))
    try:
        torch.cat([back, kept], dim=1)
    except RuntimeError:
        return 0
    return 1


def _channel_cases() -> Iterator[Mapping[str, int]]:
    yield from ({"up": a, "skip": b} for a, b in product((1, 8, 64), (2, 8, 128)))


def _joined(up: int, skip: int) -> int:
    import torch

    return int(torch.cat([torch.zeros(1, up, 4), torch.zeros(1, skip, 4)], dim=1).shape[1])


def _video_cases() -> Iterator[Mapping[str, int]]:
    yield from ({"stage": i, "channels": axis} for i, axis in product((1, 2, 3), (0, 1, 2)))


def _video_gap(stage: int, channels: int) -> int:
    """By how much a 10 x 32 x 32 video's skip connection misses, along an axis: kept minus brought back."""
    import torch

    x = torch.empty(1, 1, 10, 32, 32, device="meta")
    for _ in range(stage - 1):
        x = torch.nn.MaxPool3d(2)(x)
    back = torch.nn.ConvTranspose3d(1, 1, 2, stride=2, device="meta")(torch.nn.MaxPool3d(2)(x))
    return int(x.shape[2 + channels] - back.shape[2 + channels])


def _images() -> Iterator[Mapping[str, int]]:
    yield from ({"side": a, "patch": b} for a, b in ((4096, 8), (4096, 128), (224, 16), (64, 8), (32, 4)))


def _tokens(side: int, patch: int) -> int:
    import torch

    layer = torch.nn.Conv2d(3, 1, patch, stride=patch, device="meta")
    return int(layer(torch.empty(1, 3, side, side, device="meta")).flatten(2).shape[2])


def _shrinking() -> Iterator[Mapping[str, int]]:
    yield {"side": 4096, "patch": 8}


def _shrink(side: int, patch: int) -> int:
    """How many times fewer entries the attention matrix has at patches 16 times as wide."""
    fine, coarse = _tokens(side, patch), _tokens(side, 16 * patch)
    return fine**2 // coarse**2


ENTRIES = (
    Entry(
        "unet.convolution-shape",
        "The size after a convolution",
        r"out = \left\lfloor\frac{n+2p-d(k-1)-1}{s}\right\rfloor+1",
        Source("004", "Q3a", "along frames, height and width alike"),
        exact=(
            Exact(
                CONVOLUTION, _convolved, _convolutions,
                wrong=(
                    floor((n + 2 * p - d * k - 1) / s) + 1,
                    floor((n + p - d * (k - 1) - 1) / s) + 1,
                    floor((n + 2 * p - d * (k - 1) - 1) / s),
                    floor((n + 2 * p - (k - 1) - 1) / s) + 1,
                ),
            ),
        ),
    ),
    Entry(
        "unet.pooling-shape",
        "The sizes in an encoder",
        r"\text{stage } i \text{ has size } \lfloor n/2^{i-1}\rfloor, \text{ pooled } \lfloor n/2^i\rfloor",
        Source("004", "Q3b", "3 x 3 convolutions padded by 1, poolings by 2"),
        exact=(
            Exact(
                floor(n / 2 ** (stage - 1)), _encoder_size, _encoder_cases,
                wrong=(floor(n / 2**stage), floor((n - 2) / 2 ** (stage - 1)), floor(n / stage)),
            ),
            Exact(
                floor(n / 2**stage), _pooled_size, _encoder_cases,
                wrong=(floor(n / 2 ** (stage - 1)), floor((n + 1) / 2**stage), -floor(-n / 2**stage)),
            ),
        ),
    ),
    Entry(
        "unet.transposed-convolution-shape",
        "The transposed convolution",
        r"out = (n-1)s-2p+d(k-1)+p_{out}+1, \quad \langle Kx,y\rangle=\langle x,K^\top y\rangle",
        Source("004", "Q3c", "no bias; for the adjoint the output padding restores n"),
        exact=(
            Exact(
                TRANSPOSED, _transposed, _transpositions,
                wrong=(
                    (n - 1) * s - p + d * (k - 1) + o + 1,
                    n * s - 2 * p + d * (k - 1) + o + 1,
                    (n - 1) * s - 2 * p + d * k + o + 1,
                    (n - 1) * s - 2 * p + d * (k - 1) + o,
                ),
            ),
            Exact(Integer(0), _adjoint_gap, _adjoints, wrong=(Integer(1), n, k)),
        ),
    ),
    Entry(
        "unet.skip-connection-channels",
        "When a skip connection fits",
        r"\text{a stage fits its skip connection iff } n \text{ is even; the concatenation has } c_{up}+c_{skip} "
        r"\text{ channels}",
        Source("004", "Q3d", "with 10 frames it breaks at the second stage, in the frames only"),
        exact=(
            Exact(1 - (n - 2 * floor(n / 2)), _skip_fits, _skip_sizes, wrong=(n - 2 * floor(n / 2), Integer(1), Integer(0))),  # noqa: E501
            Exact(up + skip, _joined, _channel_cases, wrong=(up, up * skip, 2 * up)),
            Exact(
                # 10 frames give 10, 5, 2; 32 rows and columns give 32, 16, 8: only 5 is odd
                (1 - channels * (3 - channels) / 2) * (stage - 1) * (3 - stage), _video_gap, _video_cases,
                wrong=(Integer(0), (stage - 1) * (3 - stage), stage - 1),
            ),
        ),
    ),
    Entry(
        "vit.token-count",
        "How many tokens an image has",
        r"(4096/8)^2=262144 \text{ tokens at patch } 8 \text{ and } 1024 \text{ at patch } 128; "
        r"\text{ the attention matrix shrinks by } 16^4=65536",
        Source("004", "Q4", "no class token"),
        exact=(
            Exact((side / patch) ** 2, _tokens, _images, wrong=(side / patch, side**2 / patch, (side / patch) ** 2 + 1)),  # noqa: E501
            Exact(Integer(65536), _shrink, _shrinking, wrong=(Integer(256), Integer(4096), Integer(16))),
        ),
    ),
)  # fmt: skip
