"""Requests of authorities for cédulas electrónicas: 72 hours, an encrypted answer, every access an act.

Source: 001 §14; APO-24. Pure: `request`, `cedula_document`. Outside: `store_sql`, `answer`.
"""
