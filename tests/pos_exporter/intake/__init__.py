"""Tests of writing orders and customers into tills."""
