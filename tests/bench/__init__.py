"""Benchmarks: ratios against a reference measured in the same run, never a clock in a test."""
