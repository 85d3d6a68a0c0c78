"""What is wrong with a platform, what it can answer today, and what would help most."""

from assistant.doctor.examination import examine
from assistant.doctor.report import Ability, Check, Fix, Report

__all__ = ["Ability", "Check", "Fix", "Report", "examine"]
