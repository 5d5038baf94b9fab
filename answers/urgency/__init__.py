"""Reading → Urgency or None: is this message an emergency, of what kind, and which words say so."""

from answers.urgency.detector import UrgencyDetector

__all__ = ["UrgencyDetector"]
