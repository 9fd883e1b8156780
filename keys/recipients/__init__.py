"""Whom files are encrypted to: age X25519 recipients and X.509 certificates (CMS), and proofs of possession.

* `recipient`: reads either kind, says its fingerprint, encrypts a stream to it;
* `x509`: what a certificate must be; `cms_write`, `cms_read`, `cms_parts`: AuthEnvelopedData, streamed;
* `identity`: the private side, for whoever owns the key;
* `possession`: the challenge by which the owner shows that the key is theirs.
"""
