"""Padrón electoral: what a person's situación registral is at the newest cut-off (APO-19)."""
