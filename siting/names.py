"""Names of places in one spelling, whatever keyboard, script or clipboard they came from."""

from __future__ import annotations

import re
import unicodedata

# Pairs of traditional and simplified characters that occur in names of places in Shanghai.
_PAIRS = """
區区 縣县 鎮镇 鄉乡 東东 長长 寧宁 靜静 黃黄 楊杨 閔闵 寶宝 匯汇 滙汇 彙汇 滬沪 盧卢 灣湾 閘闸
馬马 陸陆 華华 婁娄 園园 岡冈 橋桥 業业 蘇苏 龍龙 廟庙 陳陈 豐丰 羅罗 涇泾 練练 趙赵 葉叶 樹树
蘭兰 張张 衛卫 衞卫 莊庄 廣广 場场 萬万 團团 書书 錢钱 呂吕 湯汤 鳳凤 濱滨 顧顾 開开 發发 經经 濟济
術术 興兴 嶺岭 關关 門门 吳吴 歐欧 陽阳 臨临 國国 權权 軍军 橫横 島岛 綠绿 設设 豎竖 竪竖 農农 躍跃
進进 紅红 雙双 隊队 聯联 楓枫 雲云 體体 號号 頭头 蓮莲 欽钦 齊齐 會会 賢贤 遊游 車车 崑昆 崐昆 蕩荡
裏里 裡里 鶴鹤 澤泽 慶庆 鋼钢 碼码 濰潍 蘆芦 倉仓 顓颛 錦锦 隴陇 誼谊 壽寿 風风 靈灵 涼凉 籃篮 灘滩
創创 學学 軟软 際际 機机 嶼屿 護护 環环 綫线 線线 鐵铁 醫医 藥药 網网 產产 産产 導导 壩坝 圍围 塢坞
竈灶 鹽盐 漁渔 貿贸 稅税 滙汇 啟启 啓启 強强 勝胜 榮荣 偉伟 億亿 楨桢 詠咏 紀纪 愛爱 義义 貝贝
"""
_SIMPLIFIED = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}
# Shown as nothing, yet neither a blank nor a format character by Unicode's categories.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\ufffc]")
_BLANK = ("Cc", "Cf", "Zs", "Zl", "Zp")
_DASHES = "\u2212\u2500\u2501\u2043\u02d7"  # minus, box lines, hyphen bullet: dashes by use
_QUOTES = {ord(c): "'" for c in "‘’ʼ`´"}


def canonical(name: str) -> str:
    """
    Return `name` in the one spelling in which names are compared.

    Full-width letters, digits and brackets become half-width (NFKC), blanks and invisible
    characters go, every dash becomes ``-`` and every apostrophe ``'``, traditional characters
    become simplified ones by a fixed table.

    Parameters
    ----------
    name
        A name as somebody wrote it.

    Returns
    -------
    str
        The spelling to compare; ``canonical`` of it is itself.

    Notes
    -----
    NFKC alone keeps zero-width blanks and traditional characters, hence the further steps. Nothing
    is cut off: prefixes such as 上海市 are the business of the search, which drops them only when
    the rest is a place.

    Examples
    --------
    >>> canonical(" 浦東新區"), canonical("Ｇ６０科创走廊"), canonical("静安（区）")
    ('浦东新区', 'G60科创走廊', '静安(区)')
    >>> canonical("浦东" + chr(0x200B) + "新区")
    '浦东新区'
    """
    folded = unicodedata.normalize("NFKC", name.translate(_QUOTES))
    kept = "".join(_fold(c) for c in _UNSEEN.sub("", folded))
    # What was kept apart by a blank may now combine.
    return unicodedata.normalize("NFC", kept.translate(_SIMPLIFIED).translate(_QUOTES))


def _fold(character: str) -> str:
    category = unicodedata.category(character)
    if category in _BLANK:
        return ""
    return "-" if category == "Pd" or character in _DASHES else character


def short_form(name: str, level: str) -> str | None:
    """
    Return the name without the word for its kind, or None where it has none or little remains.

    Districts drop 新区 or 区; towns drop 街道, 镇, 乡 or 新区. At least two characters stay.

    Examples
    --------
    >>> short_form("浦东新区", "district"), short_form("嘉定镇街道", "town")
    ('浦东', '嘉定镇')
    >>> short_form("嘉定工业区", "town") is None, short_form("堡镇", "town") is None
    (True, True)
    """
    kinds = ("新区", "区") if level == "district" else ("街道", "新区", "镇", "乡")
    for kind in kinds:
        if name.endswith(kind):
            stem = name.removesuffix(kind)
            return stem if len(stem) >= 2 else None
    return None
