"""One name against another: spelling, words, scripts."""

from caveat.names.acronyms import acronyms, find_acronyms, may_be_acronym
from caveat.names.clean import check_readable, key, normalize, split
from caveat.names.fold import fold, fold_all, run_skeleton, skeleton
from caveat.names.rarity import heard, unseen
from caveat.names.read import Reading, is_plain, read_name, read_parts
from caveat.names.tokens import Mode, Token, TokenKind, token
from caveat.names.words import Words, words

__all__ = [
    "Mode",
    "Reading",
    "Token",
    "TokenKind",
    "Words",
    "acronyms",
    "check_readable",
    "find_acronyms",
    "fold",
    "fold_all",
    "heard",
    "is_plain",
    "key",
    "may_be_acronym",
    "normalize",
    "read_name",
    "read_parts",
    "run_skeleton",
    "skeleton",
    "split",
    "token",
    "unseen",
    "words",
]
