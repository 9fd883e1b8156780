"""HTTP of consultations by internet: creating them, their key ceremony, setting up and closing their urns."""
