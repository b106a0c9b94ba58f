"""The words of the genre, and none of any one document: verbs, kinds of clusters, places, headings."""

from __future__ import annotations

import re

_ADVERBS = (
    "全力 着力 加快 加速 积极 大力 持续 努力 稳步 进一步 协同 共同 前瞻 前瞻性 聚力 全面 深入 率先 有序 统筹 "
    "不断 着重 力争 争取 累计 新增 每年 共 总计 合计 初步 逐步 主动 集中 联动 错位 互补 要 将 可 并 再 也 还 以及"
)
# These qualify a verb, or else the noun behind them: 重点打造, 重点企业.
_EITHER = "重点 联合 优先 基本 主要 超前 前沿 高水平 高标准 高质量"
_VERBS = (
    "打造 建设 培育 发展 形成 推动 推进 壮大 做强 做大 做优 做精 做实 构建 开拓 布局 提升 塑造 建成 引育 谋划 拓展 巩固 优化 "
    "集聚 抢占 创建 实施 探索 突破 聚焦 推出 攻关 成立 引进 引入 实现 组建 设立 培养 支持 鼓励 引导 吸引 攻克 制定 制订 "
    "落地 举办 认定 完成 新建 新增 改造 发布 转化 集中 扩大 招引 落户 促进 遴选 树立 输出 汇聚 布设 部署 安排 发布 "
    "育成 建立 搭建 达到 达 保持 确保 申请 获得 拥有 开展 开通 盘活 选育 研制 提供 制修订 修订 开发(?!区) 完善 健全"
)


def _any(words: str) -> str:
    return "|".join(sorted(set(words.split()), key=lambda w: (-len(w), w)))


VERB = f"(?:{_any(_VERBS)})"
_WORDS = _any(f"{_ADVERBS} {_EITHER} {_VERBS}")
LEAD = rf"(?:(?:{_WORDS})*{VERB})"
LEADS = re.compile(rf"(?:{_any(f'{_ADVERBS} {_VERBS}')}|(?:{_any(_EITHER)})(?={_WORDS}))+")
BEGINS = re.compile(rf"(?:{_WORDS})")
# What the sentence behind a title may begin with.
OPENS = re.compile(
    rf"(?:{_WORDS}|加强|强化|深化|研发|开放|丰富|加大|面向|围绕|针对|依托|瞄准|以|对|在|通过|利用)"
)
ENDS_VERB = re.compile(rf"{VERB}$")

# What a document may call a cluster; the longest wins, 产业 before it is no part of the name.
TIERS = "集群|产业链|产业带|领域|方向|赛道|行业|板块|产业"
_STATEMENT = (
    rf"(?P<lead>{LEAD}?)(?P<grade>(?:[^\"，]{{1,40}}的)?(?:(?:世界|国家|国际)级|[千百万]+亿级|(?:国际|国内|全球|世界)(?:一流|领先))?)"
    rf"(?P<name>[^\"，。；：！？]{{2,24}}?)(?P<kind>产业)?(?P<tier>%s)(?P<quoted>\"[^\"]{{1,12}}\")?"
)
STATEMENT = re.compile(_STATEMENT % TIERS)
# A title may also say what the cluster shall make of its ground.
TITLE = re.compile(_STATEMENT % f"{TIERS}|高地|基地|集聚区|示范区")
# Whole names that say a rank and no content.
NO_NAME = re.compile(
    "(?:(?:特色|优势|重点|新兴|战略性?新兴|主导|支柱|先导|传统|相关|有关|上下游|配套|企业|人才|项目|市场主体|龙头|高新技术|高端|现代|新|大|各|本区|全区|全市|"
    "本市|若干|其他|关键|核心|细分|前沿|主攻|主要|基础|先进|技术|发展|应用|和|与|、)+)"
)
NO_PART = re.compile(
    r"、|[一二三四五六七八九十两]+(?:个|大)|\d+(?:\.\d+)?(?:余|多)?(?:个|大|家|条|项)|若干|一批|等$|^[和与及、的]|[和与及、]$|^[为对向在]"
)

# Sub-headings that part a cluster's section and are no fields.
PARTING = re.compile(
    "(?:发展|重点|主攻|细分|核心|关键|空间|产业|区域|功能|技术|总体|建设|主要|特色|攻关|推进|支持|优化|明确|聚焦|和|与|及|"
    "目标|定位|领域|布局)*"
    "(?:目标|方向|领域|任务|布局|重点|赛道|载体|举措|措施|路径|定位|基础|现状|思路|优势|分工|项目|平台|体系|政策|保障|要求)"
)
PARTS_FIELDS = re.compile("方向|领域|赛道|重点")
# A name of these tiers is a cluster in a chapter of tasks as well, but not in one of these.
FIRM = re.compile("集群|产业链|产业带|赛道")
NO_CLUSTERS = re.compile("保障|措施|要求|机制|政策|支撑|环境|组织|思路|生态")
# A chapter whose clauses are clusters, should none be stated in so many words; and one that is not.
CHAPTER = re.compile("领域|方向|赛道|产业|集群|板块|布局")
NO_CHAPTER = re.compile(
    "任务|保障|行动|计划|工程|措施|要求|目标|机制|政策|支撑|环境|组织|思路|基础|生态"
)

_TAILS = "区域|地区|街镇|镇街|街道|乡镇|城区|园区|板块|新城|区|镇|乡|地"
OPEN_LIST = re.compile(
    rf"([^，。；：！？\"]{{1,200}}?)等(?:[一二三四五六七八九十两\d]+个?)?(?:重点|相关|有关|主要|若干)?({_TAILS})(?![方面理点块位域])"
)
BARE_LIST = re.compile(
    '(?:布局在|布局于|布局|落户在|集中在|位于|在|依托|支持|推动|鼓励|引导)([^，。；：！？"]{1,200}?)等'
    f"(?=[，。；]|$|{LEADS.pattern})"
)
CLOSED_LIST = re.compile(
    '(?:(?:布局|区域|载体|地区|范围|街镇|承载区|承载地|集聚区)(?:：|为|是|包括)|布局在|布局于|布局(?!区域|地区|范围|街镇|载体)|落户在|落户于|落户|集中在|集中于|集聚在|落地在|位于|在|立足|辐射|依托|支持|推动|鼓励|引导)([^，。；：！？"]{2,200})'
)
CLOSED_TAIL = re.compile(
    "(?:[二两三四五六七八九十\\d]+个?(?:区域|地区|街镇|街道|新城|区|镇|地)|重点区域|区域|地区)(?=$|[，。；]|"
    f"{LEADS.pattern})"
)
GROUND_LIST = re.compile(
    '(?:以|，)([^，。；：！？"]{2,120})(?:为|作为)(?:核心|重点|主要|主|协同|拓展|联动)*'
    "(?:承载区|集聚区|载体|区域|承载地|示范区|引领区|空间|阵地|拓展区|联动区|核心|引领|拓展|支撑|延伸|补充|协同|联动|配套|辐射)"
)
PLACE_KIND = re.compile(
    "(?:新区|新片区|工业区|开发区|园区|产业园|科技园|(?:科学|科技|软件|大学)城|商务区|度假区|保税区|经开区|片区|高新区|示范区|街道|新城|自治县|区|县|镇|乡)$"
)
TOWN_KIND = re.compile("(?:街道|镇|乡|工业区|开发区|园区)$")
INTRO = re.compile(
    "布局在|布局于|落户在|落户于|集中在|集中于|集聚在|在|于|依托|支持|推动|鼓励|引导|聚焦|围绕|布局|立足|重点|以|由|覆盖|向|到|"
    "推进|发挥|联动|涉及|包括|依靠|形成|打造|建设"
)
# 等 with one of these behind it closes a list of other things.
NO_PLACES = re.compile(
    "领域|方面|场景|行业|技术|企业|产品|材料|环节|方向|人群|机构|平台|学科|部门|任务|工作"
)

INLINE_FIELDS = (
    re.compile(r"以([^，。；：！？]{2,120}?)(?:等)?(?:为|作为)(?:主攻|重点|主要|核心|发展|突破|优先|细分|技术|攻关)*(?:方向|领域|赛道|重点)"),
    re.compile(r"(?:主攻方向|重点方向|重点领域|发展方向|细分领域|细分赛道|发展重点)(?:为|是|包括|：)([^。；！？，：]{2,120})"),
    re.compile(r"(?:重点发展|重点布局|重点突破|主攻|聚焦|聚力发展|着力发展|大力发展|优先发展|加快发展|主要包括|重点包括|涵盖)(?P<list>[^，。；：！？]{2,120}?)等?(?:[一二三四五六七八九十两\d]+(?:个|大))?(?:细分|重点|主攻|前沿|核心)*(?:领域|方向|赛道)(?=$|[，。；])"),
)  # fmt: skip

PROGRAMME = re.compile(r"\"[^\"]{1,20}(?:计划|行动|工程|专项|攻坚战|攻坚)\"")
PLAIN_PROGRAMME = re.compile(r"(?:计划|行动|工程|专项)$")
ZONES = re.compile(
    '(?:聚焦|依托|布局|规划建设|谋划)([^，。；：！？"]{1,120}?)等(?:重点)?(?:区域|园区|地区|载体|地|板块)?(?=$|[，。；])'
)
ZONE_WORD = re.compile("先导区|示范区|引领区|承载区|核心区|试验区|集聚区")

UNITS = (
    "万亿元 亿元 万元 亿美元 万美元 元 个百分点 % 万平方米 平方公里 平方千米 平方米 公顷 万亩 亩 万吨 吨 千瓦时 兆瓦 吉瓦 万千瓦 千瓦 "
    "万人次 人次 万人 万名 万家 万件 万台 万辆 万套 万个 万项 万条 万株 万户 万张 家 个 件 项 人 名 位 款 种 类 座 条 处 支 套 台 辆 架 艘 场 次 所 只 颗 例 对 "
    "批 门 册 部 幢 栋 间 户 张 枚 组 片 株 米 公里 千米 TEU PFLOPS EFLOPS P E"
)
MONEY = re.compile("元$|%$|百分点$|吨$|瓦|亩$|米$|里$|公顷$|人次$")
UNIT = re.compile(f"(?:{_any(UNITS)})")
NO_COUNT = re.compile(
    "方面|环节|专班|工作组|小组|阶段|步骤|部门|维度|工作日|月|小时|年|层面|层次|百分点|级|[一二三四五六七八九十]|以上学时"
)
PAST = re.compile(
    r"截至|目前|过去|近年|现有|已(?:有|经|建|形成|集聚|达|拥有|累计|成为|培育)|现状|\d{4}年以来"
)
GRANT = re.compile(
    "最高|给予|奖励|补贴|补助|资助|贴息|每家|每户|每项|每年不超|封顶|一次性|每月|每周|每季"
)
GOALS = re.compile("目标|指标|愿景")
NO_GOALS = re.compile("现状|形势|基础|背景|回顾|成效|附则|附件")
