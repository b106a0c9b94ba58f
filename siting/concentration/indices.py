"""What each index is called, where it runs and against what: the words of tables and legends."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexNote:
    """
    One index in words: titles, range, variant and reference, in Chinese and English.

    `low` and `high` are the ends that no table can pass, None where there is none.
    """

    zh: str
    en: str
    low: float | None
    high: float | None
    variant_zh: str
    variant_en: str
    reference_zh: str
    reference_en: str
    source: str


_TABLE = ("全表合计（含本地区）", "the whole table, the place included")
_SECTORS = ("全表合计（含本行业）", "the whole table, the sector included")
_EQUAL = ("均等", "equal shares")

INDICES: dict[str, IndexNote] = {
    "location_quotient": IndexNote(
        "区位商",
        "Location quotient",
        0,
        None,
        "份额之比",
        "ratio of shares",
        *_TABLE,
        "Florence 1939",
    ),
    "symmetric_location_quotient": IndexNote(
        "对称区位商",
        "Symmetric location quotient",
        -1,
        1,
        "（LQ−1）/（LQ+1）",
        "(LQ - 1) / (LQ + 1)",
        *_TABLE,
        "Dalum et al. 1998",
    ),
    "hhi": IndexNote(
        "赫芬达尔指数",
        "Herfindahl-Hirschman index",
        0,
        1,
        "份额平方和，0–1 标度",
        "sum of squared shares, scale 0..1",
        *_EQUAL,
        "Hirschman 1945; Herfindahl 1950",
    ),
    "equivalent_number": IndexNote(
        "当量个数", "Equivalent number", 1, None, "1 / HHI", "1 / HHI", *_EQUAL, "Adelman 1969"
    ),
    "entropy": IndexNote(
        "香农熵",
        "Shannon entropy",
        0,
        None,
        "以 2 为底（比特）",
        "base 2 (bits)",
        *_EQUAL,
        "Shannon 1948",
    ),
    "gini": IndexNote(
        "基尼系数",
        "Gini coefficient",
        0,
        1,
        "未作小样本校正",
        "without small-sample correction",
        *_EQUAL,
        "Gini 1912",
    ),
    "locational_gini": IndexNote(
        "区位基尼系数",
        "Locational Gini",
        0,
        1,
        "按规模加权的洛伦兹曲线",
        "size-weighted Lorenz curve",
        *_SECTORS,
        "Hoover 1936",
    ),
    "specialisation_gini": IndexNote(
        "专业化基尼系数",
        "Gini of specialisation",
        0,
        1,
        "区位商的未加权基尼系数",
        "unweighted Gini of location quotients",
        *_TABLE,
        "Nakamura and Morrison Paul 2009",
    ),
    "krugman_specialisation": IndexNote(
        "克鲁格曼专业化指数",
        "Krugman specialisation",
        0,
        2,
        "份额之差的绝对值之和",
        "sum of absolute gaps of shares",
        *_TABLE,
        "Krugman 1991",
    ),
    "krugman_concentration": IndexNote(
        "克鲁格曼集中指数",
        "Krugman concentration",
        0,
        2,
        "份额之差的绝对值之和",
        "sum of absolute gaps of shares",
        *_SECTORS,
        "Krugman 1991",
    ),
    "hoover": IndexNote(
        "胡佛指数",
        "Hoover index",
        0,
        1,
        "份额，非百分数",
        "a share, not a percentage",
        "所给的参照",
        "the reference given",
        "Hoover 1936",
    ),
    "theil": IndexNote(
        "泰尔指数",
        "Theil index",
        0,
        None,
        "T 或 L，自然对数",
        "T or L, natural logarithm",
        "均等，或所给的参照",
        "equal shares, or the reference given",
        "Theil 1967",
    ),
    "ellison_glaeser": IndexNote(
        "EG 指数",
        "Ellison-Glaeser index",
        None,
        None,
        "γ，已扣除企业规模的影响",
        "gamma, net of plant sizes",
        "所给的参照",
        "the reference given",
        "Ellison and Glaeser 1997",
    ),
    "coagglomeration": IndexNote(
        "共同集聚指数",
        "Coagglomeration",
        None,
        None,
        "两两行业",
        "pairs of sectors",
        "所给的参照",
        "the reference given",
        "Ellison, Glaeser and Kerr 2010",
    ),
    "hachman": IndexNote(
        "哈克曼指数",
        "Hachman index",
        0,
        1,
        "0–1 标度，1 为与整体相同",
        "scale 0..1, 1 is as everywhere",
        *_TABLE,
        "Hachman 1995",
    ),
    "variety": IndexNote(
        "多样性",
        "Variety",
        0,
        None,
        "无关与相关多样性（比特）",
        "unrelated and related variety (bits)",
        *_EQUAL,
        "Frenken et al. 2007",
    ),
    "cluster_stars": IndexNote(
        "集群星级",
        "Cluster stars",
        0,
        3,
        "规模、专业化、聚焦；并列者同计",
        "size, specialisation, focus; ties included",
        "全表各地区",
        "the places of the table",
        "European Cluster Observatory 2007",
    ),
}
