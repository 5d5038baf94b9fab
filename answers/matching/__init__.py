"""Reading → ranked entries with calibrated confidence."""

from answers.matching.matcher import Matcher, Ranking

__all__ = ["Matcher", "Ranking"]
