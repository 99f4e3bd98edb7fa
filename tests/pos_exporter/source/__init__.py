"""Tests of reading tills."""
