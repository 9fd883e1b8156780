"""The rehearsal of an apoyo process, from the OPL's request to the results that it decrypts, over HTTP."""
