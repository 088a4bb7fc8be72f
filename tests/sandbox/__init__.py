"""Tests of the pretend company's servers."""
