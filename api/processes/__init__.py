"""HTTP of institutes, periods, avisos and processes (APO-02, APO-03, APO-26)."""
