"""HTML is read as it is shown: lines, table rows, nothing hidden, nothing struck out."""

import pytest

from daemon.letter import Damage, Limits, parse
from daemon.letter.html import is_too_deep
from tests.unit.letter.specimens import html_letter, read, texts

ROW = ["BJ02R0G72U8V\t2"]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("one<br>two", ["one", "two"]),
        ("<div>one</div><div>two</div>", ["one", "two"]),
        ("<div>one<br></div>two", ["one", "two"]),
        ("<p>one\n  two</p>", ["one two"]),
        ("<ul><li>one</li><li>two<li>three</ul>", ["one", "two", "three"]),
        ("<b>BJ02</b>R0G7<i>2U8V</i>, 2", ["BJ02R0G72U8V, 2"]),
        ("BJ02R0G72U8V,&nbsp;2", ["BJ02R0G72U8V,\u00a02"]),
        ("BJ02&shy;R0G72U8V, 2", ["BJ02\u00adR0G72U8V, 2"]),
        ("BJ02<wbr>R0G72U8V, 2", ["BJ02R0G72U8V, 2"]),
        ("BJ02&#8203;R0G72U8V, 2", ["BJ02R0G72U8V, 2"]),
        ("one<hr>two", ["one", "two"]),
        ("<pre>one\ntwo\n  three</pre>", ["one", "two", "three"]),
        ("<pre>one<br>two\nthree</pre>", ["one", "two", "three"]),
        ('<div style="white-space: pre-wrap">one\ntwo</div>', ["one", "two"]),
        ("<title>t</title><style>p{}</style><script>x()</script>one<!-- two -->", ["one"]),
        ("one &lt;two&gt; &amp;", ["one <two> &"]),
        ("&#0;&#xD800;&#1;x", ["\ufffd\ufffdx"]),
        ('<img alt="BJ02R0G72U8V, 2">one', ["one"]),
        ("", []),
        ("<", ["<"]),
        ("<table><tr><td>BJ02R0G72U8V</td><td>2</td></tr></table>", ROW),
        ("<table><tr><th>BJ02R0G72U8V<td>2</table>", ROW),
        ("<table><tr><td><p>BJ02R0G72U8V</p></td><td><div>2</div></td></tr></table>", ROW),
        ("<table><tr><td></td><td>2</td></tr></table>", ["\t2"]),
        ("<table><tr><td>one</td></tr><tr><td>two</td></tr></table>", ["one", "two"]),
        ("<table><tr><td><p>a<p>b<p>c<p>d</td><td>e</td></tr></table>", ["a", "b", "c", "d", "e"]),
        ("<table><tr><td><table><tr><td>BJ02R0G72U8V</td><td>2</td></tr></table></td></tr></table>", ROW),
    ],
)
def test_lines(html: str, lines: list[str]) -> None:
    assert texts(html_letter(html)) == [line for line in lines if line]


@pytest.mark.parametrize(
    ("html", "line"),
    [
        ("BJ02R0G72U8V, 3<sup>1</sup>", "BJ02R0G72U8V, 3 [1]"),
        ("BJ02R0G72U8V, 3<sub>2</sub>", "BJ02R0G72U8V, 3 [2]"),
        ("BJ02R0G72U8V, <sup>1</sup>3", "BJ02R0G72U8V, [1] 3"),
        ("BJ02R0G72U8V, 3<sup><a href='#n'>(1)</a></sup>", "BJ02R0G72U8V, 3 [(1)]"),
        ('BJ02R0G72U8V, 3<span style="font-size: 70%; vertical-align: super">1</span>', "BJ02R0G72U8V, 3 [1]"),
        ("BJ02R0G72U8V<sup>1</sup>, 3", "BJ02R0G72U8V [1] , 3"),
        ("<table><tr><td>BJ02R0G72U8V</td><td>3<sup>1</sup></td></tr></table>", "BJ02R0G72U8V\t3 [1]"),
        ("12 5<sup>th</sup> Avenue", "12 5th Avenue"),
    ],
)
def test_raised_figures_are_a_mark_and_no_part_of_the_number(html: str, line: str) -> None:
    assert texts(html_letter(html)) == [line]


def test_paragraphs_are_parted_as_they_are_shown() -> None:
    assert read(html_letter("<p>one</p><p>two</p><div>three</div>")).lines == (
        (1, "one"),
        (2, ""),
        (3, "two"),
        (4, ""),
        (5, "three"),
    )
    assert read(html_letter("<p class=MsoNormal>one</p><p class=MsoNormal>two</p>")).lines == ((1, "one"), (2, "two"))
    assert read(html_letter("<div>one</div><div><br></div><div>two</div>")).lines == ((1, "one"), (2, ""), (3, "two"))


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">{}</div>',
        '<div style="Display : None">{}</div>',
        '<span style="font-size:0">{}</span>',
        '<span style="color:red;font-size:0px;">{}</span>',
        '<span style="visibility: hidden">{}</span>',
        '<div style="mso-hide:all">{}</div>',
        "<div hidden>{}</div>",
        "<template>{}</template>",
        "<noscript>{}</noscript>",
        "<table><tr style='display:none'><td>{}</td></tr></table>",
    ],
)
def test_hidden_text_is_not_read(hidden: str) -> None:
    assert texts(html_letter("one" + hidden.format("7B4VYMBRQNAR, 1"))) == ["one"]


@pytest.mark.parametrize(
    "style", ["font-size:10px", "font-size:0.9em", "line-height:0.5", "margin:0", "opacity:0.8", "max-height:100%"]
)
def test_small_print_is_read(style: str) -> None:
    assert texts(html_letter(f'<div style="{style}">one</div>')) == ["one"]


@pytest.mark.parametrize(
    "struck",
    ["<s>{}</s>", "<del>{}</del>", "<strike>{}</strike>", '<span style="text-decoration: line-through">{}</span>'],
)
def test_struck_text_is_told_apart(struck: str) -> None:
    found = read(html_letter("one " + struck.format("7B4VYMBRQNAR, <b>1</b>") + " two"))
    assert found.struck == ("7B4VYMBRQNAR, 1",)
    assert found.lines == ((1, "one two"),)


def test_struck_text_in_a_table_is_told_too() -> None:
    found = read(html_letter("<table><tr><td><s>BJ02R0G72U8V</s></td><td><s>2</s></td></tr></table>"))
    assert found.struck == ("BJ02R0G72U8V", "2")


def test_the_charset_may_stand_in_the_page() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>Заказ'
    raw = b"From: a@customer.example\nContent-Type: text/html\n\n" + page.encode("koi8-r")
    assert texts(raw) == ["Заказ"]


def test_deep_pages_are_not_parsed() -> None:
    found = read(html_letter("<div>" * 300 + "7B4VYMBRQNAR, 1"))
    assert (found.lines, found.damage) == ((), (Damage.TOO_DEEP,))


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000,
        "<div></span>" * 10_000,
        "<b>" * 20_000,
        "<p>" + "".join(f"<font color={n}>" for n in range(150)) + "</p><p>x" * 5_000,
        "<table><tr><td>" * 5_000,
        "<ul><li>" * 10_000,
    ],
)
def test_what_costs_a_parser_too_much_is_counted_beforehand(html: str) -> None:
    assert is_too_deep(html, Limits().html_depth)


@pytest.mark.parametrize(
    "html",
    [
        "<p>x" * 5_000,
        "<li>x" * 5_000,
        "<br>" * 5_000,
        "<div>x</div>" * 5_000,
        "<tr><td>x" * 5_000,
        "<p><b>x</b>" * 5_000,
    ],
)
def test_long_flat_pages_are_read(html: str) -> None:
    assert not is_too_deep(html, Limits().html_depth)


def test_a_page_longer_than_allowed_is_told() -> None:
    assert parse(html_letter("x" * 2_000), limits=Limits(text_bytes=1_000)).damage == (Damage.TOO_LONG,)
