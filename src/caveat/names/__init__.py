"""One name against another: spelling, words, scripts."""

from caveat.names.acronyms import Role, acronyms, find_acronyms, may_be_acronym, role_of
from caveat.names.clean import check_readable, is_latin, key, normalize, split
from caveat.names.fold import fold, fold_all, run_skeleton, skeleton
from caveat.names.rarity import heard, unseen
from caveat.names.read import Reading, is_odd, read_name, read_parts, split_plain
from caveat.names.tokens import Mode, Token, TokenKind, token
from caveat.names.words import Words, words

__all__ = [
    "Mode",
    "Reading",
    "Role",
    "Token",
    "TokenKind",
    "Words",
    "acronyms",
    "check_readable",
    "find_acronyms",
    "fold",
    "fold_all",
    "heard",
    "is_latin",
    "is_odd",
    "key",
    "may_be_acronym",
    "normalize",
    "read_name",
    "read_parts",
    "role_of",
    "run_skeleton",
    "skeleton",
    "split",
    "split_plain",
    "token",
    "unseen",
    "words",
]
