"""Names in other scripts against the Latin name a list prints."""

import pytest

from caveat.names import read_name
from caveat.screening import compare

PAIRS = [
    ("华为技术有限公司", "Huawei Technologies Co., Ltd."),
    ("杭州海康威视数字技术股份有限公司", "Hangzhou Haikang Weishi Digital Technology Co., Ltd."),
    ("哈尔滨工程大学", "Harbin Engineering University"),
    ("習近平", "XI, Jinping"),
    ("王毅", "Wang Yi"),
    ("김정은", "KIM, Jong Un"),
    ("박봉주", "PAK, Pong Ju"),
    ("조선무역은행", "Korea Trade Bank"),
    ("Ахмат Кадыров", "Akhmat Kadyrov"),
    ("ООО «Завод Калашников»", "Kalashnikov Plant LLC"),
    ("Володимир Зеленський", "Volodymyr Zelenskyy"),
    ("محمد بن سلمان", "Mohammed bin Salman"),
    ("أسامة بن لادن", "Usama bin Ladin"),
    ("حسن نصر الله", "Hassan Nasrallah"),
    ("ทักษิณ ชินวัตร", "Thaksin Shinawatra"),
    ("ประยุทธ์ จันทร์โอชา", "Prayut Chan-o-cha"),
    ("नरेन्द्र मोदी", "Narendra Modi"),
    ("दाऊद इब्राहिम", "Dawood Ibrahim"),
    ("בנימין נתניהו", "Binyamin Netanyahu"),
    ("Αλέξης Τσίπρας", "Alexis Tsipras"),
    ("トヨタ", "Toyota"),
    ("杭州海康威视数字技术股份有限公司", "Hangzhou Hikvision Digital Technology Co., Ltd."),
    ("三菱重工業株式会社", "Mitsubishi Heavy Industries"),
    ("陈国强", "Chan Kwok Keung"),
    ("周恩来", "Chou En-lai"),
    ("陳志豪", "Ch'en Chih-hao"),
    ("安倍晋三", "Shinzo Abe"),
    ("佐藤 健一", "SATO, Kenichi"),
    ("김시우", "Kim Si-woo"),
    ("임지유", "Lim Ji-yoo"),
    ("حزب الله", "Hizballah"),
    ("بشار الأسد", "Bashar al-Assad"),
    ("टाटा मोटर्स लिमिटेड", "Tata Motors Limited"),
    ("บริษัท ปตท จำกัด", "PTT Company Limited"),
    ("Μπάμπης Συρίμης", "Babis Syrimis"),
    ("АО «Концерн Калашников»", "Kalashnikov Concern JSC"),
    ("Симона Христова", "Simona Hristova"),
    ("장지아", "Ji-a Chang"),
    ("เบญญาภา เจริญ", "Benyapa Charoen"),
]


@pytest.mark.parametrize(("native", "latin"), PAIRS)
def test_native_meets_latin(native: str, latin: str) -> None:
    assert compare(native, latin).verdict == "match"
    assert compare(latin, native).verdict == "match"


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("华为技术有限公司", "ZTE Corporation"),
        ("김정은", "PAK, Pong Ju"),
        ("김정은", "Kim Jong Nam"),
        ("محمد بن سلمان", "Hassan Nasrallah"),
        ("王毅", "Li Keqiang"),
        ("محمد علي", "Mahmoud Ali"),
        ("Владимир Путин", "Vladimir Popov"),
        ("中国银行", "Bank of Communications"),
    ],
)
def test_another_name_does_not(native: str, latin: str) -> None:
    assert compare(native, latin).verdict == "no_match"


def test_one_sign_changed_is_another_han_name() -> None:
    assert compare("华为技术有限公司", "华微技术有限公司").score < compare("华为技术有限公司", "华为技术有限公司").score


@pytest.mark.parametrize("text", ["々", "（々", "第", "(())[", "имени", "제호", "ال"])
def test_every_reading_has_words(text: str) -> None:
    assert all(reading.tokens for reading in read_name(text))
