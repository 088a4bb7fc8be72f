"""`make run` starts portal and worker again when a file of the code was written, added or removed."""

from pathlib import Path

from portal.code_changes import CodeChanges


def test_a_change_is_seen_once(tmp_path: Path) -> None:
    view = tmp_path / "portal" / "views" / "me.py"
    view.parent.mkdir(parents=True)
    view.write_text("one = 1\n", encoding="utf-8")
    changes = CodeChanges(tmp_path)
    assert not changes.any()
    view.write_text("two = 22\n", encoding="utf-8")
    assert changes.any()
    assert not changes.any()
    page = tmp_path / "templates" / "me.html"
    page.parent.mkdir()
    page.write_text("<p>", encoding="utf-8")
    assert changes.any()
    page.unlink()
    assert changes.any()
    (tmp_path / "portal" / "notes.txt").write_text("no code", encoding="utf-8")
    assert not changes.any()
