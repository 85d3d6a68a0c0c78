"""Writes docs/metrics.md from the demo's semantic model.

Run as `python -m catalogue.demo.metrics_page PLATFORM > docs/metrics.md`; a test compares the two.
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from catalogue.metrics import SemanticLayer
from catalogue.model import Dimension, Metric

OPENING = """\
# Metrics of the demo platform

Generated from the semantic model of `catalogue/demo/project`; change it there, then run
`python -m catalogue.demo.metrics_page .assistant/demo > docs/metrics.md`.

A flight counts for its local scheduled day. Every metric can be grouped by
`metric_time__day`, `metric_time__week`, `metric_time__month`, `metric_time__quarter` and
`metric_time__year`, unless it says otherwise.
"""


def metrics_page(platform: Path) -> str:
    """Return the page for the platform built in that directory, as Markdown."""
    layer = SemanticLayer((platform / "target" / "semantic_manifest.json").read_text())
    return "\n".join([OPENING, *_metrics(layer.metrics()), *_dimensions(layer)])


def _metrics(metrics: Sequence[Metric]) -> Iterator[str]:
    def by_domain(metric: Metric) -> str:
        return metric.domain or ""

    for domain, group in groupby(sorted(metrics, key=by_domain), key=by_domain):
        yield f"## {domain.capitalize()}\n"
        for metric in group:
            yield from _metric(metric)


def _metric(metric: Metric) -> Iterator[str]:
    yield f"### {metric.label}\n\n{metric.description}\n"
    yield f"- name: `{metric.name}` ({metric.kind})"
    yield f"- unit: {metric.unit}"
    if metric.better != "neutral":
        yield f"- better: {metric.better}"
    if metric.basis:
        yield f"- rows behind a value: `{metric.basis}`"
    if metric.period_grain:
        yield f"- only by {metric.period_grain}"
    yield f"- read from: {_list(metric.columns)}"
    yield f"- also called: {', '.join(metric.synonyms)}"
    yield f"- owner: {metric.owner}\n"


def _dimensions(layer: SemanticLayer) -> Iterator[str]:
    metrics = layer.metrics()
    yield "## Dimensions\n"
    yield "| dimension | label | meaning | also called | for |"
    yield "| --- | --- | --- | --- | --- |"
    for dimension in layer.dimensions():
        yield f"| {' | '.join(_cells(dimension, metrics))} |"
    yield ""


def _cells(dimension: Dimension, metrics: Sequence[Metric]) -> Iterator[str]:
    domains = {each.domain or "" for each in metrics if dimension.name in each.dimensions}
    yield f"`{dimension.name}`"
    yield dimension.label
    yield dimension.description.replace("|", "\\|")
    yield ", ".join(dimension.synonyms)
    yield ", ".join(sorted(domains))


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    sys.stdout.write(metrics_page(Path(sys.argv[1])))
