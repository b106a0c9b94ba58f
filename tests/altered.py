"""Documents altered at random, with what they then say: renamed, shuffled, numbered anew, rewrapped."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from siting.plan import Plan
from siting.reader import clauses
from siting.reader.clauses import tokens
from siting.reader.folded import needle

Facts = dict[str, set[tuple[object, ...]]]
KINDS = ("cluster", "field", "assignment", "target", "programme")
_HANZI = "零一二三四五六七八九十"
# Invented names; none of them is in a document.
CLUSTERS = [
    "柔性电子",
    "海洋装备",
    "氢基冶金",
    "数字文创",
    "智慧农机",
    "仿生器件",
    "低碳建材",
    "光子互联",
    "极地工程",
    "细胞工厂",
    "蓝色粮仓",
    "云上制造",
]
FIELDS = [
    "折纸电路",
    "织物传感",
    "深蓝牧场",
    "潮汐发电",
    "光帆推进",
    "微藻炼制",
    "声学超构",
    "冰芯钻采",
    "陶瓷骨骼",
    "菌丝皮革",
    "量热存储",
    "雾滴采水",
    "石英谐振",
    "磁悬电梯",
    "软体抓手",
    "竹纤飞轮",
    "盐穴储气",
    "虚拟排练",
    "数字面料",
    "气凝胶毯",
    "孪生港口",
    "纳米滤芯",
    "9H_涂层",
    "可吞相机（KX）",
    "通用_BQ",
    "液桥和毛细传热",
    "沙基电池",
    "真菌砖",
]
UNKNOWN = ["望川", "临沅", "白芷", "青麓", "南浔口", "石鼓", "云栖里", "长汀湾", "松雪", "半亩塘"]
PROGRAMMES = [
    "启明",
    "归帆",
    "春分",
    "拔节",
    "听潮",
    "望岳",
    "织锦",
    "点灯",
    "采薇",
    "凿空",
    "渡口",
]
HEADS = [
    "产业主力",
    "园区焕新",
    "成果奔跑",
    "英才聚合",
    "沃土生态",
    "场景万象",
    "技术根基",
    "伙伴同行",
]
STYLES = {
    "hanzi": lambda n: f"{_numeral(n)}、",
    "(hanzi)": lambda n: f"（{_numeral(n)}）",
    "digit": lambda n: f"{n}. ",
    "digit、": lambda n: f"{n}、",
    "(digit)": lambda n: f"（{n}）",
    "digit)": lambda n: f"{n}）",
    "circled": lambda n: chr(0x245F + n),
    "is": lambda n: f"{_numeral(n)}是",
    "dash": lambda n: "——",
}


def _numeral(number: int) -> str:
    return _HANZI[number] if number <= 10 else "十" + _HANZI[number - 10]


@dataclass
class Node:
    """A clause of the original with what lies under it."""

    label: tuple[str, ...]
    text: str
    below: list[Node] = field(default_factory=list)


def facts(plan: Plan) -> Facts:
    """Return what a plan says, without ids and English names, as a reader would compare it."""
    names = {key: needle(name) for key, name in plan.clusters["name_zh"].items()}
    return {
        "cluster": {
            (needle(r.name_zh), r.tier, tokens(r.clause)) for r in plan.clusters.itertuples()
        },
        "field": {
            (names[r.cluster_id], needle(r.name_zh), tokens(r.clause))
            for r in plan.fields.itertuples()
        },
        "assignment": {
            (
                names[r.cluster_id], needle(r.place_as_written), r.place_id, tokens(r.clause),
                bool(r.is_exhaustive),
            )
            for r in plan.assignments.itertuples()
        },
        "target": {
            (needle(r.name_zh), r.quantity, r.unit, r.qualifier, r.year, tokens(r.clause))
            for r in plan.targets.itertuples()
        },
        "programme": {(needle(r.name_zh), tokens(r.clause)) for r in plan.programmes.itertuples()},
    }  # fmt: skip


def variant(text: str, plan: Plan, seed: int) -> tuple[str, Facts]:
    """Return a document altered in every way at once, and the facts that it states."""
    draw = random.Random(seed)
    root = _tree(text)
    said = facts(plan)
    renamed = _rename(root, plan, draw)
    body, labels = _render(root, draw)
    said = {kind: {_moved(row, renamed, labels) for row in rows} for kind, rows in said.items()}
    body = _width(body, draw)
    return _broken(body, draw), said


def _tree(text: str) -> Node:
    root = Node((), "")
    path = [root]
    for row in clauses(text).itertuples():
        node = Node(tokens(row.clause), text[row.start : row.end].rstrip())
        if not node.label:
            root.text = node.text
            continue
        marked = re.match(
            r"(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、]|——)\s*",
            node.text,
        )
        assert marked, node.text[:20]
        node.text = node.text[marked.end() :]
        del path[row.level :]
        path[-1].below.append(node)
        path.append(node)
    return root


def _all(node: Node) -> Iterator[Node]:
    yield node
    for one in node.below:
        yield from _all(one)


def _rename(root: Node, plan: Plan, draw: random.Random) -> dict[str, tuple[str, str]]:
    """Put other names for all names in the text; return the new name and code of each old one."""
    old_clusters, old_fields = plan.clusters["name_zh"].tolist(), plan.fields["name_zh"].tolist()
    new = dict(zip(old_clusters, draw.sample(CLUSTERS, len(old_clusters)), strict=True))
    fields = list(dict.fromkeys(old_fields))
    new |= dict(
        zip(fields, [f.replace("_", " ") for f in draw.sample(FIELDS, len(fields))], strict=True)
    )
    for old in plan.programmes["name_zh"]:
        _, call, _ = re.fullmatch("(.+)“(.+)(..)”", old).groups()
        kind = draw.choice(["计划", "行动", "工程", "专项"])
        new[old] = f"{HEADS[draw.randrange(len(HEADS))]}“{draw.choice(PROGRAMMES)}{call[:1]}{kind}”"
    pattern = re.compile("|".join(re.escape(n) for n in sorted(new, key=len, reverse=True)))
    places = _new_places(plan, draw)
    listed = re.compile("在((?:[^，。；：、]{2,6}、)+[^，。；：、]{2,6})等区域")
    for node in _all(root):
        if node.label:
            node.text = listed.sub(
                lambda m: "在" + "、".join(places[n][0] for n in m[1].split("、")) + "等区域",
                node.text,
            )
            node.text = pattern.sub(lambda m: new[m[0]], node.text)
    return {needle(old): (needle(name), "") for old, name in new.items()} | {
        f"place {old}": made for old, made in places.items()
    }


def _new_places(plan: Plan, draw: random.Random) -> dict[str, tuple[str, str]]:
    """Return other names for places: those of others, full or short, and some that nobody knows."""
    known = plan.assignments.drop_duplicates("place_id")
    if plan.level == "district":
        from siting.places import read_places

        real = read_places("district")["name_zh"]
        pool = [(n if draw.random() < 0.5 else _short(n), i) for i, n in real.items()]
    else:
        pool = list(zip(known["place_as_written"], known["place_id"], strict=True))
        pool += [("江桥镇", "310114118"), ("新成路", "310114001")]
    seen: dict[str, tuple[str, str]] = {}
    for name, place in pool:
        seen.setdefault(place, (name, place))
    olds = list(dict.fromkeys(plan.assignments["place_as_written"]))
    count = len(olds)
    strange = [(n, "") for n in draw.sample(UNKNOWN, 3)]
    chosen = draw.sample(list(seen.values()), min(count, len(seen)) - 3) + strange
    chosen += [(n, "") for n in UNKNOWN if (n, "") not in strange][: count - len(chosen)]
    draw.shuffle(chosen)
    return dict(zip(olds, chosen, strict=True))


def _short(name: str) -> str:
    return name.removesuffix("新区") if name.endswith("新区") else name.removesuffix("区")


def _render(root: Node, draw: random.Random) -> tuple[str, dict[tuple[str, ...], tuple[str, ...]]]:
    """Return the text with its sections shuffled and numbered in other styles, and the new labels."""
    usual = ["hanzi", "(hanzi)", "digit", "(digit)", "digit)", "circled"]
    depth = max(len(n.label) for n in _all(root))
    styles = usual[:depth]
    if draw.random() < 0.75:
        styles = draw.sample(
            [*usual[:2], draw.choice(["digit", "digit、"]), *usual[3:], "is"], depth
        )
    dash = draw.choice(
        ["dash", "dash", next(s for s in STYLES if s[:5] not in {t[:5] for t in styles})]
    )
    labels: dict[tuple[str, ...], tuple[str, ...]] = {}
    lines = [root.text]

    def walk(node: Node, above: tuple[str, ...]) -> None:
        if draw.random() < 0.8:
            # A vision after the dashes stays last: it is a paragraph of the clause.
            tail = [n for n in node.below if "\n到 20" in n.text]
            rest = [n for n in node.below if n not in tail]
            draw.shuffle(rest)
            node.below = rest + tail
        for number, one in enumerate(node.below, start=1):
            style = dash if one.label[-1].startswith("—") else styles[len(one.label) - 1]
            mark = STYLES[style](number)
            label = (*above, f"—{number}" if style == "dash" else tokens(mark)[0])
            labels[one.label] = label
            lines.append(mark + one.text)
            walk(one, label)

    walk(root, ())
    return "\n".join(lines), labels


def _moved(
    row: tuple[object, ...],
    renamed: dict[str, tuple[str, str]],
    labels: dict[tuple[str, ...], tuple[str, ...]],
) -> tuple[object, ...]:
    """Return a fact with its new names and its new clause."""
    made: list[object] = []
    cells = iter(row)
    for cell in cells:
        if isinstance(cell, tuple):
            made.append(tokens("".join(labels[cell])))
        elif (
            isinstance(cell, str)
            and f"place {cell}" in renamed
            and made
            and isinstance(made[-1], str)
        ):
            made += renamed[f"place {cell}"]
            next(cells)
        elif isinstance(cell, str) and cell in renamed:
            made.append(renamed[cell][0])
        else:
            made.append(cell)
    return tuple(made)


def _width(text: str, draw: random.Random) -> str:
    kind = draw.randrange(4)
    if kind == 1:  # all digits, letters and brackets wide
        return "".join(chr(ord(c) + 0xFEE0) if c.isalnum() and c.isascii() else c for c in text)
    if kind == 2:  # brackets, commas and colons narrow
        return text.translate(str.maketrans("（），：；", "(),:;"))
    if kind == 3:  # no blanks at all, one kind of quotes
        return re.sub("[ \u3000]", "", text).replace("“", "「").replace("”", "」")
    return text


def _broken(text: str, draw: random.Random) -> str:
    """Return the text with line breaks inside sentences: none, at a width, or anywhere."""
    kind = draw.randrange(3)
    made = []
    for line in text.split("\n"):
        if kind == 0 or len(line) < 12:
            made.append(line)
        elif kind == 1:
            width = draw.randint(24, 45)
            made += [line[i : i + width] for i in range(0, len(line), width)]
        else:
            cuts = sorted(c for c in draw.sample(range(8, len(line)), len(line) // 60))
            made += [line[a:b] for a, b in zip([0, *cuts], [*cuts, len(line)], strict=True)]
    return "\n".join(made)
