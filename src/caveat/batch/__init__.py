"""Many at once: the index as of a moment, files of any size, resumable."""

from caveat.batch.files import Rejected, Row, read_queries
from caveat.batch.frames import Frame
from caveat.batch.job import STEP, Progress, portioned, screen_file
from caveat.batch.local import answer_blocks
from caveat.batch.receipt import write_receipt
from caveat.batch.screener import Screener
from caveat.batch.spark import SparkWishes, screen_folder_on_spark, screen_on_spark
from caveat.batch.telling import tell_hit, tell_listed, tell_query
from caveat.batch.work import Block, Work, Worker

__all__ = [
    "STEP",
    "Block",
    "Frame",
    "Progress",
    "Rejected",
    "Row",
    "Screener",
    "SparkWishes",
    "Work",
    "Worker",
    "answer_blocks",
    "portioned",
    "read_queries",
    "screen_file",
    "screen_folder_on_spark",
    "screen_on_spark",
    "tell_hit",
    "tell_listed",
    "tell_query",
    "write_receipt",
]
