"""Nothing is lost: `carillon sdp2jingle | carillon jingle2sdp` on session descriptions, line by line.

    python3 tests/cli/round_trip.py CARILLON FILE.sdp...

prints the lines that were lost, with file and line, a summary, and which agreed differences occurred how often. Exit code 1
when a line was lost.
"""

import collections
import pathlib
import re
import subprocess
import sys
import tempfile

AGREED = {
    "written": "written otherwise: blanks in fmtp, case of hex and of UDP, order and generation 0 of candidate extensions",
    "origin": "o= is that of each leg",
    "moved": "what the session says for every medium stands in each m-section that had nothing of its own",
    "overridden": "what the session says and every m-section has of its own is gone",
    "implicit": "a=sendrecv and a=rtcp:9 IN IP4 0.0.0.0 go without saying",
    "rejected": "a rejected m-section (port 0) is in the slot table, not in XML; it leaves its groups",
    "unlisted": "attributes of payload types that the m-line does not list mean nothing (RFC 8866)",
    "duplicate": "a line that stands twice stands once",
}
OF_SESSION = ("c=", "a=ice-ufrag:", "a=ice-pwd:", "a=ice-options:", "a=fingerprint:", "a=setup:", "a=tls-id:", "a=extmap:",
              "a=extmap-allow-mixed", "a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive", "a=end-of-candidates")
DIRECTIONS = ("a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive")
RTP_ONLY = ("a=extmap", *DIRECTIONS)


class Section:
    """The session section, or an m-section: lines with their numbers."""

    def __init__(self):
        self.lines = []

    def texts(self):
        return [text for _, text in self.lines]

    def value(self, prefix):
        return next((text[len(prefix):] for text in self.texts() if text.startswith(prefix)), None)

    @property
    def is_rejected(self):
        return self.texts()[0].split()[1] == "0" and "a=bundle-only" not in self.texts()

    @property
    def is_rtp(self):
        return "RTP/" in self.texts()[0]

    @property
    def formats(self):
        return self.texts()[0].split()[3:]


def parse(text):
    sections = [Section()]
    for number, line in enumerate(text.splitlines(), 1):
        line = line.rstrip(" \t")
        if line.startswith("m="):
            sections.append(Section())
        sections[-1].lines.append((number, line))
    return sections[0], sections[1:]


def canonical(line):
    """The same text for lines that say the same (blanks in fmtp, case of hex and of udp, order of extensions)."""
    if line.startswith("a=fmtp:"):
        head, _, rest = line.partition(" ")
        return head + " " + ";".join(piece.strip() for piece in rest.split(";") if piece.strip())
    if line.startswith("a=fingerprint:"):
        head, _, digest = line.partition(" ")
        return head.lower() + " " + digest.upper()
    if line.startswith("a=extmap:"):
        return re.sub(r"^(a=extmap:\d+)/sendrecv", r"\1", line)
    if line.startswith("a=candidate:"):
        words = line.split()
        words[2] = words[2].lower()
        fixed, rest = words[:8], words[8:]
        pairs = sorted(zip(rest[::2], rest[1::2]))
        return " ".join(fixed + [word for pair in pairs if pair != ("generation", "0") for word in pair])
    return line


def family(line):
    """What a line of the session is a default of."""
    return "direction" if line in DIRECTIONS else re.split("[:=]", line, 2)[1] if line.startswith("a=") else line[:2]


def payload_type(line):
    match = re.match(r"a=(?:rtpmap|fmtp|rtcp-fb):(\d+) ", line)
    return match and match.group(1)


class Comparison:
    def __init__(self):
        self.files = 0
        self.lost = []
        self.agreed = collections.Counter()

    def compare(self, name, before, after):
        self.files += 1
        session, sections = parse(before)
        new_session, new_sections = parse(after)
        live = [section for section in sections if not section.is_rejected]
        new_live = [section for section in new_sections if not section.is_rejected]
        self.agreed["rejected"] += len(sections) - len(live)
        if len(live) != len(new_live):
            self.lost.append(f"{name}: {len(live)} m-sections became {len(new_live)}")
            return
        gone = {section.value("a=mid:") for section in sections if section.is_rejected}
        for number, line in session.lines:
            self.compare_session_line(f"{name}:{number}", line, new_session, list(zip(live, new_live)), gone)
        for section, new_section in zip(live, new_live):
            self.compare_section(name, section, new_section)

    def compare_session_line(self, place, line, new_session, pairs, gone):
        if line.startswith("a=group:"):
            line = " ".join(word for word in line.split() if word not in gone)
            if " " not in line:
                return
        if line in new_session.texts():
            return
        if line.startswith("o="):
            self.agreed["origin"] += 1
        elif line.startswith(OF_SESSION):
            self.compare_default(place, line, pairs)
        else:
            self.lost.append(f"{place}: {line}")

    def compare_default(self, place, line, pairs):
        heirs = [new for old, new in pairs
                 if not any(family(own) == family(line) and not line.startswith("a=extmap:") or own == line
                            for own in old.texts())
                 and (new.is_rtp or not line.startswith(RTP_ONLY))]
        self.agreed["moved" if heirs else "overridden"] += 1
        for heir in heirs:
            if canonical(line) not in map(canonical, heir.texts()) and line != "a=sendrecv":
                self.lost.append(f"{place}: {line} (for {heir.texts()[0]})")

    def compare_section(self, name, section, new_section):
        there = collections.Counter(map(canonical, new_section.texts()))
        literally = set(new_section.texts())
        for number, line in section.lines:
            text = canonical(line)
            if there[text] > 0:
                there[text] -= 1
                self.agreed["written"] += line not in literally
            elif line in ("a=sendrecv", "a=rtcp:9 IN IP4 0.0.0.0"):
                self.agreed["implicit"] += 1
            elif text in there:
                self.agreed["duplicate"] += 1
            elif payload_type(line) and section.is_rtp and payload_type(line) not in section.formats:
                self.agreed["unlisted"] += 1
            else:
                self.lost.append(f"{name}:{number}: {line}")

    def summary(self):
        lines = [f"lost: {line}" for line in self.lost]
        lines.append(f"{self.files} files, {len(self.lost)} lines lost")
        lines += [f"  {self.agreed[key]:5} agreed: {words}" for key, words in AGREED.items() if self.agreed[key]]
        return "\n".join(lines)


def run(arguments, text=None):
    done = subprocess.run([str(argument) for argument in arguments], input=text, capture_output=True, timeout=300, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{arguments[:3]} ended with {done.returncode}: {done.stderr.decode()[:2000]}")
    return done.stdout.decode()


def translate(carillon, files, to_jingle=(), to_sdp=()):
    """What each file is after SDP -> Jingle -> SDP: two processes for all of them."""
    requests = run([carillon, "sdp2jingle", *to_jingle, *files]).splitlines()
    assert len(requests) == len(files), (len(requests), len(files))
    with tempfile.TemporaryDirectory() as directory:
        paths = []
        for number, request in enumerate(requests):
            paths.append(pathlib.Path(directory) / f"{number}.xml")
            paths[-1].write_text(request, encoding="utf-8")
        text = run([carillon, "jingle2sdp", *to_sdp, *paths])
    descriptions = re.split(r"(?m)^(?=v=0\r$)", text)[1:]
    assert len(descriptions) == len(files), (len(descriptions), len(files))
    return descriptions


def compare_files(carillon, files, to_jingle=(), to_sdp=()):
    comparison = Comparison()
    for path, after in zip(files, translate(carillon, files, to_jingle, to_sdp)):
        comparison.compare(str(path), pathlib.Path(path).read_bytes().decode(), after)
    return comparison


def main(arguments):
    if len(arguments) < 2:
        raise SystemExit(__doc__)
    comparison = compare_files(arguments[0], arguments[1:])
    print(comparison.summary())
    return 1 if comparison.lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
