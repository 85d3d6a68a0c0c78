"""A run as JUnit XML, so that any CI shows each case as a test."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from evals.record import GOOD, Record

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(records: Sequence[Record]) -> str:
    """Return one test suite for each suite and configuration; wrong is a failure, broken an error.

    Wrong refusals and questions back are failures too: a test is passed or it is not.
    """
    root = ElementTree.Element("testsuites")
    groups = dict.fromkeys((each.suite, each.configuration) for each in records)
    for suite, configuration in groups:
        members = [
            each for each in records if (each.suite, each.configuration) == (suite, configuration)
        ]
        element = ElementTree.SubElement(
            root,
            "testsuite",
            name=_clean(f"{suite or 'suite'} ({configuration})"),
            tests=str(len(members)),
            failures=str(sum(_is_failure(each) for each in members)),
            errors=str(sum(each.outcome == "error" for each in members)),
            time=f"{sum(each.ms for each in members) / 1000:.3f}",
        )
        for record in members:
            _add(element, record)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _add(suite: ElementTree.Element, record: Record) -> None:
    repeat = f" (repeat {record.repeat})" if record.repeat else ""
    case = ElementTree.SubElement(
        suite,
        "testcase",
        name=_clean(f"{record.case}{repeat}"),
        classname=_clean(f"{record.suite or 'suite'}.{record.configuration}"),
        time=f"{record.ms / 1000:.3f}",
    )
    if record.outcome in GOOD:
        return
    kind = "error" if record.outcome == "error" else "failure"
    found = ElementTree.SubElement(
        case, kind, type=record.outcome, message=_clean(f"{record.outcome}: {record.why}")
    )
    gold = record.expected.sql[:1] if record.expected else ()
    lines = [record.question, record.text, record.sql or "", *(f"gold: {sql}" for sql in gold)]
    found.text = _clean("\n".join(filter(None, lines)))


def _is_failure(record: Record) -> bool:
    return record.outcome not in GOOD and record.outcome != "error"


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
