"""A page of the site as a reader takes it: texts, links, tables by their names, parts of the map."""

from html.parser import HTMLParser

VOID = ("meta", "link", "rect", "path", "br")


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.path, self.links, self.tags, self.texts = path, [], set(), []
        self.tables, self.areas, self.language = {}, {}, ""
        self._table, self._area, self._open = None, None, []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.add(tag)
        if tag not in VOID:
            self._open.append((tag, attrs.get("lang")))
        if tag == "html":
            self.language = attrs["lang"]
        self.links += [value for name in ("href", "src") if (value := attrs.get(name)) and value != "data:,"]
        self.texts += [value for name in ("aria-label",) if (value := attrs.get(name))]
        if attrs.get("role") == "region":
            self._table = self.tables.setdefault(attrs["aria-label"], [])
        if tag == "tr":
            self._table.append([])
        if tag in ("td", "th"):
            self._table[-1].append("")
        if tag == "a":
            self._area = (attrs["href"], attrs.get("aria-label", ""))
        if tag == "path":
            self.areas[self._area[0]] = (self._area[1], attrs["class"])

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        names = [tag for tag, _language in self._open]
        if "table" in names and ("td" in names or "th" in names):
            self._table[-1][-1] += data
        if data.strip() and not any(language for _tag, language in self._open[1:]):
            self.texts.append(data.strip())

    def rows(self, name):
        """The rows of a table below its head."""
        return self.tables[name][1:]


def number(text):
    """A count as Indonesians write it."""
    return int(text.replace(".", ""))
