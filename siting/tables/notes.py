"""What the columns of the tables mean, and in which unit: for the field notes of a workbook."""

from __future__ import annotations

import re

from siting.schema import Lang, check_lang

_NONE = ("", "")
_PLACES, _PERSONS, _KM2 = ("个地区", "places"), ("人", "persons"), ("平方公里", "km2")
_SHARE, _DEGREES, _BITS = ("0–1", "0 to 1"), ("度", "degrees"), ("比特", "bits")

# (heading zh, en), (unit zh, en), (meaning zh, en)
_NOTES: tuple[tuple[tuple[str, str], tuple[str, str], tuple[str, str]], ...] = (
    (("层次", "Tier"), _NONE, ("规划文件给集群的层次", "Level that the plan gives the cluster")),
    (("领域", "Fields"), _NONE, ("集群所含的领域", "Fields of the cluster")),
    (("列出的地区数", "Places listed"), _PLACES, ("条款点名的地区数；名单以“等”结尾的并不完整", "Places that the clause names; a list that ends with: and others, is open")),
    (("条款", "Clause"), _NONE, ("规划文件中的条款", "Clause of the document")),
    (("区划代码", "Place code"), _NONE, ("行政区划代码：区县 6 位，街镇 9 位，文本", "Code of the place, text: 6 digits for a district, 9 for a town")),
    (("集群数", "Clusters"), ("个", "count"), ("列入该地区的集群数", "Clusters that list the place")),
    (("官方面积（平方公里）", "Official area (km2)"), _KM2, ("官方公布的面积", "Published official area")),
    (("面积（平方公里）", "Area (km2)"), _KM2, ("图上椭球面积，含部分水域、滩涂", "Drawn area on the ellipsoid, with some water and tidal flats")),
    (("常住人口（2020，人）", "Population (2020, persons)"), _PERSONS, ("第七次人口普查常住人口", "Residents of the 2020 census")),
    (("经度（度）", "Longitude (deg)"), _DEGREES, ("WGS-84 经度", "Longitude, WGS-84")),
    (("纬度（度）", "Latitude (deg)"), _DEGREES, ("WGS-84 纬度", "Latitude, WGS-84")),
    (("甲", "A"), _NONE, ("两个中的前一个", "The first of the two")),
    (("乙", "B"), _NONE, ("两个中的后一个", "The second of the two")),
    (("共有", "Shared"), _PLACES, ("两者都列入的地区数", "Places that both list")),
    (("并集", "Union"), _PLACES, ("至少一方列入的地区数", "Places that at least one lists")),
    (("杰卡德系数", "Jaccard index"), _SHARE, ("共有 ÷ 并集", "Shared / union")),
    (("重叠系数", "Overlap coefficient"), _SHARE, ("共有 ÷ 较短名单", "Shared / the shorter list")),
    (("随机期望", "Expected by chance"), _PLACES, ("名单长度不变、随机抽取地区时共有数的期望", "Number shared if lists of these lengths were drawn at random")),
    (("精确 p 值", "Exact p"), _SHARE, ("随机时达到或超过实际值的精确概率；不大于 0.05 加底色", "Exact probability of at least so much by chance; shaded if at most 0.05")),
    (("p 值", "p"), _SHARE, ("随机时同样或更极端的概率；不大于 0.05 加底色", "Probability of something as extreme by chance; shaded if at most 0.05")),
    (("FDR 校正 q 值", "FDR q"), _SHARE, ("对全部检验校正（FDR）后的 p 值；不大于 0.05 加底色", "p corrected for the number of tests (FDR); shaded if at most 0.05")),
    (("可能的最小 p 值", "Smallest p possible"), _SHARE, ("这么少的对象最多能得到的 p 值；大于 0.05 就什么也证明不了", "The least p that so few could give; above 0.05 nothing can be proven")),
    (("叠加层数", "Depth"), ("个集群", "clusters"), ("该地块上叠加的集群数", "Clusters on this ground")),
    (("所含集群", "Members"), _NONE, ("叠加在该地块上的集群", "The clusters on this ground")),
    (("数量", "Quantity"), _NONE, ("目标数量，保留原文限定（约、不少于、超过）", "Quantity with the document's own qualifier")),
    (("年份", "Year"), ("年", "year"), ("目标年份", "Year of the target")),
    (("依据", "Basis"), _NONE, ("数值所在的条款或表", "Clause or table where the figure stands")),
    (("区位基尼系数（洛伦兹）", "Locational Gini (Lorenz)"), _SHARE, ("0 为与全部就业同样分布，越接近 1 越集中", "0: spread like the whole; towards 1: concentrated")),
    (("赫芬达尔指数（按地区）", "HHI over places"), _SHARE, ("各地区占比的平方和", "Sum of squared shares of the places")),
    (("赫芬达尔指数（按门类）", "HHI over sectors"), _SHARE, ("各门类占比的平方和", "Sum of squared shares of the sectors")),
    (("相当于几个地区平分", "Equivalent number of places"), _PLACES, ("赫芬达尔指数的倒数", "Inverse of the HHI")),
    (("相当于几个门类平分", "Equivalent number of sectors"), ("个门类", "sectors"), ("赫芬达尔指数的倒数", "Inverse of the HHI")),
    (("克鲁格曼集中指数", "Krugman concentration"), ("0–2", "0 to 2"), ("与全体分布之差的绝对值之和", "Sum of absolute differences from the whole")),
    (("克鲁格曼专业化指数", "Krugman specialisation"), ("0–2", "0 to 2"), ("与全体构成之差的绝对值之和", "Sum of absolute differences from the whole's mix")),
    (("EG 指数 γ", "Ellison-Glaeser gamma"), _NONE, ("扣除企业大小不一后的集中程度", "Concentration beyond what large firms give by themselves")),
    (("熵（比特）", "Entropy (bits)"), _BITS, ("门类构成的熵，越大越多样", "Entropy of the mix; larger is more varied")),
    (("哈克曼指数", "Hachman index"), _SHARE, ("1 为与全体构成相同", "1: the same mix as the whole")),
    (("区位商", "Location quotient"), _NONE, ("本地区占比 ÷ 全体占比；大于 1 加底色", "Share here / share in the whole; shaded above 1")),
    (("其区位商", "That LQ"), _NONE, ("该门类的区位商；大于 1 加底色", "Location quotient of that sector; shaded above 1")),
    (("下限", "Lower"), _NONE, ("95% 区间的下限", "Lower end of the 95 % interval")),
    (("上限", "Upper"), _NONE, ("95% 区间的上限", "Upper end of the 95 % interval")),
    (("区位商的莫兰指数", "Moran's I of the LQ"), _NONE, ("相邻地区区位商相似的程度", "How alike the quotients of neighbours are")),
    (("莫兰 p 值", "p of Moran's I"), _SHARE, ("地区随机排列时的 p 值；不大于 0.05 加底色", "p over arrangements of the places; shaded if at most 0.05")),
    (("Gi* 的 z", "z of Gi*"), ("标准差", "standard deviations"), ("本地区与相邻地区一起高（正）或低（负）的程度", "How high (or low) the place and its neighbours are together")),
    (("Kappa 系数", "Cohen's kappa"), ("-1–1", "-1 to 1"), ("扣除巧合后的一致程度", "Agreement beyond chance")),
    (("规划地区平均区位商", "Mean LQ, planned"), _NONE, ("规划列入的地区的平均区位商", "Mean quotient of the places that the plan lists")),
    (("其他地区平均区位商", "Mean LQ, others"), _NONE, ("其余地区的平均区位商", "Mean quotient of the other places")),
    (("得分", "Score"), _NONE, ("适宜性得分", "Suitability score")),
    (("近优方案中的频率", "Share of near-best layouts"), _SHARE, ("在近优方案中入选的比例", "Share of the near-best layouts that hold it")),
    (("替换代价", "Replacement cost"), _NONE, ("去掉它时总分至少减少多少", "Least loss of the total without it")),
    (("总分", "Total"), _NONE, ("所选各对的得分之和", "Sum of the scores of the chosen pairs")),
    (("稳固", "Firm"), _NONE, ("核心：近优方案都选它；摇摆：有的选、有的不选；从不入选：都不选", "Core: in every near-best layout; swing: in some; never: in none")),
    (("换掉或换上的代价", "Cost of leaving out or taking in"), _NONE, ("已入选的不许选、未入选的必须选时，总分至少减少多少", "Least loss of the total if a chosen pair is left out, or another taken in")),
    (("最坏", "Worst"), _SHARE, ("各种看法中最大的后悔值", "Greatest regret over all views")),
    (("网址", "Web address"), _NONE, ("来源在网上的位置", "Where the source stands on the web")),
    (("校验和（SHA-256）", "SHA-256"), _NONE, ("文件内容的校验和", "Checksum of the file")),
)  # fmt: skip
# What a heading means in one table alone.
_OWN: dict[str, tuple[tuple[tuple[str, str], tuple[str, str], tuple[str, str]], ...]] = {
    "target_shares": (
        (("份额下限", "Share from"), _SHARE, ("区占全市份额的下限", "Least share of the district in the city")),
        (("份额上限", "Share to"), _SHARE, ("区占全市份额的上限", "Greatest share of the district in the city")),
    ),
    "agreement": (
        (("共有", "Both"), _NONE, ("市、区两份规划都有的个数", "In both plans")),
        (("随机期望", "Expected by chance"), _NONE, ("两边的个数不变、随机搭配时共有数的期望", "Number in both if the two were matched at random")),
        (("杰卡德系数", "Jaccard index"), _SHARE, ("共有 ÷ 至少一份规划有的个数", "In both / in at least one")),
    ),
    **{
        f"pairs_by_{key}": (
            ((f"共有（{unit[0]}）", f"Shared ({unit[1]})"), unit, (f"两者都列入的地区的{of[0]}之和", f"{of[1]} of the places that both list")),
            ((f"并集（{unit[0]}）", f"Union ({unit[1]})"), unit, (f"至少一方列入的地区的{of[0]}之和", f"{of[1]} of the places that at least one lists")),
            (("重叠系数", "Overlap coefficient"), _SHARE, (f"共有 ÷ 两者中{of[0]}较小的一方", f"Shared / the cluster with the smaller {of[1].lower()}")),
            ((f"随机期望（{unit[0]}）", f"Expected by chance ({unit[1]})"), unit, (f"名单长度不变、随机抽取地区时共有{of[0]}的期望", f"{of[1]} shared if lists of these lengths were drawn at random")),
        )
        for key, unit, of in (
            ("area_official_km2", _KM2, ("官方面积", "Official area")),
            ("population_2020", _PERSONS, ("常住人口", "Population")),
        )
    },
}  # fmt: skip
# What a column means that is called by a name: a cluster, a field, a sector.
_NAMED = {
    "incidence": ("● 表示该地区列入此集群", "● marks a place that the cluster lists"),
    "field_incidence": ("● 表示该地区承担此领域", "● marks a place that the field goes to"),
    "quotients": ("此门类的区位商；大于 1 加底色", "Its location quotient; shaded above 1"),
    "firm_counts": ("此类在该地区的数量", "How much of it the place has"),
    **dict.fromkeys(
        ("city_regret", "district_regret"),
        (
            "这种看法成真时，按行首看法布局的总分比最好方案少的比例",
            "Share of the best total that the layout of the row loses if this view comes true",
        ),
    ),
}
_FIRST = ("地区", "Place", "按哪种看法布局", "Layout made for")
_ROW_TOTALS = ("incidence", "field_incidence", "sectors", "specialisation", "firm_counts")
_TOTAL = re.compile(r"(?:合计|Total)(?:（(.+)）| \((.+)\))?")  # what is counted stands behind it
_TOTAL_MEANS = ("本行各项之和", "Sum of the row")


def column_note(key: str, heading: str, *, lang: Lang = "zh") -> tuple[str, str]:
    """
    Return unit and meaning of a column; empty texts where the heading says it all.

    Parameters
    ----------
    key
        The table, as `table_title` takes it.
    heading
        Heading of the column.
    lang
        ``zh`` or ``en``.

    Examples
    --------
    >>> column_note("pairs", "杰卡德系数"), column_note("quotients", "Finance", lang="en")
    (('0–1', '共有 ÷ 并集'), ('', 'Its location quotient; shaded above 1'))
    """
    en = check_lang(lang) == "en"
    total = _TOTAL.fullmatch(heading) if key in _ROW_TOTALS else None
    if total:
        return next(filter(None, total.groups()), ""), _TOTAL_MEANS[en]
    for head, unit, meaning in (*_OWN.get(key, ()), *_NOTES):
        if heading == head[en]:
            return unit[en], meaning[en]
    if key in _NAMED and heading not in _FIRST:
        return "", _NAMED[key][en]
    return "", ""
