"""Checked query + rows -> findings: what could still be wrong with an answer that ran."""

from assistant.verify.checks import verify

__all__ = ["verify"]
