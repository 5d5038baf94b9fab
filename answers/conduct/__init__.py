"""Reading → Conduct: what a group message does (advertises, asks where to buy, tells an amount, …), and why so."""

from answers.conduct.detector import ConductDetector

__all__ = ["ConductDetector"]
