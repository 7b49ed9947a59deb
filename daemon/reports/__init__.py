"""Reports that arrive by themselves: their periods, their figures, and what is due."""
