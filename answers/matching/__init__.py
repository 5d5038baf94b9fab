"""Reading → ranked entries with calibrated confidence."""

from answers.matching.matcher import Matcher

__all__ = ["Matcher"]
