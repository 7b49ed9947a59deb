"""HTML's elements and styles, and the marks of mail programs in them, by what they mean to a reader."""

import re

# Elements that are closed by their next sibling or by nothing: writers leave them open, and they do not nest.
SELF_CLOSING = frozenset(
    {
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "option",
        "thead",
        "tbody",
        "tfoot",
        "colgroup",
        "br",
        "hr",
        "img",
        "meta",
        "link",
        "input",
        "col",
        "area",
        "base",
        "embed",
        "source",
        "track",
        "wbr",
        "html",
        "head",
        "body",
    }
)
FORMATTING = frozenset(
    {
        "a",
        "b",
        "big",
        "code",
        "em",
        "font",
        "i",
        "nobr",
        "s",
        "small",
        "strike",
        "strong",
        "tt",
        "u",
    }
)
BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "caption",
    }
)
SPACED = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre"})
UNREAD = frozenset(
    {
        "head",
        "style",
        "script",
        "title",
        "template",
        "noscript",
        "object",
        "iframe",
        "svg",
        "math",
        "select",
        "textarea",
        "button",
        "audio",
        "video",
        "canvas",
        "map",
    }
)
STRUCK = frozenset({"s", "strike", "del"})
ROWS = frozenset(("tr",))
RAISED = frozenset({"sup", "sub"})

HIDDEN_STYLE = re.compile(
    r"display:none|visibility:hidden|mso-hide:all"
    r"|(?:^|;)(?:font-size|opacity|max-height):0(?:\.0+)?(?:px|pt|em|%)?(?:!|;|$)"
)
STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?:[^;]{0,60}line-through")
RAISED_STYLE = re.compile(r"(?:^|;)(?:vertical-align:(?:super|sub)(?!\w)|mso-text-raise:-?\d)")
NO_MARGIN = re.compile(r"(?:^|;)margin(?:-top|-bottom)?:0")
QUOTE_BORDER = re.compile(r"border-left:(?!none|0(?!\.))")
REST_BORDER = re.compile(r"border:none;border-top:solid#(?:e1e1e1|b5c4df)")

QUOTE_CLASSES = frozenset(
    {
        "gmail_quote",
        "gmail_attr",
        "gmail_quote_container",
        "yahoo_quoted",
        "moz-cite-prefix",
        "moz-signature",
        "gmail_signature",
        "gmail_signature_prefix",
        "protonmail_quote",
        "protonmail_signature_block",
        "tutanota_quote",
        "zmail_extra",
        "outlookmessageheader",
        "moz-forward-container",
        "yahoo-signature",
    }
)
QUOTE_IDS = frozenset({"signature", "isreplycontent", "ms-outlook-mobile-signature"})
REST_IDS = frozenset(
    {
        "divrplyfwdmsg",
        "appendonsend",
        "stopspelling",
        "mail-editor-reference-message-container",
    }
)
