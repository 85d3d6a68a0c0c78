"""SafeQuery -> Result: each engine runs checked queries out of the reach of anything else."""
