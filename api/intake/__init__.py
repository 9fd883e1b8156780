"""Packets over HTTP: tus 1.0.0 uploads, acuses, and what a device needs to know of its process."""
