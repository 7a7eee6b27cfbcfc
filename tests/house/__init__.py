"""The house rules as functions over a folder: each gives the faults it finds, one line a fault."""
