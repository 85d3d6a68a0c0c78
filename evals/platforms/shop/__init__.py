"""A tea shop's dbt project as one finds them: staging, intermediate, marts, docs and tests.

It has one exposure, and no metrics, no semantic models, no schema of its own choosing. Built by
the real dbt.
"""

import shutil
from pathlib import Path

from evals.platforms.dbt import run_dbt
from evals.platforms.shop.seeds import write_seeds

WAREHOUSE = "leaf_and_kettle.duckdb"
_HERE = Path(__file__).parent


def build_shop(directory: Path) -> Path:
    """Write the project with its seeds, build it, and add a platform.toml; return the directory."""
    shutil.copytree(_HERE / "project", directory, dirs_exist_ok=True)
    write_seeds(directory / "seeds")
    run_dbt(directory, "build", "docs generate", "test")
    (directory / "platform.toml").write_bytes((_HERE / "platform.toml").read_bytes())
    return directory
