"""Breast Cancer Metastasis to the Spine: an open interactive course."""

__version__ = "0.1.0"
