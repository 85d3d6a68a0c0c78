"""The demo platform: a dbt project over the flights of 2013, and what builds it."""
