"""Han names: cut into words, translated where a word is a trade, form or place, else read in Mandarin."""

from __future__ import annotations

import re
from functools import lru_cache

from caveat.names.words import read_yaml

_SIMPLE = str.maketrans(
    "電國業實際貿進資發開設備機車衛導網絡數據訊聯銀險醫藥學術軟體灣門廣東蘇無錫漢遼寧陝慶長龍雲貴華礦鋼鐵鋁農紡織裝"
    "儀計動總區縣廳員經濟灃濱島萬陽陳張劉趙黃楊吳馬許鄧馮葉蔣韓譚鄭謝羅蕭賈閻盧錢湯陸龔偉強軍剛勝榮輝麗蘭鳳鵬飛傑鋒"
    "興寶紅聖義愛書記組團製運輸輪艦產權營養飲傳師範講習藝樂園館選舉黨監獄執檢審護環檔測繪視頻遠達順豐億銳創維覽貝兒"
    "歐亞納務萊莊銘歷壓縮鑽錄種極圖線級穩聲軌齊優勢眾鹽邁綠藍橋樓塊膠齒軸鍋爐燈飾襪針縫繡絲紙筆節慮態擇擬擴攝敵斷舊"
    "時晝曉條來構櫃欄殘殼氣決況淨淺準溝滅滾滿漁潔潤澤濕濃瀏灑灘點煉煙熱燒燦燭爭牆狀獨獎獲現瑪瑤璽畫異當療癥盜盤礎禮"
    "禪稱穀積窮競簡簽籃籌糧緊純紋細終絕統綜綱緣編練績繼續纖罷聰職肅腦脈腳臉膚臨與艷莖蔥薩薦處號虧蟲衆補裡複親覺觀觸"
    "訂討訓評詞試詩話該詳誠語誤說課調談請論諮謀證識譯議變讓貓財貨販責貸費賀賃賓賢賣質購賽贊贏趨躍軒較載輔輕轉辦連遊"
    "過遙遞適遷還邊郵鄉釀釋鈦鈴鉑鉛鋅鋰錦鍍鍛鎂鎖鎮鏡鐘鑄閃閉間閱闊關陣陰隊階隨隱雙雜雞離難霧靈靜響頁頂項須預頓領頭"
    "顆題額顏願類顧顯風駐駕驅驗鬆魚鮮鯨鳥鳴鴻鷹麥齡龐龜劑勵匯協卻厭參叢啟問喬單圍圓場塗塵墊壇壞壯夢夾奧奪婦媽孫寫寬"
    "專尋對層屬岡峽嶺嶽巖幣帥幫幹庫廟廠彈彙徑後從復徵恆惡憑應懷戰戲戶拋掃掛採換揚損搖擊擔茲荊葦蓮蔔薈傢僑價儲兩冊凈"
    "凍別則劃劇劍勞倉個們傘債傷僅衝裏規煒瑋瓊甯崗鄒鄺鄔鄲鄆鎢鍾銅錳隴駿騰驕鶴鸞麼黌嬌嫻嬋婭嵐巒彥徠愷曄暉楨樺橫櫻淵"
    "渦湧溫滬潛濤瀋瀾煥燁爾玨琺瑩磚禎穎竇箏築紀紹給綏綺緒緯繆纓脩臺艙蓋蔭薔虛蝦詠諾謙豔貞貢賴蹟軼輻轄迴遜釗釣鈞鋪鍵"
    "閔闕闞雋雛霽韋頌顥飄驊髮鳶",
    "电国业实际贸进资发开设备机车卫导网络数据讯联银险医药学术软体湾门广东苏无锡汉辽宁陕庆长龙云贵华矿钢铁铝农纺织装"
    "仪计动总区县厅员经济沣滨岛万阳陈张刘赵黄杨吴马许邓冯叶蒋韩谭郑谢罗萧贾阎卢钱汤陆龚伟强军刚胜荣辉丽兰凤鹏飞杰锋"
    "兴宝红圣义爱书记组团制运输轮舰产权营养饮传师范讲习艺乐园馆选举党监狱执检审护环档测绘视频远达顺丰亿锐创维览贝儿"
    "欧亚纳务莱庄铭历压缩钻录种极图线级稳声轨齐优势众盐迈绿蓝桥楼块胶齿轴锅炉灯饰袜针缝绣丝纸笔节虑态择拟扩摄敌断旧"
    "时昼晓条来构柜栏残壳气决况净浅准沟灭滚满渔洁润泽湿浓浏洒滩点炼烟热烧灿烛争墙状独奖获现玛瑶玺画异当疗症盗盘础礼"
    "禅称谷积穷竞简签篮筹粮紧纯纹细终绝统综纲缘编练绩继续纤罢聪职肃脑脉脚脸肤临与艳茎葱萨荐处号亏虫众补里复亲觉观触"
    "订讨训评词试诗话该详诚语误说课调谈请论咨谋证识译议变让猫财货贩责贷费贺赁宾贤卖质购赛赞赢趋跃轩较载辅轻转办连游"
    "过遥递适迁还边邮乡酿释钛铃铂铅锌锂锦镀锻镁锁镇镜钟铸闪闭间阅阔关阵阴队阶随隐双杂鸡离难雾灵静响页顶项须预顿领头"
    "颗题额颜愿类顾显风驻驾驱验松鱼鲜鲸鸟鸣鸿鹰麦龄庞龟剂励汇协却厌参丛启问乔单围圆场涂尘垫坛坏壮梦夹奥夺妇妈孙写宽"
    "专寻对层属冈峡岭岳岩币帅帮干库庙厂弹汇径后从复征恒恶凭应怀战戏户抛扫挂采换扬损摇击担兹荆苇莲卜荟家侨价储两册净"
    "冻别则划剧剑劳仓个们伞债伤仅冲里规炜玮琼宁岗邹邝邬郸郓钨钟铜锰陇骏腾骄鹤鸾么黉娇娴婵娅岚峦彦徕恺晔晖桢桦横樱渊"
    "涡涌温沪潜涛沈澜焕烨尔珏珐莹砖祯颖窦筝筑纪绍给绥绮绪纬缪缨修台舱盖荫蔷虚虾咏诺谦艳贞贡赖迹轶辐辖回逊钊钓钧铺键"
    "闵阙阚隽雏霁韦颂颢飘骅发鸢",
)


def is_han(char: str) -> bool:
    """Whether a character is a Han sign."""
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or "\U00020000" <= char <= "\U0003ffff"


def simplify(text: str) -> str:
    """Traditional signs as simplified ones, the common ones of names and companies."""
    return text.translate(_SIMPLE)


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, dict[str, tuple[str, ...]]]:
    """The words of each part of `han.yaml`, each with the ways it is put into English, the usual one first."""
    data = read_yaml("han.yaml")
    return {
        part: {
            str(signs): tuple(way.strip() for way in str(english).split("/")) for signs, english in data[part].items()
        }
        for part in ("forms", "generic", "places", "brands")
    }


@lru_cache(maxsize=2)
def _table(with_brands: bool) -> tuple[dict[str, tuple[str, ...]], int]:
    """The words of all parts, and the length of the longest."""
    table = {k: v for part, some in _dictionary().items() if with_brands or part != "brands" for k, v in some.items()}
    return table, max(map(len, table))


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    return frozenset(read_yaml("han.yaml")["surnames"].split())


#: 第五十四, 第54; without its sign before a body that is known by its number.
_NUMBER = re.compile(
    "第([〇零一二三四五六七八九十百]+|[0-9]+)|([0-9]+|[〇零一二三四五六七八九十百]{2,}(?=研究|所|厂|基地|部队|设计))"
)
_FIGURES = {sign: figure for figure, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}


def _figure(signs: str) -> str:
    """A number as figures: 五十四 counted, 七七一 spelled."""
    if signs.isascii():
        return signs
    if not {"十", "百"} & set(signs):
        return "".join(str(_FIGURES[sign]) for sign in signs)
    total = last = 0
    for sign in signs:
        if sign in _FIGURES:
            last = _FIGURES[sign]
        else:
            total += (last or 1) * (10 if sign == "十" else 100)
            last = 0
    return str(total + last)


#: What cutting costs: a sign nobody knows, a run of them, a known word of several signs, one of one sign.
_STRANGE, _RUN, _LONG, _SINGLE = 4, 1, 2, 0
_NEVER = 1_000_000


def cut(word: str, *, inside: bool = False, with_brands: bool = True) -> list[tuple[str, tuple[str, ...]]]:
    """A run of Han signs as (piece, ways to say it in English) pairs, none for a piece that is not known.

    Few signs are left unknown, then few pieces made. A number is a piece of its figures.
    `inside`: the run is part of a company's name, so that words of one sign count too.
    """
    table, longest = _table(with_brands)
    single = inside or len(word) > 4
    numbers = {found.start(): found for found in _NUMBER.finditer(word)}
    # from each place to the end, what it costs to begin with a known piece (and how long that is), or a strange sign
    known = [(0, 0)] * (len(word) + 1)
    strange = [_NEVER] * (len(word) + 1)
    for place in range(len(word) - 1, -1, -1):
        strange[place] = _STRANGE + min(strange[place + 1], known[place + 1][0] + _RUN)
        ends = [
            (place + size, _LONG if size > 1 else _SINGLE)
            for size in range(1, min(longest, len(word) - place) + 1)
            if word[place : place + size] in table and (size > 1 or (place and single))
        ]
        ends += [(numbers[place].end(), _SINGLE)] if place in numbers else []
        costs = ((min(known[end][0], strange[end]) + cost, place - end) for end, cost in ends)
        known[place] = min(costs, default=(_NEVER, 0))  # of two that cost the same, the longer
    out: list[tuple[str, tuple[str, ...]]] = []
    place = 0
    while place < len(word):
        end = place
        while end < len(word) and strange[end] < known[end][0] + (_RUN if end > place else 0):
            end += 1
        if end > place:
            out.append((word[place:end], ()))
        else:
            end = place - known[place][1]
            piece = word[place:end]
            if piece not in table:
                piece = _figure(next(filter(None, numbers[place].groups())))
            out.append((piece, table.get(piece, (piece,))))
        place = end
    return out


def translated() -> list[tuple[str, str]]:
    """The words of companies and bodies that are no brands, each with its English words (none: it says nothing)."""
    return [(signs, ways[0]) for signs, ways in _table(False)[0].items()]


def brand(word: str) -> tuple[str, ...]:
    """The Latin names of a word that is a brand; none where it is not."""
    return _dictionary()["brands"].get(word, ())


def is_organization(word: str, *, is_part: bool = False) -> bool:
    """Whether a run of Han signs is a company or body: all of it is known, it holds a word of one, or is long.

    A long run that is a part of a name may be one of a foreign person's names.
    """
    if len(word) > 4 and not is_part:
        return True
    pieces = cut(word)
    trades = sum(piece in _dictionary()["generic"] or piece in _dictionary()["forms"] for piece, _ in pieces)
    is_known = all(ways for _, ways in pieces)
    return trades > 1 or (len(word) > 3 and (trades == 1 or is_known))


def person(word: str) -> tuple[str, str]:
    """Family and given name of a person of two to four signs."""
    size = 2 if len(word) > 2 and word[:2] in _surnames() else 1
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


#: Signs of names with a second sound, and that sound.
_BESIDES = {
    "长": "chang zhang", "重": "chong zhong", "乐": "le yue", "行": "hang xing", "曾": "ceng zeng", "单": "dan shan",
    "解": "jie xie", "仇": "chou qiu", "区": "qu ou", "查": "cha zha", "朴": "pu piao", "盖": "gai ge", "覃": "qin tan",
    "尉": "wei yu", "藏": "cang zang", "朝": "chao zhao", "召": "zhao shao", "翟": "zhai di", "宿": "su xiu", "柏": "bai bo",
    "薄": "bao bo", "盛": "sheng cheng",
    "晟": "sheng cheng", "蔚": "wei yu", "艾": "ai yi", "莎": "sha suo", "茜": "xi qian",
    "娜": "na nuo", "吕": "lu lyu", "律": "lu lyu", "绿": "lu lyu", "旅": "lu lyu", "勒": "lei le", "女": "nu nyu",
}  # fmt: skip


def mandarin_besides(word: str) -> str:
    """The Mandarin sound of Han signs with the second sound of those that have two; the usual one where none has.

    >>> mandarin("长征"), mandarin_besides("长征")
    ('changzheng', 'zhangzheng')
    """
    sounds = _syllables(word)
    if len(sounds) != len(word):
        return "".join(sounds)
    for place, sign in enumerate(word):
        if two := _BESIDES.get(sign):
            one, other = two.split()
            sounds[place] = other if sounds[place] == one else one
    return "".join(sounds)


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
