"""Who owns, supplies and makes: dated, sourced edges; shares, reliance and origin, told in words."""

from caveat.graph.bods import write_bods
from caveat.graph.edge import Complaint, Edge, EdgeReading, GraphParty
from caveat.graph.feed import graph_basis, inputs_given, owners_given, owners_named, with_inputs
from caveat.graph.ftm import write_ftm, write_ties
from caveat.graph.gleif import write_gleif
from caveat.graph.join import Joined, Listed, join
from caveat.graph.keep import Kept, dataset_of, keep_edges, kept_files, read_kept
from caveat.graph.network import Graph, near_parties
from caveat.graph.origin import Trace, finished_products, tell_bills, trace, trace_all
from caveat.graph.own import Ownership, own
from caveat.graph.paths import Path, find_circle, find_paths
from caveat.graph.picture import draw_origin, draw_ownership, draw_supply, to_png
from caveat.graph.psc import write_psc
from caveat.graph.read import read_edges
from caveat.graph.reliance import Part
from caveat.graph.shares import Aggregate, Deciding, Share, aggregate, share_of, ultimate_owners
from caveat.graph.supply import Asked, Exposure, blast_radius, exposure, sales_at_risk
from caveat.graph.table import write_table
from caveat.graph.write import write_edges

__all__ = [
    "Aggregate",
    "Asked",
    "Complaint",
    "Deciding",
    "Edge",
    "EdgeReading",
    "Exposure",
    "Graph",
    "GraphParty",
    "Joined",
    "Kept",
    "Listed",
    "Ownership",
    "Part",
    "Path",
    "Share",
    "Trace",
    "aggregate",
    "blast_radius",
    "dataset_of",
    "draw_origin",
    "draw_ownership",
    "draw_supply",
    "exposure",
    "find_circle",
    "find_paths",
    "finished_products",
    "graph_basis",
    "inputs_given",
    "join",
    "keep_edges",
    "kept_files",
    "near_parties",
    "own",
    "owners_given",
    "owners_named",
    "read_edges",
    "read_kept",
    "sales_at_risk",
    "share_of",
    "tell_bills",
    "to_png",
    "trace",
    "trace_all",
    "ultimate_owners",
    "with_inputs",
    "write_bods",
    "write_edges",
    "write_ftm",
    "write_gleif",
    "write_psc",
    "write_table",
    "write_ties",
]
