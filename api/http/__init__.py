"""The HTTP edge that all domains share: who may enter, what an error looks like, limits, logs and figures."""
