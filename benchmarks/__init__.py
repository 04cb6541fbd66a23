"""Measurements of what the course sets budgets for: ``python run.py bench``; see README.md."""
