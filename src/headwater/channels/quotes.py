"""New text apart from quoted text and signatures. Pure, and linear in the length of the text.

Own rules: of the libraries tried, each cuts off text that stands inside or below a quote, and most
take seconds for one long line (`docs/dependencies.md`). Here a line is only taken out when it is
marked as quoted, or stands below a header that mail clients write. What is in doubt stays.
"""

import re
from collections.abc import Sequence

from headwater.channels import phrases

# Put before each line of what HTML names a signature; never part of what people write.
SIGNATURE_MARK = "\ue0f4"

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LONGEST_LINE = 500
_LONGEST_SIGNATURE = 15
_SIGNATURE_CHARACTERS = 1_500


def is_reply_subject(subject: str) -> bool:
    """True if the subject says that this answers another mail, in the usual languages."""
    return bool(phrases.REPLY_SUBJECT.match(subject.strip()))


def split_quotes(text: str, *, subject: str = "", is_reply: bool = False) -> tuple[str, str]:
    """The new text, and what was trimmed: quotes and signatures, in the order of the mail.

    Without a sign that the mail is a reply, lines that start with `>` are the sender's own, and
    a forwarded mail is new to us as a whole.
    """
    lines = text.split("\n")
    view = _View(lines, is_reply=is_reply or is_reply_subject(subject))
    start = view.unmarked_from()
    forward = next((at for at, line in enumerate(view.plain) if phrases.FORWARD.match(line)), None)
    passed_on = bool(phrases.FORWARD_SUBJECT.match(subject.strip()))
    if passed_on or (forward is not None and forward < min(start, view.first_quoted())):
        return _bare(lines), ""
    quoted = [at >= start or flag for at, flag in enumerate(view.quoted)]
    trimmed = _with_signatures(lines, view.plain, quoted)
    new = [line for line, gone in zip(lines, trimmed, strict=True) if not gone]
    fresh = "\n".join(new)
    # A quote without marks is taken out unless nothing else would be left to read, or the
    # answers are said to stand inside it.
    if start < len(lines) and (not fresh.strip() or phrases.ANSWERS_INSIDE.search(fresh[:20_000])):
        return _bare(lines), ""
    if not any(trimmed):
        return _bare(lines), ""
    old = [line for line, gone in zip(lines, trimmed, strict=True) if gone]
    return _joined(new), _joined(old)


class _View:
    """What is known of each line: how it reads, and whether it is quoted."""

    def __init__(self, lines: Sequence[str], *, is_reply: bool) -> None:
        self.plain = [_plain(line) for line in lines]
        self._filled_below = _next_filled(self.plain)
        starts = self._attributions()
        self.is_reply = is_reply or bool(starts) or self._quotes_an_attribution()
        self.quoted = [self.is_reply and line.startswith(">") for line in self.plain]
        self._unmarked = len(lines)
        for at, length in starts.items():
            if not self._marked_below(at + length - 1):
                self._unmarked = min(self._unmarked, at)
            elif at < self._unmarked:
                self.quoted[at : at + length] = [True] * length

    def unmarked_from(self) -> int:
        """The line from which on all is a quote without marks; the number of lines if none is."""
        if not self.is_reply:
            return self._unmarked
        blocks = (at for at in range(self._unmarked) if self._is_header_block(at))
        return next(blocks, self._unmarked)

    def first_quoted(self) -> int:
        """The first line that is quoted by mark or attribution."""
        return next((at for at, flag in enumerate(self.quoted) if flag), len(self.quoted))

    def _marked_below(self, at: int) -> bool:
        below = self._filled_below[at]
        return below < len(self.plain) and self.plain[below].startswith(">")

    def _quotes_an_attribution(self) -> bool:
        """Some clients put the introduction inside the quote."""
        return any(
            line.startswith(">") and _is_attribution(line.lstrip("> ")) for line in self.plain
        )

    def _attributions(self) -> dict[int, int]:
        """Where an introduction starts, and over how many lines clients have wrapped it."""
        found: dict[int, int] = {}
        taken_to = 0
        for end, line in enumerate(self.plain):
            if line.endswith((":", "：")) and not line.startswith(">"):
                start = self._attribution_ending(end, taken_to)
                if start is not None:
                    found[start] = end - start + 1
                    taken_to = end + 1
        return found

    def _attribution_ending(self, end: int, taken_to: int) -> int | None:
        """The shortest introduction that ends in this line, so that no new text is taken along."""
        for start in range(end, max(taken_to, end - 2) - 1, -1):
            line = self.plain[start]
            if not line or line.startswith(">"):
                break
            if _is_attribution(" ".join(self.plain[start : end + 1])):
                return self._with_its_date(start, taken_to)
        marked = self._marked_below(end)
        if marked and _may_be_attribution(self.plain[end]):
            return self._with_its_date(end, taken_to)
        return None

    def _with_its_date(self, start: int, taken_to: int) -> int:
        """The line above belongs to an introduction where it is a wrapped one's date."""
        above = start - 1
        stands_alone = above == taken_to or (above > taken_to and not self.plain[above - 1])
        is_date = above >= taken_to and phrases.WHEN.search(self.plain[above][:_LONGEST_LINE])
        starts_so = is_date and phrases.DATE_FIRST.match(self.plain[above])
        return above if stands_alone and starts_so else start

    def _is_header_block(self, at: int) -> bool:
        """An `Original Message` line, or at least three of From, Sent, To, Subject…"""
        line = self.plain[at]
        if not line or len(line) > _LONGEST_LINE:
            return False
        if phrases.SEPARATOR.match(line):
            return True
        dashed = phrases.DASHED.match(line)
        if dashed and phrases.WHEN.search(dashed[1]) and phrases.WROTE.search(dashed[1]):
            return True
        if dashed or phrases.RULE.match(line):
            below = self._filled_below[at]
            return below < len(self.plain) and self._fields_at(below)
        return self._fields_at(at)

    def _fields_at(self, at: int) -> bool:
        first = self.plain[at][:_LONGEST_LINE]
        if not (phrases.FROM.match(first) or phrases.FIELD.match(first)):
            return False
        piece = [line[:_LONGEST_LINE] for line in self.plain[at : at + 9] if line][:6]
        senders = sum(bool(phrases.FROM.match(line)) for line in piece)
        others = sum(bool(phrases.FIELD.match(line)) for line in piece)
        return senders >= 1 and others >= 2


def _plain(line: str) -> str:
    """A line as it is compared: without invisible characters and outer white space."""
    if not line.isascii():
        line = _INVISIBLE.sub("", line).replace("\xa0", " ").replace("\u202f", " ")
    return line.strip()


def _next_filled(lines: Sequence[str]) -> list[int]:
    """For each line the next one below it that is not blank."""
    out, below = [len(lines)] * len(lines), len(lines)
    for at in range(len(lines) - 1, -1, -1):
        out[at] = below
        if lines[at]:
            below = at
    return out


def _is_attribution(line: str) -> bool:
    if len(line) > _LONGEST_LINE or not line.endswith((":", "：")):
        return False
    if not phrases.WHEN.search(line):
        return False
    return any(
        line.startswith(first) and any(word in line for word in words)
        for first, words in phrases.ATTRIBUTIONS
    )


def _may_be_attribution(line: str) -> bool:
    """What introduces a quote in any language, if marked lines follow at once."""
    if len(line) > _LONGEST_LINE:
        return False
    return "@" in line or (len(line) < 120 and phrases.WROTE.search(line) is not None)


def _with_signatures(
    lines: Sequence[str], plain: Sequence[str], quoted: Sequence[bool]
) -> list[bool]:
    """The lines to trim: the quoted ones, and in each piece between them its signature."""
    trimmed = [
        flag or line.startswith(SIGNATURE_MARK) for line, flag in zip(lines, quoted, strict=True)
    ]
    end = len(lines)
    while end > 0:
        begin = end
        while begin > 0 and not trimmed[begin - 1]:
            begin -= 1
        for at in range(_signature_start(plain, begin, end), end):
            trimmed[at] = True
        end = begin
        while end > 0 and trimmed[end - 1]:
            end -= 1
    return trimmed


def _signature_start(plain: Sequence[str], begin: int, end: int) -> int:
    """Where the signature of the lines from `begin` to `end` starts; `end` if there is none."""
    start, filled, characters = end, 0, 0
    for at in range(end - 1, begin - 1, -1):
        line = plain[at]
        if not line:
            continue
        if line == "--" and any(plain[begin:at]) and filled:
            return at
        if not filled and len(line) < 200 and phrases.DEVICE.match(line):
            start = at
        filled += 1
        characters += len(line)
        if filled > _LONGEST_SIGNATURE or characters > _SIGNATURE_CHARACTERS:
            break
    return start


def _bare(lines: Sequence[str]) -> str:
    return "\n".join(line.replace(SIGNATURE_MARK, "") for line in lines).strip("\n").rstrip()


def _joined(lines: Sequence[str]) -> str:
    text = "\n".join(line.removeprefix(SIGNATURE_MARK) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"\n[ \t\xa0]+(?=\n)", "\n", text)).strip("\n").rstrip()
