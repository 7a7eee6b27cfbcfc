"""The starter record: the listings the five articles speak of, each dated and cited."""

from caveat.record.read import Record, Removal, StarterEntry, State, digest_record, read_record

__all__ = ["Record", "Removal", "StarterEntry", "State", "digest_record", "read_record"]
