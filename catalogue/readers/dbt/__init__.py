"""dbt's artifacts, read into the nouns of the catalogue."""

from catalogue.readers.dbt.project import DbtProject, read_dbt

__all__ = ["DbtProject", "read_dbt"]
