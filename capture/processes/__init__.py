"""OPLs, periods, processes with their aspirante or promovente, and requests for use (APO-02, APO-03,
APO-30)."""
