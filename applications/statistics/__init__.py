"""Figures of stores, kept up to date as things happen."""
