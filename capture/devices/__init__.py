"""The devices of auxiliares and citizens, each with a key that never leaves it (APO-05, APO-07)."""
