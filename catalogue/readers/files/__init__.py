"""Reads a folder of Parquet, CSV and JSON files into one DuckDB file; see `importer`."""
