"""The longer words of a briefing, in both languages."""

from __future__ import annotations

import re

from siting.plan import Plan
from siting.schema import Lang

_WORDS: dict[str, tuple[str, str]] = {
    "shared": (
        "共有：两个集群都列入的地区数；随机期望：两份名单相互独立时应有的共有数；p：在名单长度不变、随机抽取地区时，共有数达到或超过实际值的精确概率（超几何分布）；q：对全部组合作 FDR 校正。按面积、人口加权的表不列 p、q：检验的是地区个数，与权重无关。",
        "Shared: places that both clusters list. Expected: what two independent lists of these lengths would share. p: exact (hypergeometric) probability of sharing at least so many. q: p corrected for the number of pairs (FDR). The tables by area and by population have no p and q: the test is of the number of places, whatever their weight.",
    ),
    "clauses": (
        "条款按文件的编号写。",
        "Clauses are cited as the document numbers them: 二（三）1 is part 2, section 3, item 1; —2 is its second dash.",
    ),
    "judged": (
        "领域的对应关系由人判断，理由与判断者列在表中。要改：用 siting plan match 写出对照表，改好后用 --fields（Python 里 fields=）给出，重算。",
        "Which fields answer each other is a judgement: reason and judge stand in the table. To change it, siting plan match writes the crosswalk; give it with --fields (in Python fields=) once edited.",
    ),
    "not_judged": (
        "领域的对应未经人工核对，不是结论。请用 siting plan match 写出对照表，改好后用 --fields（Python 里 fields=）给出，重算。",
        "Which fields answer each other has not been looked at by anybody and is no finding. siting plan match writes the crosswalk; give it with --fields (in Python fields=) once corrected.",
    ),
    "equal_names": (
        "名称相同即对应，未经人工核对",
        "Equal names match, not looked at by anybody",
    ),
    "chance": (
        "p：两边的个数不变、随机搭配时，共有数达到或超过实际值的精确概率；“可能的最小 p 值”说明这么少的对象最多能证明到什么程度，大于 0.05 就什么也证明不了。",
        "p: exact probability of at least so many in common, both numbers given. The smallest p possible says how much so few could ever prove: above 0.05, nothing.",
    ),
    "evidence": (
        "证据是 2023 年经济普查的从业人员：没有制造业，门类也不等于规划的领域，请先读每行的须知。区位商不小于 1（“集中”）表示该区这一门类的比重不低于全市。",
        "The evidence is employment of the 2023 census: no manufacturing, and sections are not the plan's fields, so read the caveat of each row first. A location quotient of at least 1 (present) means at least the city's share.",
    ),
    "cannot": (
        "这些表能说明的有限：只有服务业门类，制造业并入“其余”；门类不等于规划的集群或领域；人数按法人单位所在地统计，总部所在区会偏高；只有 2023 年末一个时点，看不出变化；按区统计，换成街镇结果会不同。",
        "What these tables cannot show: sections are services only, manufacturing is inside the rest; sections are neither clusters nor fields of the plans; persons are counted where the legal entity sits, which favours districts of head offices; one date, the end of 2023, shows no change; districts are one way to cut the city, towns would give other results.",
    ),
    "how": (
        "区位商：本区该门类所占比重与全市比重之比。区位基尼系数：0 为与全部就业同样分布，越接近 1 越集中。Gi* 把一个区与相邻各区一起看：p 值由全部排列逐一计数得到，q 值对全部区和门类作 FDR 校正；q 不大于 0.05 才称热点或冷点。图上画的是热点检验 q 值最小的门类。",
        "Location quotient: share of the section in the district over its share in the city. Locational Gini: 0 spread like all jobs, towards 1 concentrated. Gi* looks at a district with its neighbours: p counts every arrangement, q is corrected for all districts and sections; only q <= 0.05 is called hot or cold. The maps show the section whose q is smallest.",
    ),
    "no_interval": (
        "人数是普查的全部从业人员，不是样本，没有抽样误差，因此不给区间。",
        "The persons are all that a census counted, not a sample, so no interval is given.",
    ),
    "firms": (
        "EG 指数 γ：扣除企业大小不一造成的集中之后，还有多少集中；参照为本表全部企业。区间（95%）把每家企业当作独立的，按人数等加权时先折算成相当于几家同样大小的企业，成批迁入的企业会使区间偏窄；p 值在地区少时由全部排列逐一计数，否则抽样；q 值作了 FDR 校正；图上画的是热点检验 q 值最小的分类。落在所给地区之外的行、没有分类的行不计入，个数见上。换一套边界（按区或按街镇）结果会不同，两种都可以算：siting concentration 用 --level，siting briefing 用 --points-over。",
        "EG gamma: concentration beyond what large firms give by themselves; the reference is all firms of this table. Intervals (95 %) treat firms as independent; with weights the firms of a place are worth so many of equal size; firms that come together make them too narrow; p counts every arrangement where places are few, else draws; q is corrected (FDR); the maps show the category whose q is smallest. Rows outside the places or without a category are left out, as counted above. Other borders give other results: both can be had, with --level of siting concentration and --points-over of siting briefing.",
    ),
    "zones": (
        "以下是在写明的假设下求得的布局，不是规划内容；每个方案都经证明最优，或写明与最优的差距。近优方案：总分比最好方案低 1% 以内的方案；核心：近优方案都选它；摇摆：有的选、有的不选；替换代价：不许选它时总分最少损失多少。后悔值：按一种看法布局、却另一种看法成真时，总分比那时的最好方案少的比例。得分由各项相加，可逐项核对。",
        "These layouts follow from the assumptions below and are no part of the plans; each is proven optimal, or its gap is given. Near-best layouts: those within 1 % of the best total. Core: in all of them; swing: in some of them; replacement cost: the least loss of total without it. Regret: the share of the best total that a layout made for one view loses if another comes true. Scores are sums of the parts shown.",
    ),
    "no_layout": (
        "按上面的设定求不出布局，原因如下；可以用 siting layout 换条件再算。",
        "No layout follows from these settings, for the reason below; siting layout takes other conditions.",
    ),
    "open_lists": (
        "规划文件中的地区名单以“等”结尾，名单并不完整：未列入不等于被排除。",
        "The documents end each list of places with 等 (and others): a place that is not listed is not thereby excluded.",
    ),
    "by_cluster": (
        "文件把集群（而非单个领域）分配到地区；按领域的表由此推出。",
        "The documents assign clusters to places, not single fields; tables by field follow from that.",
    ),
    "areas": (
        "密度和加权按官方面积计算；图上面积含部分水域、滩涂。",
        "Weights use official areas; drawn areas include some water and tidal flats.",
    ),
    "sketches": (
        "地图为示意图，供内部研究，未经审核不得公开；审图号留空待填。",
        "The maps are sketches for internal study, not reviewed for publication; the review number is left blank.",
    ),
}
LIMITS = ("open_lists", "by_cluster", "areas", "sketches")


def first_sentence(text: str) -> str:
    """
    Return the first sentence of a text.

    Examples
    --------
    >>> first_sentence("甲最集中（0.504）。乙最均匀。"), first_sentence("A is 0.5. B is even.")
    ('甲最集中（0.504）。', 'A is 0.5.')
    """
    return re.split(r"(?<=。)|(?<=\.) ", text, maxsplit=1)[0]


def said(key: str, lang: Lang) -> str:
    """Return a text of the briefing."""
    return _WORDS[key][lang != "zh"]


def titled(plan: Plan, lang: Lang) -> str:
    """Return the title of a plan; in English its English one, if it has one."""
    return str((plan.title_en if lang == "en" else "") or plan.title)
