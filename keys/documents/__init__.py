"""Signing official documents: certificates, RFC 3161 time stamps and PAdES signatures (APO-29).

Formats are those of the standards, written by pyHanko, asn1crypto and cryptography: nothing here invents one.
"""
