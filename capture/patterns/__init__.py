"""Irregular patterns (APO-25): what several records have in common, and impossible captures."""
