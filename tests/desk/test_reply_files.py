"""Files beside the reply box: chosen, kept with the draft, sent, taken away."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from headwater.cases.models import Case, ReplyFile


def write(desk: Client, case: Case, action: str, *uploads: SimpleUploadedFile) -> "object":
    data = {"action": action, "kind": "reply", "reply_body": "Hello", "files": list(uploads)}
    return desk.post(f"/cases/{case.pk}/write/", data)


def test_chosen_files_stay_with_the_draft_and_leave_with_the_reply(
    desk: Client, scene: dict[str, Case]
) -> None:
    case = scene["main"]
    html_file = SimpleUploadedFile("a <b>.html", b"<script>alert(1)</script>", "text/html")
    write(desk, case, "save_draft", html_file)
    file = ReplyFile.objects.get()
    assert (file.message, file.name) == (None, "a _b_.html")
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "Remove a _b_.html" in page

    response = desk.get(f"/cases/{case.pk}/files/{file.pk}/")
    assert response.content == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]

    write(desk, case, "send", SimpleUploadedFile("b.txt", b"b"))
    message = case.messages.get(kind="reply")
    assert {one.name for one in message.files.all()} == {"a _b_.html", "b.txt"}
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "Remove" not in page
    assert "b.txt" in page


def test_a_file_can_be_taken_off(desk: Client, scene: dict[str, Case]) -> None:
    case = scene["main"]
    write(desk, case, "save_draft", SimpleUploadedFile("a.txt", b"a"))
    write(desk, case, f"remove_file:{ReplyFile.objects.get().pk}")
    assert not ReplyFile.objects.exists()


def test_too_large_keeps_the_words(desk: Client, scene: dict[str, Case], settings: object) -> None:
    settings.HEADWATER_ATTACHMENT_MB = 0  # type: ignore[attr-defined]
    response = write(desk, scene["main"], "send", SimpleUploadedFile("a.txt", b"a"))
    assert response.status_code == 400  # type: ignore[attr-defined]
    html = response.content.decode()  # type: ignore[attr-defined]
    assert "larger than 0 MB" in html
    assert ">Hello</textarea>" in html


def test_files_of_another_case_are_not_there(desk: Client, scene: dict[str, Case]) -> None:
    write(desk, scene["main"], "save_draft", SimpleUploadedFile("a.txt", b"a"))
    file = ReplyFile.objects.get()
    assert desk.get(f"/cases/{scene['quiet'].pk}/files/{file.pk}/").status_code == 404
