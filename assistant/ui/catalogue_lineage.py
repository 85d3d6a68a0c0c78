"""What a table is built from and what is built from it: a drawing and links.

The drawing is made in the browser; only tables of the asker's catalogue are in it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from assistant.present.palette import ACCENT, GROUND, ON_DARK, QUIET_TEXT, REST, TEXT
from assistant.ui.catalogue_parts import Places
from assistant.ui.escape import quiet
from catalogue.catalogue import Catalogue
from catalogue.model import Table

_MOST_NODES = 30
_LINE_CHARS = 24


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """The tables around one table, and which is built from which."""

    table: str
    above: tuple[str, ...]
    """Direct parents."""
    below: tuple[str, ...]
    """Direct children."""
    edges: tuple[tuple[str, str], ...]
    """(parent, child), all the way up and down."""


def lineage_of(table: Table, catalogue: Catalogue) -> Lineage:
    """Follow `upstream` both ways, as far as the drawing has room."""
    parents = {each.full_name: each.upstream for each in catalogue.tables}
    children: dict[str, list[str]] = defaultdict(list)
    for child, above in parents.items():
        for parent in above:
            children[parent].append(child)
    up = _reach(table.full_name, parents)
    down = _reach(table.full_name, children)
    edges = [(parent, child) for child, parent in up] + down
    return Lineage(
        table=table.full_name,
        above=tuple(table.upstream),
        below=tuple(children[table.full_name]),
        edges=tuple(dict.fromkeys(edges)),
    )


def show_lineage(table: Table, catalogue: Catalogue, places: Places) -> None:
    """Draw the graph and link to the neighbours."""
    lineage = lineage_of(table, catalogue)
    if not lineage.edges:
        return
    st.header("Lineage", anchor=False)
    ground = "dark" if st.context.theme.type == "dark" else "light"
    st.graphviz_chart(drawing(lineage, ground), width="content", alt=in_words(lineage))
    for title, names in (("Built from", lineage.above), ("Feeds", lineage.below)):
        if names:
            st.caption(quiet(title))
            with st.container(horizontal=True, gap="small"):
                for name in names:
                    places.link_table(name)


def drawing(lineage: Lineage, ground: str) -> str:
    """Return the graph in DOT; the table in question is outlined in the accent."""
    names = dict.fromkeys(name for edge in lineage.edges for name in edge)
    ids = {name: f"n{place}" for place, name in enumerate(names)}
    accent = ON_DARK[ACCENT] if ground == "dark" else ACCENT
    lines = [
        "digraph {",
        'rankdir=LR; bgcolor="transparent"; nodesep=0.15; ranksep=0.35; margin=0;',
        'node [shape=box, style="rounded", fontname="Source Sans, sans-serif", fontsize=12,'
        f' margin="0.12,0.05", height=0.3, color="{REST}", fontcolor="{TEXT[ground]}"];',
        f'edge [color="{QUIET_TEXT[ground]}", arrowsize=0.5];',
    ]
    for name, node in ids.items():
        is_asked = name == lineage.table
        colours = (
            f', style="rounded,filled", fillcolor="{accent}", color="{accent}",'
            f' fontcolor="{GROUND[ground]}"'
            if is_asked
            else ""
        )
        lines.append(f'{node} [label="{_label(name)}", tooltip=" "{colours}];')
    lines += [f"{ids[parent]} -> {ids[child]};" for parent, child in lineage.edges]
    return "\n".join([*lines, "}"])


def in_words(lineage: Lineage) -> str:
    """Return the neighbours as a sentence, for those who do not see the drawing."""
    above = f"built from {', '.join(lineage.above)}" if lineage.above else "built from no table"
    below = f"feeds {', '.join(lineage.below)}" if lineage.below else "feeds no table"
    return f"{lineage.table} is {above}; it {below}."


def _label(name: str) -> str:
    """A name on two lines, schema first, with nothing that DOT would interpret."""
    schema, _, table = name.partition(".")
    return f"{_quoted(schema)}\\n{_quoted(table)}" if len(name) > _LINE_CHARS else _quoted(name)


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    return flat.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


def _reach(start: str, next_of: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Return the (near, far) edges met from `start` on, breadth first."""
    edges: list[tuple[str, str]] = []
    seen, waiting = {start}, [start]
    while waiting and len(seen) < _MOST_NODES:
        near = waiting.pop(0)
        for far in next_of.get(near, ()):
            edges.append((near, far))
            if far not in seen:
                seen.add(far)
                waiting.append(far)
    return edges
