"""The public log read by somebody who does not trust it: RFC 6962 trees and C2SP's tiles, notes, checkpoints,
cosignatures, proofs and policies.

Only `source` reads files or the network and only `memory` writes; the rest takes bytes and returns values or
raises `Failure`.
"""
