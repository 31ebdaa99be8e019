"""Bulk start: the stores and staff of a merchant from one file, shown first and then done exactly as shown."""
