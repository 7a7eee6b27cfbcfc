"""Fetch lists from their publishers and take them in; an address shared by lists is asked once."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, replace

import sqlalchemy as sa

from caveat.errors import CaveatError
from caveat.ledger.refresh import Refreshed, Refresher, Wishes
from caveat.ledger.tables import mark
from caveat.model import Moment
from caveat.sources import Catalog, Document, unpack
from caveat.sources.fetch import Fetched, Patience, Validators, fetch


def fetch_all(
    refresher: Refresher,
    catalog: Catalog,
    wishes: Wishes,
    *,
    base: str | None = None,
    patience: Patience | None = None,
) -> Iterator[Refreshed]:
    """One report a list. A list whose fetch fails is refused, and the last good one stays.

    `base` puts the tests' server in the place of the catalog's hosts.
    """
    by_url: dict[str, list[str]] = defaultdict(list)
    for list_id in wishes.lists or tuple(catalog):
        info = catalog[list_id]
        if info.no_fetch and wishes.lists:
            yield Refreshed(list=list_id, file="", status="refused", why=f"{list_id}: {info.no_fetch}")
        for url in info.urls:
            by_url[url].append(list_id)
    for url, lists in by_url.items():
        asked = url if base is None else f"{base.rstrip('/')}/{url.rsplit('/', 1)[-1]}"
        try:
            fetched = fetch(asked, catalog, previous=_validators(refresher, url), base=base, patience=patience)
            if fetched.data is None:
                for list_id in lists:
                    yield Refreshed(list=list_id, file=url, status="unchanged")
                continue
            yield from _take(refresher, fetched, lists, wishes)
            _keep_validators(refresher, url, fetched.validators)
        except CaveatError as error:
            for list_id in lists:
                yield Refreshed(list=list_id, file=url, status="refused", why=str(error))


def _take(refresher: Refresher, fetched: Fetched, lists: list[str], wishes: Wishes) -> Iterator[Refreshed]:
    assert fetched.data is not None
    documents: list[Document] = list(unpack(fetched.name, fetched.data))
    yield from refresher.take_all(
        documents, replace(wishes, lists=tuple(lists), fallback=Moment(refresher.now), live=True)
    )


def _validators(refresher: Refresher, url: str) -> Validators | None:
    with refresher.store.read() as connection:
        kept = connection.execute(sa.select(mark.c.value).where(mark.c.name == _name(url))).scalar()
    if kept is None:
        return None
    return Validators(**json.loads(kept))


def _keep_validators(refresher: Refresher, url: str, validators: Validators) -> None:
    with refresher.store.write() as connection:
        connection.execute(sa.delete(mark).where(mark.c.name == _name(url)))
        connection.execute(sa.insert(mark).values(name=_name(url), value=json.dumps(asdict(validators))))


def _name(url: str) -> str:
    return f"url {hashlib.sha256(url.encode()).hexdigest()[:32]}"
