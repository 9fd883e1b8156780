"""Mesa de control: every record is seen by a person, with criteria known beforehand (002 §6, APO-18)."""
