"""Captura manual of cédulas on paper, under the régimen de excepción (001 §9, APO-17)."""
