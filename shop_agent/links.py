"""Which till key is which PrestaShop id, held in memory for one pass.

links("article", "1042")              # 7, or None
links.stock_key(7, 40)                # "v:104201"
"""

from shop_agent.actions import Subject


class Links:
    """Which till key is which PrestaShop id, for one pass; creations are added as they happen."""

    def __init__(self, ids: dict[tuple[str, str], int], former: dict[tuple[str, int], str]) -> None:
        self._ids = ids
        self._former = former
        self._keys = {(kind, ps_id): key for (kind, key), ps_id in ids.items()}
        self._past: dict[tuple[str, str], list[int]] = {}
        for (kind, ps_id), key in former.items():
            self._past.setdefault((kind, key), []).append(ps_id)

    def __call__(self, kind: str, key: str) -> int | None:
        """Return the PrestaShop id of a till key, or None."""
        return self._ids.get((kind, key))

    def add(self, subject: Subject, ps_id: int) -> None:
        """Note a new link; who had the entity before has it no more."""
        before = self._keys.get((subject.kind, ps_id))
        if before is not None and before != subject.key:
            self._ids.pop((subject.kind, before), None)
        former = self._ids.get((subject.kind, subject.key), ps_id)
        if former != ps_id:
            self._note_former(subject, former)
        self._ids[subject.kind, subject.key] = ps_id
        self._keys[subject.kind, ps_id] = subject.key

    def _note_former(self, subject: Subject, ps_id: int) -> None:
        before = self._former.get((subject.kind, ps_id))
        if before is not None:
            self._past[subject.kind, before].remove(ps_id)
        self._former[subject.kind, ps_id] = subject.key
        self._past.setdefault((subject.kind, subject.key), []).append(ps_id)

    def drop(self, subject: Subject) -> None:
        """Forget a link."""
        ps_id = self._ids.pop((subject.kind, subject.key), None)
        if ps_id is not None:
            self._keys.pop((subject.kind, ps_id), None)

    def key_of(self, kind: str, ps_id: int) -> str | None:
        """Return the till's key of an entity, by its present or a former id."""
        return self._keys.get((kind, ps_id)) or self._former.get((kind, ps_id))

    def is_linked(self, kind: str, ps_id: int) -> bool:
        """Return whether an entity is some fact's at present."""
        key = self._keys.get((kind, ps_id))
        return key is not None and self._ids.get((kind, key)) == ps_id

    def former(self, kind: str, key: str) -> list[int]:
        """Return the ids that a fact had before; orders may still name them.

        Not the one that it has now: it may have come back to it, in a shop that was restored.
        """
        present = self._ids.get((kind, key))
        return [ps_id for ps_id in self._past.get((kind, key), ()) if ps_id != present]

    def ids(self, kind: str) -> frozenset[int]:
        """Return the ids of every entity that is linked to a fact of a kind."""
        return frozenset(ps_id for (known, _), ps_id in self._ids.items() if known == kind)

    def any_of(self, kind: str) -> bool:
        """Return whether anything of a kind is linked."""
        return any(known == kind for known, _ in self._ids)

    def stock_key(self, product_id: int, combination_id: int) -> str | None:
        """Return the stock key of a product or combination that an order names."""
        if combination_id:
            variant = self.key_of("variant", combination_id)
            return f"v:{variant}" if variant is not None else None
        article = self.key_of("article", product_id)
        return f"a:{article}" if article is not None else None
