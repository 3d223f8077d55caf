"""Random editions of the shipped plan: clauses dropped, reordered, added; numbers changed; targets dropped."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from db.plan.catalogue import Catalogue, Clause, Target, load_catalogue

SHIPPED = load_catalogue()
_DIGITS = str.maketrans("0123456789", "1234567890")


@st.composite
def variants(draw: st.DrawFn, base: Catalogue = SHIPPED) -> Catalogue:
    """Return an edition that has some of the clauses of `base`, numbered as they now stand, and some new ones."""
    dropped = draw(st.sets(st.sampled_from([c.id for c in base.clauses]), max_size=12))
    turned = draw(st.sets(st.sampled_from([a.id for a in base.articles]), max_size=3))
    rewritten = draw(st.sets(st.sampled_from([c.id for c in base.clauses]), max_size=6))
    new_in = draw(st.lists(st.sampled_from([a.id for a in base.articles]), max_size=3))
    cut = draw(st.sets(st.sampled_from([t.id for t in base.targets]), max_size=8))
    clauses: list[Clause] = []
    names: dict[str, str] = {}
    for article in base.articles:
        kept = [c for c in base.clauses_of(article.id) if c.id not in dropped]
        kept = kept[::-1] if article.id in turned else kept
        kept += [_added(base, article.id, n) for n, place in enumerate(new_in) if place == article.id]
        for number, clause in enumerate(kept, start=1):
            new_id = f"{article.id}-{number:02d}"
            names[clause.id] = new_id
            text = clause.text.translate(_DIGITS) if clause.id in rewritten else clause.text
            clauses.append(replace(clause, id=new_id, text=text))
    targets = [t for t in base.targets if t.clause in names and t.id not in cut]
    return replace(
        base,
        version="variant",
        clauses=tuple(clauses),
        targets=_numbered(targets, names, rewritten, [clause.id for clause in clauses]),
        left_out=tuple(replace(e, clause=names[e.clause]) for e in base.left_out if e.clause in names),
        faults=(),
    )


def _added(base: Catalogue, article: str, number: int) -> Clause:
    text = f"新增第{number}项：建立{article}号台账，按季度公开{'甲乙丙丁'[number]}类信息。"
    return replace(base.clauses_of(article)[0], id=f"+{number}", text=text, responsibility="", title=text[:8])


def _numbered(
    targets: list[Target], names: dict[str, str], rewritten: set[str], order: list[str]
) -> tuple[Target, ...]:
    targets = sorted(targets, key=lambda t: order.index(names[t.clause]))
    counted: dict[str, int] = {}
    ids: dict[str, str] = {}
    for target in targets:
        counted[target.clause] = counted.get(target.clause, 0) + 1
        ids[target.id] = f"{names[target.clause]}-{counted[target.clause]}"
    return tuple(
        replace(
            t,
            id=ids[t.id],
            clause=names[t.clause],
            part_of=ids.get(t.part_of) if t.part_of else None,
            quote=t.quote.translate(_DIGITS) if t.clause in rewritten else t.quote,
            value=t.value + 1 if t.value is not None and t.clause in rewritten else t.value,
        )
        for t in targets
    )
