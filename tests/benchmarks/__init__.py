"""Tests of what the measurements are measured against."""
