"""Names of encodings: what a file calls its own, what that means in practice, and what people call it."""

from __future__ import annotations

import codecs
import re

# What names mean in practice, as browsers take them (WHATWG, Encoding): a name that is old and too narrow
# stands for the page that contains it; a page that was read as far as its `meta` is not in UTF-16.
_MEANT = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "tis-620": "cp874",
    "iso8859-11": "cp874", "shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949",
    "big5": "cp950",
    "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8", "utf-32": "utf-8", "utf-8-sig": "utf-8",
}  # fmt: skip
_SHOWN_AS = {
    "cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1253": "Windows-1253",
    "cp1254": "Windows-1254", "cp1255": "Windows-1255", "cp1256": "Windows-1256", "cp1257": "Windows-1257",
    "cp1258": "Windows-1258", "cp874": "Windows-874", "cp932": "Shift JIS", "euc_jp": "EUC-JP",
    "cp949": "EUC-KR", "gb18030": "GB 18030", "cp950": "Big5", "iso8859_15": "ISO 8859-15",
    "iso8859_2": "ISO 8859-2", "iso8859_5": "ISO 8859-5", "iso8859_6": "ISO 8859-6",
    "iso8859_7": "ISO 8859-7", "iso8859_13": "ISO 8859-13", "koi8_u": "KOI8",
    "mac_roman": "Mac Roman", "iso2022_jp": "ISO-2022-JP",
}  # fmt: skip
_DECLARED = re.compile(
    rb"""<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
# Of a page or an XML file, where its encoding has to be named.
HEAD_BYTES = 4_096
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)


def declared_in(head: bytes) -> str:
    """Return the codec that the first lines of a page or an XML file name; "" for none that is known."""
    match = _DECLARED.search(_COMMENT.sub(b"", head[:HEAD_BYTES]))
    if match is None:
        return ""
    try:
        name = codecs.lookup((match[1] or match[2]).decode().removeprefix("x-")).name
    except LookupError:
        return ""
    return _MEANT.get(name, name)


def shown(name: str) -> str:
    """Return the name of an encoding as people know it."""
    return _SHOWN_AS.get(name, name.upper().removesuffix("-SIG"))
