"""Caveat: who is this party, what do the official lists say, and what does it mean for this act today."""
