"""What leaves a device: an envelope in clear, signed by the device, and a body that only the bóveda opens."""
