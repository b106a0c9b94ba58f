"""The commented example that ``siting layout --example`` prints."""

from __future__ import annotations

EXAMPLE = """\
# 条件文件 conditions: siting layout 条件.toml --out layout
# 比较几个情景 scenarios side by side: siting layout 甲.toml 乙.toml --out scenarios
# 三种问题选一种 one of three questions: case, scores, model.
# 文件都放在本文件旁边 files stand beside this one. 表：第一列、第一行是名称，其余是数
# tables: names in the first column and the first row, numbers elsewhere.

title = "嘉定区特色园区"

# ---- A 自带的两个研究 the bundled studies: "city" 全市先导区, "district" 嘉定园区 ----
case = "district"
# plan = "我的规划.xlsx"               # 自己的规划 a plan of your own
# boundaries = "街镇.geojson"          # 自己的边界 outlines of your own
# frame = "gcj02"                      # 边界坐标系 their frame
n_zones = 5                            # 选几个 how many
# per_cluster = 1                      # 每个集群至少 at least of each cluster; [1, 2] 最少和最多
# per_cluster = { "未来智能" = [1, 2] }
# per_place = { "安亭镇" = 2 }         # 每个地区最多 at most in a place
# groups = { "安亭" = "西部", "外冈" = "西部" }   # 全市：按区 in the city: districts
# group_max = 2                        # 每组最多 at most in a group; group_min 至少
# fixed = ["安亭", ["南翔", "未来智能"]]          # 必选 must be chosen
# forbidden = ["真新"]                 # 不许 must not
min_spacing_km = 4                     # 间距 spacing
weights = { jobs = 0.6, land = 0.4 }   # 得分权重 weights of the score; 全市另有 evidence
within = 0.01                          # 近优幅度 what counts as nearly as good
# ties = true                          # 必查并列 look for ties whatever the size
# time_limit_s = 60                    # 时限 seconds
# memory_limit_mb = 500                # 求解器内存上限 memory of the solver

# ---- B 自己的得分表 scores of your own: 行为地区、列为集群，空格为不许 blank: not allowed ----
# scores = "scores.csv"
# n_zones = 8
# groups = "groups.csv"                # 两列：地区、组 two columns
# distance = "places.csv"              # 地区间距离（米） with min_spacing_km

# ---- C 选点模型 four models: p_median, max_coverage, set_coverage, p_center ----
# model = "max_coverage"
# distance = "distance.csv"            # 需求点（行）到候选点（列），米 demand x sites [m]
# p = 5
# radius_m = 5000                      # 覆盖模型 coverage models
# weights = "weights.csv"              # 需求量：文件或表 demand by row: a file or a table
# capacity = "capacity.csv"            # 候选点容量 by site
# demand = "demand.csv"                # 占用的容量 what each demand takes up
# existing = ["老园区"]                # 已有的点 open already
# site_distance = "sites.csv"          # 候选点间距离 with min_spacing_km
# cover_within_m = 3000                # 至少 cover_share 的需求在此距离内 a floor of coverage
# cover_share = 0.8
# unreachable = "allow pairs"          # 允许到不了的组合（写 inf） infinite distances
"""

HELP = """\
键 keys: case "city"|"district"; scores FILE; model p_median|max_coverage|set_coverage|p_center
  共用 all:    title, fixed, forbidden, groups, group_min, group_max, within, ties, time_limit_s,
               memory_limit_mb
  case:        plan, boundaries, frame, n_zones, per_cluster, per_place, min_spacing_km, weights
  scores:      n_zones, per_cluster, per_place, distance, min_spacing_km
  model:       distance, p, radius_m, weights, capacity, demand, existing, site_distance,
               min_spacing_km, cover_within_m, cover_share, unreachable
例子 example: siting layout --example > conditions.toml
比较 compare: siting layout A.toml B.toml：各写一个文件夹，另写差别 a folder for each, and the difference
退出码 exit codes: 0, 2 输入有误 bad input, 3 无解 infeasible, 4 不能写 cannot write
"""
