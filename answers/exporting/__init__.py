"""Library → files that others read."""
