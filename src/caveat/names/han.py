"""Han names: cut into words, translated where a word is a trade, form or place, else read in Mandarin."""

from __future__ import annotations

from functools import lru_cache

from caveat.names.words import read_yaml

_SIMPLE = str.maketrans(
    "電國業實際貿進資發開設備機車衛導網絡數據訊聯銀險醫藥學術軟體灣門廣東蘇無錫漢遼寧陝慶長龍雲貴華礦鋼鐵鋁農紡織裝儀計動總區縣廳員經濟"
    "灃濱島萬陽陳張劉趙黃楊吳馬許鄧馮葉蔣韓譚鄭謝羅蕭賈閻傅盧錢湯陸龔偉強軍剛勝國榮輝麗芳蘭鳳燕鵬飛傑鋒興寶紅聖義愛書記組團製造運輸"
    "輪船艦產權營養飲食傳媒師範講習藝術樂園館選舉黨組織監獄執檢審護環境檔案測繪衛視頻遠達順豐億銳創維視視覽貝兒歐亞羅納維務萊達莊鄭銘測歷壓縮鑽錄種極圖線級穩聲紅軌輝齊",
    "电国业实际贸进资发开设备机车卫导网络数据讯联银险医药学术软体湾门广东苏无锡汉辽宁陕庆长龙云贵华矿钢铁铝农纺织装仪计动总区县厅员经济"
    "沣滨岛万阳陈张刘赵黄杨吴马许邓冯叶蒋韩谭郑谢罗萧贾阎傅卢钱汤陆龚伟强军刚胜国荣辉丽芳兰凤燕鹏飞杰锋兴宝红圣义爱书记组团制造运输"
    "轮船舰产权营养饮食传媒师范讲习艺术乐园馆选举党组织监狱执检审护环境档案测绘卫视频远达顺丰亿锐创维视视览贝儿欧亚罗纳维务莱达庄郑铭测历压缩钻录种极图线级稳声红轨辉齐",
)


def is_han(char: str) -> bool:
    """Whether a character is a Han sign."""
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\U00020000" <= char <= "\U0003ffff"


def simplify(text: str) -> str:
    """Traditional signs as simplified ones, the common ones of names and companies."""
    return text.translate(_SIMPLE)


@lru_cache(maxsize=1)
def _dictionary() -> tuple[dict[str, str], frozenset[str], int]:
    data = read_yaml("han.yaml")
    table = {str(k): str(v) for part in ("forms", "generic", "places", "brands") for k, v in data[part].items()}
    return table, frozenset(data["surnames"].split()), max(map(len, table))


def cut(word: str, *, inside: bool = False) -> list[tuple[str, str | None]]:
    """A run of Han signs as (piece, English words or None) pairs, the longest known words first.

    `inside`: the run is part of a company's name, so that words of one sign count too.
    """
    table, _, longest = _dictionary()
    out: list[tuple[str, str | None]] = []
    rest = ""
    place = 0
    while place < len(word):
        for size in range(min(longest, len(word) - place), 0, -1):
            piece = word[place : place + size]
            if piece in table and (size > 1 or (place > 0 and (inside or len(word) > 4))):
                if rest:
                    out.append((rest, None))
                    rest = ""
                out.append((piece, table[piece]))
                place += size
                break
        else:
            rest += word[place]
            place += 1
    if rest:
        out.append((rest, None))
    return out


def translated() -> list[tuple[str, str]]:
    """The words of companies and bodies that are no brands, each with its English words (none: it says nothing)."""
    return [(signs, english) for signs, english in _dictionary()[0].items() if signs not in _brands()]


@lru_cache(maxsize=1)
def _brands() -> frozenset[str]:
    return frozenset(str(brand) for brand in read_yaml("han.yaml")["brands"])


def is_brand(piece: str) -> bool:
    """Whether a piece of a company's name is a brand whose Latin name is not its sound."""
    return piece in _brands()


def is_organization(word: str) -> bool:
    """Whether a run of Han signs is a company or body: it holds a word of one, or is too long for a person."""
    pieces = cut(word)
    known = sum(english is not None for _, english in pieces)
    return len(word) > 4 or known > 1 or (known == 1 and len(word) > 3)


def person(word: str) -> tuple[str, str]:
    """Family and given name of a person of two to four signs."""
    surnames = _dictionary()[1]
    size = 2 if len(word) > 2 and word[:2] in surnames else 1
    return word[:size], word[size:]


@lru_cache(maxsize=1)
def _people() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Cantonese sounds of signs, and the sounds of Japanese family and given names."""
    data = read_yaml("han_people.yaml")
    parts = ("cantonese", "japanese_surnames", "japanese_given")
    cantonese, family, given = (dict(map(_signs_and_sound, data[part].split())) for part in parts)
    return cantonese, family, given


def _signs_and_sound(word: str) -> tuple[str, str]:
    signs = word.rstrip("abcdefghijklmnopqrstuvwxyz")
    return simplify(signs), word[len(signs) :]


def cantonese(word: str) -> str:
    """The Cantonese sound of a name as Hong Kong spells it; empty where a sign is not known.

    >>> cantonese("陈国强")
    'chankwokkeung'
    """
    sounds = [_people()[0].get(char, "") for char in word]
    return "".join(sounds) if all(sounds) else ""


def japanese(word: str) -> tuple[str, str] | None:
    """Family and given name of a Japanese person, in Latin letters; None where the name is not known.

    >>> japanese("安倍晋三")
    ('abe', 'shinzo')
    """
    _, families, givens = _people()
    for size in (3, 2, 1):
        family, given = families.get(word[:size]), givens.get(word[size:])
        if family and given:
            return family, given
    return None


#: Finals that Wade and Giles write otherwise, longest first; then the first letters.
_GILES_WHOLE = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "ssu", "yi": "i",
    "er": "erh", "yan": "yen", "ye": "yeh", "you": "yu", "yong": "yung", "ge": "ko", "ke": "ko", "he": "ho",
    "gui": "kuei", "kui": "kuei", "e": "o",
}  # fmt: skip
_GILES_FINAL = (("ong", "ung"), ("ian", "ien"), ("ie", "ieh"), ("ue", "ueh"))
_GILES_FIRST = (("zh", "ch"), ("ch", "ch"), ("sh", "sh"), ("z", "ts"), ("c", "ts"), ("b", "p"), ("d", "t"), ("g", "k"),
                ("j", "ch"), ("q", "ch"), ("x", "hs"), ("r", "j"))  # fmt: skip


@lru_cache(maxsize=2_000)
def giles(syllable: str) -> str:
    """A pinyin syllable as Wade and Giles spell it, without their apostrophes.

    >>> giles("zhou"), giles("xie"), giles("guo"), giles("luo")
    ('chou', 'hsieh', 'kuo', 'lo')
    """
    if syllable in _GILES_WHOLE:
        return _GILES_WHOLE[syllable]
    for final, other in _GILES_FINAL:
        if syllable.endswith(final):
            syllable = syllable[: -len(final)] + other
            break
    if syllable.endswith("uo") and syllable[0] not in "gkh":
        syllable = syllable[:-2] + "o"
    for first, other in _GILES_FIRST:
        if syllable.startswith(first):
            return other + syllable[len(first) :]
    return syllable


def wade_giles(word: str) -> str:
    """The Mandarin sound of Han signs as Wade and Giles spell it.

    >>> wade_giles("周恩来")
    'chouenlai'
    """
    return "".join(giles(syllable) for syllable in _syllables(word))


def _syllables(word: str) -> list[str]:
    from pypinyin import lazy_pinyin

    return [s.replace("lv", "lu").replace("nv", "nu").replace("ü", "u") for s in lazy_pinyin(word)]


@lru_cache(maxsize=50_000)
def mandarin(word: str) -> str:
    """The Mandarin sound of Han signs, without tones.

    >>> mandarin("华为")
    'huawei'
    """
    return "".join(_syllables(word))


@lru_cache(maxsize=1)
def _foreign_signs() -> dict[str, str]:
    signs = read_yaml("han_foreign.yaml")["signs"]
    return {sign: sound for sound, some in signs.items() for sign in some}


def foreign(word: str) -> str:
    """A foreign name by the sounds its signs stand for; empty where more than a third of them stand for none.

    >>> foreign("弗拉基米尔"), foreign("习近平")
    ('flakimir', '')
    """
    table = _foreign_signs()
    if 3 * sum(sign not in table for sign in word) > len(word):
        return ""
    return "".join(table.get(sign) or mandarin(sign) for sign in word)
