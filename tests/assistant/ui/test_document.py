"""The document that pages are opened by holds our style and script, in their places."""

from assistant.ui.document import document


def test_the_script_runs_before_streamlits() -> None:
    text = document()
    assert 0 < text.index("BACKEND_BASE_URL") < text.index('type="module"')


def test_the_style_comes_after_streamlits() -> None:
    text = document()
    assert text.index("tabular-nums") > text.index("</head>")
    assert text.rstrip().endswith("</html>")
