"""Receiving a packet: judged before its body is taken, durable before its acuse exists."""
