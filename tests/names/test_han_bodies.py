"""Chinese companies and bodies in their own signs against the English names that lists print."""

import pytest

from caveat.names import Mode, read_name
from caveat.names.han import cut, mandarin, mandarin_besides
from caveat.names.within import without_brackets
from caveat.screening import compare


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("中芯国际集成电路制造有限公司", "Semiconductor Manufacturing International Corporation"),
        ("深圳市大疆创新科技有限公司", "SZ DJI Technology Co., Ltd."),
        ("大疆", "DJI"),
        ("大华", "Dahua Technology"),
        (
            "中国电子科技集团公司第五十二研究所",
            "China Electronics Technology Group Corporation 52nd Research Institute",
        ),
        ("中国电子科技集团公司第52研究所", "CETC 52nd Research Institute"),
        ("中国航天科工集团有限公司", "China Aerospace Science and Industry Corporation (CASIC)"),
        ("新疆东方希望有色金属有限公司", "Xinjiang East Hope Nonferrous Metals Co., Ltd."),
        ("新疆协鑫新能源材料科技有限公司", "Xinjiang GCL New Energy Material Technology Co., Ltd."),
        ("和田浩林发饰有限公司", "Hetian Haolin Hair Accessories Co., Ltd."),
        ("昌吉溢达纺织有限公司", "Changji Esquel Textile Co. Ltd."),
        ("中国空间技术研究院", "China Academy of Space Technology"),
        ("北京航空航天大学", "Beihang University"),
        ("国防科技大学", "National University of Defense Technology"),
        ("陆军步兵学院", "Army Infantry Academy"),
        ("哈爾濱工業大學", "Harbin Institute of Technology"),
        ("優勢貿易有限公司", "Advantage Trading Co., Limited"),
        (
            "新疆生产建设兵团第四师公安局",
            "Xinjiang Production and Construction Corps Fourth Division Public Security Bureau",
        ),
        ("长园科技集团有限公司", "Changyuan Technology Group Ltd."),
    ],
)
def test_a_body_meets_its_english_name(native: str, latin: str) -> None:
    assert compare(native, latin).verdict == "match"
    assert compare(latin, native).verdict == "match"


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("王明山", "Wang Mingshun"),
        ("陈全国", "Chen Quanguang"),
        ("王君正", "Wang Junzhong"),
        ("长园集团", "ZHENG, Yanni"),
        ("丰源集团", "Fengfan Co., Ltd."),
        ("春光集团", "CHEN, Quanguo"),
        (
            "中国电子科技集团公司第三十八研究所",
            "China Electronics Technology Group Corporation 52nd Research Institute",
        ),
        ("南京理工大学", "Beijing Institute of Technology"),
        ("成都寿全斋集团有限公司", "CSGC"),
        ("北京宏远电子有限公司", "Beijing Hongyun Electronics Co., Ltd."),
    ],
)
def test_another_body_does_not(native: str, latin: str) -> None:
    assert compare(native, latin).verdict == "no_match"
    assert compare(latin, native).verdict == "no_match"


def test_signs_are_cut_where_fewest_are_unknown() -> None:
    assert [piece for piece, _ in cut("清华大学")] == ["清华大学"]
    assert [piece for piece, _ in cut("雷华电子技术研究所")] == ["雷华", "电子技术", "研究所"]
    assert cut("第七七一研究所")[0] == cut("第771研究所")[0] == ("771", ("771",))
    assert cut("第一百二十研究所")[0][0] == "120"
    assert cut("第十研究所")[0][0] == "10"


def test_a_sign_with_two_sounds_is_read_both_ways() -> None:
    assert {mandarin_besides("长征"), mandarin("长征")} == {"changzheng", "zhangzheng"}
    texts = {"".join(t.text for t in reading.tokens) for reading in read_name("曾庆红")}
    assert {"zengqinghong", "cengqinghong"} <= texts


def test_a_person_s_signs_have_one_spelling() -> None:
    assert all(
        t.mode is Mode.EXACT for reading in read_name("王君正") if reading.how == "pinyin" for t in reading.tokens
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("China Electronics Technology Group", "China Electronics Technology Group (CETC)"),
        ("China Telecom Group Co", "China Telecom Group Co., Ltd. (China Telecom)"),
        ("Commercial Aircraft Corporation of China", "Commercial Aircraft Corporation of China, Ltd. (COMAC)"),
        ("Sugon", "Dawning Information Industry Co., Ltd. (Sugon)"),
        ("Xinjiang Xi Ling Information", "Xinjiang Sailing Information Technology"),
        ("Haikang Weishi", "Hikvision"),
        ("Xi'an University of Technology", "Xi'an Technological University - Xi'an University of Technology"),
        ("CETC 52", "China Electronics Technology Group Corporation 52nd Research Institute"),
        (
            "52nd Research Institute of CETC",
            "China Electronics Technology Group Corporation (CETC) 52 Research Institute",
        ),
    ],
)
def test_another_name_of_a_brand_or_group_is_known(one: str, other: str) -> None:
    assert compare(one, other).verdict == "match"
    assert compare(other, one).verdict == "match"


def test_what_tells_sisters_apart_stays_in_its_brackets() -> None:
    assert without_brackets("Huacheng (Tianjin) Ship Leasing Co., Ltd.") == []
    assert without_brackets("Trust (No. 2) Ltd.") == []
    assert compare("SMIC (Beijing) Corporation", "SMIC (Tianjin) Corporation").verdict == "no_match"
    assert (
        compare("CETC 38", "China Electronics Technology Group Corporation 52nd Research Institute").verdict
        == "no_match"
    )
