"""The Export Administration Regulations: jurisdiction, the Entity List with its affiliates, and the other lists."""

from caveat.determination.ear import entity_list, other_lists

__all__ = ["entity_list", "other_lists"]
