"""What the notebooks share: an edition, and ratios of its cells with an interval by clusters of schools.

ENTSCOPE_EDITION, ENTSCOPE_PUBLISHED and ENTSCOPE_NATIONAL name other data than those of the synthetic region.
"""

import os

import duckdb
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import t

DATA = os.environ.get("ENTSCOPE_DATA", "data")
EDITION = os.environ.get("ENTSCOPE_EDITION", f"{DATA}/demo/editions/research-2025-T1")
PUBLISHED = os.environ.get("ENTSCOPE_PUBLISHED", f"{DATA}/demo/published")
NATIONAL = os.environ.get("ENTSCOPE_NATIONAL", f"{DATA}/national")

matplotlib.rcParams.update({
    "figure.figsize": (7, 3.6), "figure.dpi": 80, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "grid.alpha": 0.3, "font.size": 9, "svg.hashsalt": "entscope",
})


def table(name):
    """A table of the edition, as a relation of DuckDB."""
    return duckdb.read_parquet(f"{EDITION}/{name}.parquet")


def ratio(numerator, denominator, level=0.95):
    """Ratio of two sums over clusters and its interval by the delete-one jackknife (t, clusters - 1).

    With fewer than ten clusters there is no interval: see Cameron, Gelbach & Miller 2008.
    """
    x, y = np.asarray(numerator, float), np.asarray(denominator, float)
    whole = x.sum() / y.sum()
    if len(x) < 10:
        return whole, np.nan, np.nan
    left_out = (x.sum() - x) / (y.sum() - y)
    error = np.sqrt((len(x) - 1) / len(x) * ((left_out - left_out.mean()) ** 2).sum())
    half = t.ppf((1 + level) / 2, len(x) - 1) * error
    return whole, whole - half, whole + half


def by_group(measure, population, grouping):
    """Rows (group, clusters, persons, ratio, low, high) of a measure by the groups of a grouping."""
    rows = table("sums").filter(
        f"measure = '{measure}' and population = '{population}' and grouping = '{grouping}'"
    ).order('"group", cluster').fetchnumpy()
    out = []
    for group in sorted(set(rows["group"])):
        of = rows["group"] == group
        out.append((group, int(of.sum()), int(rows["persons"][of].sum()),
                    *ratio(rows["numerator"][of], rows["denominator"][of])))
    return out


def dots(rows, label, percent=True):
    """A dot and its interval for each group; an interval that is missing is not drawn."""
    scale = 100 if percent else 1
    fig, ax = plt.subplots(figsize=(7, 0.5 * len(rows) + 1))
    for i, (group, clusters, _, r, low, high) in enumerate(rows):
        ax.plot([scale * low, scale * high], [i, i], color="#5b7fa6", lw=3, alpha=0.6)
        ax.plot(scale * r, i, "o", color="#1f4e79")
    ax.set_yticks(range(len(rows)), [f"{group} ({clusters} grappes)" for group, clusters, *_ in rows])
    ax.set_xlabel(label)
    ax.invert_yaxis()
    plt.show()
