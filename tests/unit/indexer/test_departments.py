"""Which authorities a text names."""

from __future__ import annotations

import pytest

from chabao.indexer import departments


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("文旅厅、应急厅和省卫健委", ["文化和旅游厅", "应急管理厅", "省卫生健康委"]),
        ("在林草窗口调研，到交通运输窗口值守", ["省林草局", "交通运输厅"]),
        ("交通运输、水利窗口", ["交通运输厅", "水利厅"]),
        ("《文化和旅游厅文化和旅游市场信用管理实施方案》", ["文化和旅游厅"]),
        ("四川省住房和城乡建设厅与省药品监督管理局", ["住房城乡建设厅", "省药监局"]),
        ("省体育局、四川消防救援总队等", ["省体育局", "四川消防救援总队"]),
        ("省发展改革委、市场监管局、药监局", ["省发展改革委", "省市场监管局", "省药监局"]),
        ("省衛健委與文旅廳", ["省卫生健康委", "文化和旅游厅"]),
        ("原省工商局、国土资源厅", ["省市场监管局", "自然资源厅"]),
        ("商务厅，再由商务厅", ["商务厅"]),
        ("我省市场监管局窗口", ["省市场监管局"]),
        ("水利厅厅长、公安厅警务技术二级总监", ["水利厅", "公安厅"]),
        ("赴成都市调研水利厅项目", ["水利厅"]),
    ],
)
def test_provincial_departments_have_one_name_each(text: str, names: list[str]) -> None:
    assert list(departments.find(text)) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("与成都市商务局共同研究", ["成都市商务局"]),
        ("青羊区行政审批局", ["青羊区行政审批局"]),
        ("赴金牛区行政审批局卫健窗口", ["金牛区行政审批局"]),
        ("会同成都高新区国际合作商务局", ["成都高新区国际合作商务局"]),
        ("成都市、绵阳市应急管理局", ["成都市应急管理局", "绵阳市应急管理局"]),
        ("绵阳市市场监管局", ["绵阳市市场监管局"]),
        ("湖北省武汉市行政审批局", ["湖北省武汉市行政审批局"]),
        ("，临江区行政审批局", ["临江区行政审批局"]),
        ("国家税务总局省税务局、", ["国家税务总局省税务局"]),
        ("国家矿山安全监察局《关于", ["国家矿山安全监察局"]),
        ("中国人民银行成都分行印发", ["中国人民银行成都分行"]),
        ("重庆市市场监管局、贵州省商务厅", ["重庆市市场监管局", "贵州省商务厅"]),
        ("浙江商务厅", ["浙江商务厅"]),
        ("国家和省市场监管局", ["省市场监管局"]),
        ("国务院、应急部", ["应急部"]),
    ],
)
def test_other_authorities_keep_their_own_full_name(text: str, names: list[str]) -> None:
    assert list(departments.find(text)) == names
    known = set(departments.canonical())
    assert "国家和省" in text or not known & set(names)


@pytest.mark.parametrize(
    "text",
    [
        "省委、省政府、省委书记、省委常委会、党委委员、纪委、党组",
        "省中心党委副书记，省物流中心",
        "全省市场监管局长会议",
        "各省商务厅",
        "市公安窗口、成都市水利窗口",
        "厅（局）长进大厅，政务服务大厅",
        "成都市委政法委、成都市委员会",
        "住建部门、卫生健康系统、文旅领域",
        "市场监管局",
        "",
    ],
)
def test_what_only_ends_like_an_authority_is_none(text: str) -> None:
    assert departments.find(text) == ()


def test_a_users_word_means_a_department() -> None:
    for word in ("文旅厅", "省文旅厅", "文旅", "文旅窗口", " 文化 和旅游厅", "四川省文化和旅游厅"):
        assert departments.resolve(word) == ("文化和旅游厅",)
    assert departments.resolve("市场监管局") == ("省市场监管局",)
    assert departments.resolve("成都市商务局") == ()
    assert departments.resolve("") == ()


def test_every_name_is_found_where_it_stands() -> None:
    """Each canonical name names itself, and each alias with 省 before it its department."""
    for name in departments.canonical():
        assert departments.find(name) == (name,)
    for name in departments.names():
        assert departments.resolve(name)
        full = name if name.startswith(("省", "四川")) else f"省{name}"
        assert departments.find(full) == departments.resolve(full)[:1]
