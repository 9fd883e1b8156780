"""HTTP of auxiliares: altas, rosters, bajas and the review of their cédulas (APO-04, APO-05)."""
