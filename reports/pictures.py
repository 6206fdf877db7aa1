"""The pictures of a record, by matplotlib: as PDF for LaTeX, as SVG for a page of light and of dark.

A picture shows what was computed and nothing else: its data stand in the record.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

INK, PAPER = "#1d1d1f", "#ffffff"
# colours that can be told apart in grey and by people who see few colours (Okabe and Ito)
BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#8a8f98"
SIZE = (6.2, 2.9)  # inches


def picture_pdf(picture: Mapping[str, Any]) -> bytes | None:
    """The picture as PDF; None where there is none."""
    return _written(picture, "pdf")


def picture_svg(picture: Mapping[str, Any]) -> str | None:
    """The picture as SVG whose ink is the colour of the text around it; None where there is none."""
    found = _written(picture, "svg")
    if found is None:
        return None
    text = found.decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    return text.replace(INK, "currentColor")


def _written(picture: Mapping[str, Any], kind: str) -> bytes | None:
    draw = {"convergence": _convergence, "worlds": _worlds, "counts": _counts}.get(picture["kind"])
    if draw is None:
        return None
    import matplotlib
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    style: dict[Any, Any] = {
        "font.family": "serif", "font.serif": ["DejaVu Serif"], "font.size": 8.5, "mathtext.fontset": "dejavuserif",
        "axes.spines.top": False, "axes.spines.right": False, "text.color": INK, "axes.labelcolor": INK,
        "axes.edgecolor": INK, "xtick.color": INK, "ytick.color": INK, "axes.linewidth": 0.6, "svg.hashsalt": "lemmata",
        "svg.fonttype": "path", "pdf.fonttype": 42, "axes.unicode_minus": True, "axes.formatter.useoffset": False,
        "axes.formatter.limits": (-4, 5),
    }  # fmt: skip
    with matplotlib.rc_context(style):
        figure = Figure(figsize=SIZE, layout="constrained")
        canvas = FigureCanvasPdf(figure) if kind == "pdf" else FigureCanvasSVG(figure)
        draw(figure, picture["data"])
        out = io.BytesIO()
        metadata = {"Date": None} if kind == "svg" else {"CreationDate": None}
        canvas.print_figure(out, format=kind, facecolor="none", metadata=metadata)
    return out.getvalue()


def _convergence(figure: Any, data: Mapping[str, Any]) -> None:
    """Left: one world in its own units.  Right: every world, in standard deviations, about what it should be."""
    one, all_ = figure.subplots(1, 2, width_ratios=(3, 2))
    first = data["courses"][0]
    n, estimate, low, high = ([look[i] for look in first["looks"]] for i in range(4))
    names = {"lhs": ("left side, estimated", "right side"), "rhs": ("right side, estimated", "left side")}
    estimated, given = names.get(data["side"], ("difference, estimated", "no difference"))
    one.fill_between(n, low, high, color=BLUE, alpha=0.22, linewidth=0)
    one.plot(n, estimate, color=BLUE, linewidth=1.3, marker=".", markersize=3, label=estimated)
    one.axhline(first["formula"], color=ORANGE, linewidth=1.1, linestyle=(0, (5, 2)), label=f"{given}, computed")
    _frame(one, [*low, *high], [*estimate, first["formula"]])
    one.set_xscale("log")
    one.set_xlabel("samples")
    one.set_title("one world", fontsize=8.5, loc="left")
    one.legend(frameon=False, fontsize=7.5, loc="best")

    for i, course in enumerate(data["courses"]):
        scale = course["deviation"] or 1.0
        x, _, low, high = ([look[k] for look in course["looks"]] for k in range(4))
        ends = [[(v - course["formula"]) / scale for v in side] for side in (low, high)]
        all_.fill_between(x, *ends, color=BLUE, alpha=0.07, linewidth=0)
        for end in ends:
            all_.plot(x, end, color=BLUE, linewidth=0.4, alpha=0.6)
        middle = [(look[1] - course["formula"]) / scale for look in course["looks"]]
        all_.plot(x, middle, color=BLUE, linewidth=0.9, alpha=0.9 if i == 0 else 0.6)
    all_.axhline(0.0, color=ORANGE, linewidth=1.1, linestyle=(0, (5, 2)))
    middles = [(v[1] - c["formula"]) / (c["deviation"] or 1.0) for c in data["courses"] for v in c["looks"]]
    bounds = [
        (v[k] - c["formula"]) / (c["deviation"] or 1.0) for c in data["courses"] for v in c["looks"] for k in (2, 3)
    ]
    _frame(all_, bounds, [*middles, 0.0])
    all_.set_xscale("log")
    all_.set_xlabel("samples")
    all_.set_title(f"{len(data['courses'])} worlds, in standard deviations", fontsize=8.5, loc="left")


def _frame(axes: Any, band: Sequence[float], needed: Sequence[float]) -> None:
    """The range of the axis: all estimates and the formula, and of a band that starts wide only the part near them."""
    finite = sorted(v for v in band if math.isfinite(v))
    if not finite:
        return
    low, high = min(needed), max(needed)
    spread = max(
        high - low, finite[int(0.75 * (len(finite) - 1))] - finite[int(0.25 * (len(finite) - 1))], 1e-12 * abs(high)
    )
    if spread > 0:
        axes.set_ylim(max(low - spread, finite[0] - 0.05 * spread), min(high + spread, finite[-1] + 0.05 * spread))


def _worlds(figure: Any, data: Mapping[str, Any]) -> None:
    """The left side against the right one; where they are equal is a line."""
    axes = figure.subplots()
    points, failing = data["points"], data["failing"]
    values = [v for p in [*points, *failing] for v in p]
    for rows, colour, marker, label in (
        (points, BLUE, "o", "it holds"), (failing, ORANGE, "x", "it fails")
    ):  # fmt: skip
        if rows:
            axes.plot(
                [p[0] for p in rows], [p[1] for p in rows], linestyle="none", marker=marker, markersize=4.5,
                color=colour, markeredgewidth=1.2 if marker == "x" else 0, alpha=0.75,
                label=f"{label} ({len(rows)} worlds)",
            )  # fmt: skip
    _axes(axes, values, values)
    low, high = min(values), max(values)
    axes.plot([low, high], [low, high], color=GREY, linewidth=0.9, linestyle=(0, (5, 2)), zorder=0, label="equal")
    axes.set_xlabel("left side")
    axes.set_ylabel("right side")
    axes.legend(frameon=False, fontsize=7.5, loc="best")


def _counts(figure: Any, data: Mapping[str, Any]) -> None:
    axes = figure.subplots()
    points = data["points"]
    values = [v for p in points for v in p]
    axes.plot([p[0] for p in points], [p[1] for p in points], linestyle="none", marker="o", markersize=4, color=BLUE,
              markeredgewidth=0, alpha=0.6, label=f"{len(points)} cases")  # fmt: skip
    _axes(axes, values, values)
    axes.plot([min(values), max(values)], [min(values), max(values)], color=GREY, linewidth=0.9, linestyle=(0, (5, 2)),
              zorder=0, label="equal")  # fmt: skip
    axes.set_xlabel("formula")
    axes.set_ylabel("library")
    axes.legend(frameon=False, fontsize=7.5, loc="best")


def _axes(axes: Any, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Logarithms on both sides of zero, where the values are of very different sizes."""
    sizes = sorted(abs(v) for v in [*xs, *ys] if v)
    if sizes and sizes[-1] > 200 * sizes[len(sizes) // 2]:
        threshold = max(sizes[len(sizes) // 4], 1e-12)
        axes.set_xscale("symlog", linthresh=threshold)
        axes.set_yscale("symlog", linthresh=threshold)
        for axis in (axes.xaxis, axes.yaxis):
            ticks = axis.get_major_locator()
            if hasattr(ticks, "set_params"):
                ticks.set_params(numticks=5)


__all__ = ["picture_pdf", "picture_svg"]
