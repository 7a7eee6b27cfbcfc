"""One name against another: spelling, words, scripts."""

from caveat.names.clean import check_readable, key, normalize
from caveat.names.fold import fold, skeleton
from caveat.names.read import Reading, read_name
from caveat.names.tokens import Mode, Token, TokenKind, token

__all__ = [
    "Mode",
    "Reading",
    "Token",
    "TokenKind",
    "check_readable",
    "fold",
    "key",
    "normalize",
    "read_name",
    "skeleton",
    "token",
]
