"""Figures of the portal, the Nota informativa, and where and when records were captured (APO-21, 25, 28)."""
