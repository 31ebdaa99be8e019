"""Health, metrics, and the little that is counted for them."""
