"""The corpus follows the rules of tdlib/td's own parser, error texts included."""

import pytest

from carquery_emulators.telegram.markup.formatted_text import Entity, FormattedText, utf16_length
from carquery_emulators.telegram.markup.html_parser import EntitiesUnreadable, parse_html


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("", "", []),
        ("просто текст", "просто текст", []),
        ("<b>a</b><strong>b</strong>", "ab", [("bold", 0, 1), ("bold", 1, 1)]),
        ("<i>a</i><em>b</em>", "ab", [("italic", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", [("strikethrough", n, 1) for n in range(3)]),
        ('<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>', "ab", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<code>x = 1</code>", "x = 1", [("code", 0, 5)]),
        ("<pre>x\ny</pre>", "x\ny", [("pre", 0, 3)]),
        ("<blockquote>цитата</blockquote>", "цитата", [("blockquote", 0, 6)]),
        ("<blockquote expandable>цитата</blockquote>", "цитата", [("expandable_blockquote", 0, 6)]),
        ("<B>A</b>", "A", [("bold", 0, 1)]),
        ("<b>a</>", "a", [("bold", 0, 1)]),
        ("<b>a</b  >", "a", [("bold", 0, 1)]),
        ("<b\n>a</b>", "a", [("bold", 0, 1)]),
        ("<b></b>", "", []),
        ("<b><i>a</i>б</b>", "aб", [("bold", 0, 2), ("italic", 0, 1)]),
        ("<i><b>a</b></i>", "a", [("bold", 0, 1), ("italic", 0, 1)]),
        ("🚗<b>🚗</b>", "🚗🚗", [("bold", 2, 2)]),
        ("&lt;b&gt; &amp;amp; &quot;", '<b> &amp; "', []),
        ("&lt&gt", "<>", []),
        ("&#1103;&#x44F;&#x1F697;", "яя🚗", []),
        ("&nbsp;&laquo;&copy &#0;&#12345678;", "&nbsp;&laquo;&copy &#0;&#12345678;", []),
        ("Tom & Jerry > all", "Tom & Jerry > all", []),
        ("<i aba = 'x&gt;\"'>a</i>", "a", [("italic", 0, 1)]),
    ],
)
def test_markup_becomes_text_and_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    read = parse_html(source)

    assert read.text == text
    assert [(entity.type, entity.offset, entity.length) for entity in read.entities] == entities


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
        ("5 <3", "Unclosed start tag at byte offset 2"),
        ("5 <3 ", 'Unsupported start tag "3" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("ж<abac aba>", 'Unsupported start tag "abac" at byte offset 2'),
        ("строка<br>", 'Unsupported start tag "br" at byte offset 12'),
        ("<!-- note -->", 'Unsupported start tag "!--" at byte offset 0'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<i aba = ", 'Unclosed start tag "i" at byte offset 0'),
        ("<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 0'),
        ("<i aba >x</i>", 'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 0'),
        ("<i aba = 190azAz-.,", "Unexpected end of name token at byte offset 9"),
        ('<i aba = "&lt;>', "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("</b>", "Unexpected end tag at byte offset 0"),
        ("<b></b></", "Unexpected end tag at byte offset 7"),
        ("<i>a</i   ", "Unclosed end tag at byte offset 4"),
        ("<i>a</em>", 'Unmatched end tag at byte offset 4, expected "</i>", found "</em>"'),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        (
            "&#xDFDF;",
            (
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            ),
        ),
    ],
)
def test_bad_markup_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    with pytest.raises(EntitiesUnreadable) as refused:
        parse_html(source)

    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ('<a href="https://example.ru/a?b=1&amp;c=2">x</a>', "https://example.ru/a?b=1&c=2"),
        ("<a href=telegram.org>x</a>", "http://telegram.org/"),
        ("<a>telegram.org</a>", "http://telegram.org/"),
        ('<a href="tg://resolve?domain=x">x</a>', "tg://resolve?domain=x"),
        ('<a href="javascript:alert(1)">x</a>', None),
        ('<a href="http://localhost/x">x</a>', None),
        ('<a href="">x</a>', None),
    ],
)
def test_a_link_is_normalised_or_quietly_dropped(source: str, url: str | None) -> None:
    assert [entity.url for entity in parse_html(source).entities] == ([url] if url else [])


@pytest.mark.parametrize(
    "source",
    ['<pre><code class="language-python">x</code></pre>', '<code class="language-python"><pre>x</pre></code>'],
)
def test_code_in_pre_names_the_language(source: str) -> None:
    assert parse_html(source).entities == (Entity("pre", 0, 1, language="python"),)


def test_inline_code_has_no_language() -> None:
    assert parse_html('<code class="language-python">x</code>').entities == (Entity("code", 0, 1),)


def test_trimming_moves_entities_along() -> None:
    trimmed = parse_html(" \n🚗 <b> да </b> <i>\n</i>").trimmed()

    assert trimmed == FormattedText("🚗  да", (Entity("bold", 3, 3),))


@pytest.mark.parametrize(("text", "blank"), [("", True), (" \n\t", True), ("\u200b\u2060", True), (" . ", False)])
def test_blank_is_what_nobody_would_see(text: str, blank: bool) -> None:  # noqa: FBT001 - a column of the table
    assert FormattedText(text).is_blank is blank


def test_length_counts_utf16_code_units() -> None:
    assert utf16_length("я🚗") == 3


@pytest.mark.parametrize(
    "source",
    [
        "1 &lt; 2 &amp;&amp; <b>a<i>б</i></b>🚗",
        '<a href="https://example.ru/?a=1&amp;b=2">x</a>',
        "<blockquote expandable>a\n<b>б</b></blockquote>",
        "<tg-spoiler><u>x</u></tg-spoiler>",
    ],
)
def test_html_written_back_reads_the_same(source: str) -> None:
    read = parse_html(source)

    assert parse_html(read.as_html()) == read
