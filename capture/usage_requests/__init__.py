"""An OPL asks for the use of the system with its estimates, and gets an answer (APO-30; source 004)."""
