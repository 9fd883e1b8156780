"""A device without a screen: all that the app does with a record, for rehearsals and as a load."""
