"""Pages as trees: parsed strictly, so that a page that is not valid HTML fails whatever is asked of it."""

import html5lib


def parsed(answer):
    """Return the tree of a page; raise ParseError where it is not valid HTML."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text)


def text_of(element):
    """Return the words of an element, as a browser shows them."""
    return " ".join("".join(element.itertext()).split())


def texts(tree, path):
    """Return the words of every element at a path."""
    return [text_of(element) for element in tree.findall(path)]
