"""Words in which a journey through the pages is told: who it is, how they reach things, and what stands at the end."""
