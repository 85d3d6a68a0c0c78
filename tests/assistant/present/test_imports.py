"""Presenting an answer loads no heavy library but pyarrow."""

import subprocess
import sys

PROGRAM = """
import sys
import pyarrow as pa
from assistant.answer import Draft, Result
from assistant.present.answers import present
from assistant.present.encode import rows_to_json
from catalogue.catalogue import Catalogue
buffer = pa.py_buffer((0).to_bytes(8, "little"))
moments = pa.Array.from_buffers(pa.timestamp("us"), 1, [None, buffer])
numbers = pa.Array.from_buffers(pa.float64(), 1, [None, buffer])
table = pa.table({"t": moments, "n": numbers})
result = Result(table=table, sql="")
present(draft=Draft(kind="generated"), result=result, catalogue=Catalogue(name="x"))
rows_to_json(table)
print(sorted({"pandas", "duckdb", "streamlit", "sqlglot", "metricflow"} & set(sys.modules)))
"""


def test_presenting_needs_pyarrow_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
