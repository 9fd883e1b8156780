"""An opinion in the urn of the database: casting, its receipt, challenges, and files that follow the rows."""
