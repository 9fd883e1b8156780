"""How images are read by the service: settings, which engine stands behind the port, figures."""
