"""A form as an XForm of ODK: what Collect downloads."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from ronda.channels.adapters.questions import NUMBER_MAX, TEXT_MAX, Form, Page, Question

XF, H = "http://www.w3.org/2002/xforms", "http://www.w3.org/1999/xhtml"
JR, ORX = "http://openrosa.org/javarosa", "http://openrosa.org/xforms"
for _prefix, _space in (("", XF), ("h", H), ("jr", JR), ("orx", ORX)):
    register_namespace(_prefix, _space)
TYPES = {
    "text": "string",
    "int": "int",
    "flag": "string",
    "choice": "string",
    "time": "dateTime",
    "photo": "binary",
}
LANGUAGES = ("id", "en")
UNIQUE = "concat('uuid:', uuid())"


def xform_made(form: Form) -> bytes:
    """The whole form; the same definition gives the same bytes."""
    html = Element(f"{{{H}}}html")
    head = SubElement(html, f"{{{H}}}head")
    SubElement(head, f"{{{H}}}title").text = form.title["id"]
    model = SubElement(head, f"{{{XF}}}model")
    _texts(model, form)
    _instance(model, form)
    _binds(model, form)
    body = SubElement(html, f"{{{H}}}body")
    for page in form.pages:
        _page(body, page, form)
    return bytes(tostring(html, encoding="utf-8", xml_declaration=True))


def _texts(model: Element, form: Form) -> None:
    itext = SubElement(model, f"{{{XF}}}itext")
    for language in LANGUAGES:
        table = SubElement(itext, f"{{{XF}}}translation", lang=language)
        if language == LANGUAGES[0]:
            table.set("default", "true()")
        for id_, words in _words(form):
            text = SubElement(table, f"{{{XF}}}text", id=id_)
            SubElement(text, f"{{{XF}}}value").text = words[language]


def _words(form: Form) -> Iterator[tuple[str, dict[str, str]]]:
    for page in form.pages:
        yield page.name, dict(page.label)
        if page.hint:
            yield f"{page.name}-hint", dict(page.hint)
        for question in page.questions:
            yield question.name, dict(question.label)
    for name, choices in form.lists.items():
        for value, words in choices:
            yield f"{name}-{value}", dict(words)


def _instance(model: Element, form: Form) -> None:
    data = SubElement(
        SubElement(model, f"{{{XF}}}instance"), f"{{{XF}}}data", id=form.id, version=form.version
    )
    SubElement(data, f"{{{XF}}}mulai")
    for page in form.pages:
        group = SubElement(data, f"{{{XF}}}{page.name}")
        for question in page.questions:
            _node(group, question)
    SubElement(SubElement(data, f"{{{ORX}}}meta"), f"{{{ORX}}}instanceID")


def _node(group: Element, question: Question) -> None:
    """A photo stands in a group that repeats."""
    if question.kind == "photo":
        group = SubElement(group, f"{{{XF}}}{question.name}_ulang", {f"{{{JR}}}template": ""})
    SubElement(group, f"{{{XF}}}{question.name}")


def _binds(model: Element, form: Form) -> None:
    start = {"nodeset": "/data/mulai", "type": "dateTime"}
    start |= {f"{{{JR}}}preload": "timestamp", f"{{{JR}}}preloadParams": "start"}
    SubElement(model, f"{{{XF}}}bind", start)
    for page in form.pages:
        for question in page.questions:
            bind = SubElement(
                model, f"{{{XF}}}bind", nodeset=_path(page, question), type=TYPES[question.kind]
            )
            if question.is_needed and question.kind != "photo":
                bind.set("required", "true()")
            if rule := constraint_of(question):
                bind.set("constraint", rule)
    unique = {"nodeset": "/data/orx:meta/orx:instanceID", "type": "string", "readonly": "true()"}
    SubElement(model, f"{{{XF}}}bind", unique | {f"{{{JR}}}preload": "uid"})


def constraint_of(question: Question) -> str:
    """What an answer must be, in XPath; empty where anything is."""
    if question.kind == "int":
        return f". >= 0 and . <= {question.most or NUMBER_MAX}"
    if question.kind == "text":
        return f"string-length(.) <= {question.most or TEXT_MAX}"
    return ""


def _path(page: Page, question: Question) -> str:
    repeat = f"{question.name}_ulang/" if question.kind == "photo" else ""
    return f"/data/{page.name}/{repeat}{question.name}"


def _page(body: Element, page: Page, form: Form) -> None:
    group = SubElement(body, f"{{{XF}}}group", ref=f"/data/{page.name}")
    if not any(question.kind == "photo" for question in page.questions):
        group.set("appearance", "field-list")
    SubElement(group, f"{{{XF}}}label", ref=_itext(page.name))
    for number, question in enumerate(page.questions):
        hint = f"{page.name}-hint" if page.hint and number == 0 else ""
        _control(group, page, question, form, hint)


def _control(group: Element, page: Page, question: Question, form: Form, hint: str) -> None:
    path = _path(page, question)
    if question.kind == "photo":
        around = SubElement(group, f"{{{XF}}}group", ref=path.rpartition("/")[0])
        SubElement(around, f"{{{XF}}}label", ref=_itext(question.name))
        repeat = SubElement(around, f"{{{XF}}}repeat", nodeset=path.rpartition("/")[0])
        control = SubElement(repeat, f"{{{XF}}}upload", ref=path, mediatype="image/*")
    elif question.choices:
        control = SubElement(group, f"{{{XF}}}select1", ref=path)
    else:
        control = SubElement(group, f"{{{XF}}}input", ref=path)
    SubElement(control, f"{{{XF}}}label", ref=_itext(question.name))
    if hint:
        SubElement(control, f"{{{XF}}}hint", ref=_itext(hint))
    for value, _said in form.lists.get(question.choices, ()):
        item = SubElement(control, f"{{{XF}}}item")
        SubElement(item, f"{{{XF}}}label", ref=_itext(f"{question.choices}-{value}"))
        SubElement(item, f"{{{XF}}}value").text = value


def _itext(id_: str) -> str:
    return f"jr:itext('{id_}')"
