"""The commands sdp2jingle, jingle2sdp and explain: each option, each error, several files.

    CARILLON=build/dev/carillon python3 tests/cli/commands_test.py
"""

import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET

import round_trip

CARILLON = os.environ["CARILLON"]
ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests/data"
OFFER = DATA / "corpus/chromium/audio-video.offer.sdp"
ANSWER = DATA / "corpus/chromium/audio-video.answer.sdp"
HALF_ANSWER = DATA / "corpus/chromium/audio-video-answer-audio-only"
J = "{urn:xmpp:jingle:1}"
ACTIONS = ["session-initiate", "session-accept", "content-add", "content-accept", "content-modify", "content-remove",
           "content-reject", "description-info", "transport-info", "transport-replace", "transport-accept", "transport-reject"]
UNSPEAKABLE = ["session-info", "session-terminate", "security-info"]


class Outcome:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout.decode(), done.stderr.decode()


def carillon(*arguments, text=""):
    data = text if isinstance(text, bytes) else text.encode()
    return Outcome(subprocess.run([CARILLON, *map(str, arguments)], input=data, capture_output=True, timeout=60, check=False))


class Case(unittest.TestCase):
    maxDiff = None

    def good(self, *arguments, text=""):
        outcome = carillon(*arguments, text=text)
        self.assertEqual(outcome.code, 0, outcome.err)
        return outcome.out

    def fails(self, code, *arguments, text=""):
        outcome = carillon(*arguments, text=text)
        self.assertEqual(outcome.code, code, outcome.out + outcome.err)
        self.assertTrue(outcome.err)
        return outcome.err

    def write(self, name, text):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        path = pathlib.Path(directory.name) / name
        path.write_text(text, encoding="utf-8")
        return path


class Sdp2Jingle(Case):
    def test_default_is_the_initiators_session_initiate(self):
        jingle = ET.fromstring(self.good("sdp2jingle", text=OFFER.read_text()))
        self.assertEqual(jingle.tag, J + "jingle")
        self.assertEqual(jingle.get("action"), "session-initiate")
        self.assertTrue(jingle.get("sid"))
        self.assertIsNone(jingle.get("initiator"))
        self.assertEqual([content.get("name") for content in jingle.iter(J + "content")], ["0", "1"])

    def test_options_are_attributes(self):
        jingle = ET.fromstring(self.good("sdp2jingle", "--sid", "a73sjjvkla37jfea", "--initiator", "alice@example.org/phone",
                                         "--responder", "bob@example.net", OFFER))
        self.assertEqual(jingle.attrib, {"action": "session-initiate", "sid": "a73sjjvkla37jfea",
                                         "initiator": "alice@example.org/phone", "responder": "bob@example.net"})

    def test_every_action_that_sdp_can_say(self):
        for action in ACTIONS:
            with self.subTest(action=action):
                jingle = ET.fromstring(self.good("sdp2jingle", "--action", action, OFFER))
                self.assertEqual(jingle.get("action"), action)
                self.assertEqual(len(jingle.findall(J + "content")), 2)

    def test_actions_that_no_sdp_says_are_wrong_usage(self):
        for action in UNSPEAKABLE + ["dance", ""]:
            with self.subTest(action=action):
                self.assertIn("--action", self.fails(64, "sdp2jingle", "--action", action, OFFER))

    def test_the_writer_decides_about_senders(self):
        text = OFFER.read_text().replace("a=sendrecv", "a=sendonly")
        for arguments, senders in [((), "initiator"), (("--as", "responder"), "responder"),
                                   (("--action", "session-accept"), "responder"),
                                   (("--action", "content-accept"), "responder"), (("--action", "content-add"), "initiator"),
                                   (("--action", "session-accept", "--as", "initiator"), "initiator")]:
            with self.subTest(arguments=arguments):
                jingle = ET.fromstring(self.good("sdp2jingle", *arguments, text=text))
                self.assertEqual([content.get("senders") for content in jingle.iter(J + "content")], [senders, senders])

    def test_transport_info_of_a_fragment(self):
        fragment = ("a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
                    "a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host\r\n")
        xml = self.good("sdp2jingle", "--action", "transport-info", text=fragment)
        transport = ET.fromstring(xml).find(f"{J}content/*")
        self.assertEqual(transport.get("ufrag"), "abcd")
        self.assertEqual(transport[0].get("ip"), "192.0.2.1")
        back = self.good("jingle2sdp", text=xml)
        self.assertFalse(back.startswith("v="))
        self.assertIn("a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host", back)

    def test_an_answer_to_an_offer(self):
        xml = self.good("sdp2jingle", "--action", "session-accept", "--offer", f"{HALF_ANSWER}.offer.sdp",
                        f"{HALF_ANSWER}.answer.sdp")
        self.assertEqual([content.get("senders") for content in ET.fromstring(xml).iter(J + "content")], [None, "none"])
        self.assertIn("m-lines", self.fails(65, "sdp2jingle", "--action", "session-accept", "--offer", OFFER,
                                            DATA / "corpus/chromium/datachannel.answer.sdp"))

    def test_wrong_usage(self):
        for arguments in [("--as", "both"), ("--sid", ""), ("--sid", "a b"), ("--sid", "x" * 129), ("--sid", "<"),
                          ("--initiator", "@"), ("--responder", "a@"), ("--for", "nobody"), ("--nonsense",), ("--action",)]:
            with self.subTest(arguments=arguments):
                self.fails(64, "sdp2jingle", *arguments)

    def test_an_unknown_profile_is_told_which_there_are(self):
        listed = self.good("sdp2jingle", "--for", "help")
        self.assertIn("\n  conversations", "\n" + listed)
        self.assertIn(listed.strip(), self.fails(64, "sdp2jingle", "--for", "nobody"))

    def test_a_slip_is_told_what_was_probably_meant(self):
        for arguments, meant in [(("sdp2jingle", "--for", "converstions"), "'conversations'"), (("explain", "--for", "Movim"), "'movim'"),
                                 (("sdp2jingle", "--action", "session-initate"), "'session-initiate'"), (("jingle2sdp", "--as", "respnder"), "'responder'"),
                                 (("explan",), "explain"), (("explain", "--jsn"), "--json")]:
            with self.subTest(arguments=arguments):
                self.assertRegex(self.fails(64, *arguments), f"[dD]id you mean {meant}\\?")
        for arguments in [("sdp2jingle", "--for", "x" * 200), ("sdp2jingle", "--for", ""), ("zzzzzzzz",)]:
            with self.subTest(arguments=arguments):
                self.assertNotIn("mean", self.fails(64, *arguments))

    def test_a_profile_shapes_the_request_and_says_so(self):
        carry = "urn:carillon:sdp-carry:0"
        self.assertIn(carry, self.good("sdp2jingle", "--for", "carillon", OFFER))
        outcome = carillon("sdp2jingle", "--for", "conversations", OFFER)
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertNotIn(carry, outcome.out)
        self.assertIn("for conversations: a=rtcp-rsize", outcome.err)

    def test_what_is_left_out_is_told_with_its_place(self):
        lines = OFFER.read_text().splitlines()
        lines.insert(8, "a=candidate:nonsense")
        lines.insert(9, "a=fmtp:77 x=y")
        outcome = carillon("sdp2jingle", text="\r\n".join(lines) + "\r\n")
        self.assertEqual(outcome.code, 0)
        self.assertRegex(outcome.err, r"(?m)^<stdin>:9:\d+: left out: a=candidate: ")
        self.assertRegex(outcome.err, r"(?m)^<stdin>:10:\d+: content '0': left out: .*: x=y$")

    def test_a_terminal_gets_indented_xml_which_reads_the_same(self):
        primary, secondary = pty.openpty()
        with subprocess.Popen([CARILLON, "sdp2jingle", str(OFFER)], stdout=secondary) as process:
            os.close(secondary)
            shown = b""
            try:
                while piece := os.read(primary, 65536):
                    shown += piece
            except OSError:
                pass
            self.assertEqual(process.wait(60), 0)
        os.close(primary)
        shown = shown.decode().replace("\r\n", "\n")
        self.assertIn("\n  <content ", shown)
        self.assertGreater(shown.count("\n"), 100)
        line = self.good("sdp2jingle", OFFER)
        self.assertEqual(line.count("\n"), 1)
        self.assertEqual(self.good("jingle2sdp", text=shown), self.good("jingle2sdp", text=line))


class Jingle2Sdp(Case):
    def accept(self):
        return self.good("sdp2jingle", "--action", "session-accept", "--offer", f"{HALF_ANSWER}.offer.sdp",
                         f"{HALF_ANSWER}.answer.sdp")

    def test_the_default_role_is_that_of_the_action(self):
        for arguments in [("--action", "session-initiate"), ("--action", "session-accept"), ("--action", "content-add"),
                          ("--action", "content-accept"), ("--action", "content-add", "--as", "responder")]:
            with self.subTest(arguments=arguments):
                text = OFFER.read_text().replace("a=sendrecv", "a=sendonly")
                xml = self.good("sdp2jingle", *arguments, text=text)
                self.assertEqual(self.good("jingle2sdp", text=xml).count("a=sendonly"), 2)
                other = "initiator" if 'responder' in arguments or "accept" in arguments[1] else "responder"
                self.assertEqual(self.good("jingle2sdp", "--as", other, text=xml).count("a=recvonly"), 2)

    def test_an_iq_around_it_and_a_capture(self):
        xml = self.good("sdp2jingle", OFFER)
        bare = self.good("jingle2sdp", text=xml)
        for text in [f"<iq type='set' xmlns='jabber:client'>{xml}</iq>", f"<?xml version='1.0'?>\n<!-- x -->\n<c><iq>\n{xml}\n</iq></c>"]:
            self.assertEqual(self.good("jingle2sdp", text=text), bare)

    def test_with_the_offer_an_answer_gets_order_protocol_and_rejected_m_lines(self):
        offer = pathlib.Path(f"{HALF_ANSWER}.offer.sdp").read_text().replace("UDP/TLS/RTP/SAVPF", "TCP/TLS/RTP/SAVPF")
        xml = ET.fromstring(self.accept())
        video = xml.find(f"{J}content[@name='1']")
        xml.remove(video)
        text = ET.tostring(xml, encoding="unicode")
        answer = self.good("jingle2sdp", "--offer", self.write("offer.sdp", offer), text=text)
        lines = [line for line in answer.splitlines() if line.startswith("m=")]
        self.assertRegex(lines[0], "^m=audio 9 TCP/TLS/RTP/SAVPF ")
        self.assertRegex(lines[1], "^m=video 0 TCP/TLS/RTP/SAVPF ")
        self.assertIn("a=group:BUNDLE 0\r", answer)

    def test_changes_need_the_current_description(self):
        for action, shows in [("content-modify", "a=inactive"), ("content-remove", "m=video 0 ")]:
            with self.subTest(action=action):
                xml = ET.fromstring(self.good("sdp2jingle", "--action", action, OFFER))
                xml.remove(xml.find(f"{J}content[@name='0']"))
                if action == "content-modify":
                    xml.find(J + "content").set("senders", "none")
                text = ET.tostring(xml, encoding="unicode")
                self.assertIn("without that description", self.fails(65, "jingle2sdp", text=text))
                self.assertIn(shows, self.good("jingle2sdp", "--current", OFFER, text=text))

    def test_actions_that_are_no_description_are_bad_input(self):
        for action in UNSPEAKABLE:
            text = f"<jingle xmlns='urn:xmpp:jingle:1' action='{action}' sid='s'><reason><success/></reason></jingle>"
            self.assertRegex(self.fails(65, "jingle2sdp", text=text), "^<stdin>:1:1: ")

    def test_the_offer_may_be_wrong_too(self):
        path = self.write("offer.sdp", "v=0\r\no=-\r\n")
        self.assertIn(f"{path}:2:", self.fails(65, "jingle2sdp", "--offer", path, text=self.accept()))
        self.assertIn("No such file", self.fails(66, "jingle2sdp", "--offer", "/nonexistent", text=self.accept()))


class BadInput(Case):
    def test_places_in_sdp(self):
        offer = OFFER.read_text()
        no_fingerprint = re.sub("(?m)^a=fingerprint.*\r?\n", "", offer)
        for text, place in [("", "1:1"), ("v=1\r\n", "1:3"), ("hello\n", "1:1"), ("v=0\r\ns=-\r\n", "2:1"),
                            (offer.replace("a=setup:actpass", "a=setup:nobody", 1), "15:9"),
                            (offer.replace("a=mid:0", "a=mid:\x01"), "16:7"), (no_fingerprint, "8:1"),
                            (offer + "x\n", f"{offer.count(chr(10)) + 1}:1")]:
            for command in ["sdp2jingle", "explain"]:
                with self.subTest(place=place, command=command):
                    self.assertRegex(self.fails(65, command, text=text), f"^<stdin>:{place}: .+\n$")

    def test_places_in_xml(self):
        head = "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s'>\n <content creator='initiator' name='a'>\n"
        rtp = "  <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>\n   <payload-type id='{}' name='{}'/></description>\n"
        ice = "  <transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='{}' pwd='abcdefghijklmnopqrstuv'/>\n"
        tail = " </content></jingle>"
        for text, place in [("<a>\n <b>\n</a>", "3:3"), ("<a>\n\n</a>", "1:1"), (" <", "1:2"), ("<a/><b/>", "1:5"),
                            ("<!DOCTYPE a><a/>", "1:"), (head, "3:1"),
                            (head.replace("session-", "") + tail, "1:1"), (head + tail, "2:2"),
                            (head + rtp.format(200, "x") + tail, "4:4"),
                            (head + rtp.format(0, "PCMU") + ice.format("a b") + tail, ""),
                            (head + rtp.format(0, "P&#10;U") + ice.format("abcd") + tail, "4:4"),
                            (head + rtp.format(0, "PCMU") + tail, "2:2")]:
            for command in ["jingle2sdp", "explain"]:
                with self.subTest(text=text, command=command):
                    self.assertRegex(self.fails(65, command, text=text), f"^<stdin>:{place}.*: .+\n$")

    def test_too_much_is_refused(self):
        for command, limit in [("sdp2jingle", 64 * 1024), ("jingle2sdp", 256 * 1024), ("explain", 256 * 1024)]:
            with self.subTest(command=command):
                error = self.fails(65, command, text="v" * (limit + 1))
                self.assertEqual(error, f"<stdin>:1:1: more than {limit} bytes: too long\n")
        self.assertRegex(self.fails(65, "explain", text=OFFER.read_text() + "a=x\r\n" * 15000), "^<stdin>:1:1: ")

    def test_the_other_commands_input(self):
        xml = self.good("sdp2jingle", OFFER)
        self.assertIn("<stdin>:1:1: XML, which `carillon jingle2sdp` reads", self.fails(65, "sdp2jingle", text=xml))
        self.assertIn("<stdin>:1:1: SDP, which `carillon sdp2jingle` reads", self.fails(65, "jingle2sdp", text=OFFER.read_text()))

    def test_nothing(self):
        for command in ["sdp2jingle", "jingle2sdp", "explain"]:
            for text in ["", "\n", " \r\n\t"]:
                with self.subTest(command=command, text=text):
                    self.assertEqual(self.fails(65, command, text=text), "<stdin>:1:1: the input is empty: missing\n")

    def test_what_is_no_jingle_is_named(self):
        google = "<iq type='set'><session xmlns='http://www.google.com/session' type='initiate'/></iq>"
        content = ("<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s'><content creator='initiator' name='a'>\n"
                   "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/>\n<transport xmlns='http://www.google.com/transport/p2p'/></content></jingle>")
        for command in ["jingle2sdp", "explain"]:
            with self.subTest(command=command):
                self.assertIn("1:1: no <jingle xmlns='urn:xmpp:jingle:1'/>, but <session xmlns='http://www.google.com/session'/>",
                              self.fails(65, command, text=google))
                self.assertIn("3:1: content 'a': transport 'http://www.google.com/transport/p2p': unsupported", self.fails(65, command, text=content))

    def test_bytes_that_are_no_text(self):
        for command in ["sdp2jingle", "jingle2sdp", "explain"]:
            self.assertRegex(self.fails(65, command, text=b"\xff\xfe\x00"), "^<stdin>:1:[12]: ")


class SeveralFiles(Case):
    def test_documents_come_one_after_the_other(self):
        xml = self.good("sdp2jingle", OFFER, ANSWER)
        self.assertEqual(xml, self.good("sdp2jingle", OFFER) + self.good("sdp2jingle", ANSWER))
        paths = [self.write(f"{index}.xml", line) for index, line in enumerate(xml.splitlines())]
        self.assertEqual(self.good("jingle2sdp", *paths), "".join(self.good("jingle2sdp", path) for path in paths))
        self.assertEqual(self.good("explain", OFFER, ANSWER), self.good("explain", OFFER) + self.good("explain", ANSWER))

    def test_a_dash_is_stdin(self):
        text = ANSWER.read_text()
        self.assertEqual(self.good("sdp2jingle", OFFER, "-", text=text), self.good("sdp2jingle", OFFER, ANSWER))

    def test_one_that_fails_does_not_stop_the_rest(self):
        bad = self.write("bad.sdp", "v=0\r\nx\r\n")
        for command, code, files, named in [("sdp2jingle", 65, [bad, OFFER], f"{bad}:2:1: "), ("explain", 65, [OFFER, bad], f"{bad}:2:1: "),
                                            ("sdp2jingle", 66, ["/nonexistent", OFFER], "/nonexistent: "),
                                            ("sdp2jingle", 66, [ROOT, OFFER], f"{ROOT}: "), ("sdp2jingle", 65, [bad, OFFER, "/nonexistent"], str(bad))]:
            with self.subTest(files=files):
                outcome = carillon(command, *files)
                self.assertEqual(outcome.code, code)
                self.assertTrue(outcome.err.startswith(named), outcome.err)
                self.assertEqual(outcome.out, self.good(command, OFFER))

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([CARILLON, "sdp2jingle", str(OFFER)], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 74)


class Explain(Case):
    def rows(self, *arguments, text=""):
        return json.loads(self.good("explain", "--json", *arguments, text=text))["lines"]

    def test_it_fits_100_columns(self):
        inputs = [*sorted(DATA.glob("corpus/*/*video*.sdp"))[:40], *sorted(DATA.glob("jingle/stanza-*.xml")), *sorted(DATA.glob("vectors/*.sdp"))]
        refused = carillon("explain", *inputs).err
        inputs = [path for path in inputs if f"{path}:" not in refused]
        self.assertGreater(len(inputs), 60)
        for profile in [(), ("--for", "movim")]:
            for line in carillon("explain", *profile, *inputs).out.splitlines():
                if not line.endswith((".sdp", ".xml")):
                    self.assertLessEqual(len(line), 100, line)
        self.assertTrue(all(len(line) <= 100 for line in self.good("explain", "--help").split("DESCRIPTION")[1].splitlines()))

    def test_every_line_of_sdp_is_there(self):
        lines = OFFER.read_text().splitlines()
        rows = self.rows(OFFER)
        self.assertEqual([row["input"] for row in rows], lines)
        self.assertEqual([row["line"] for row in rows], list(range(1, len(lines) + 1)))
        by_line = {row["input"].split(":")[0]: row for row in rows}
        self.assertEqual(by_line["a=fingerprint"]["target"], "<fingerprint hash> in transport")
        self.assertEqual(by_line["a=fingerprint"]["specification"], "XEP-0320")
        self.assertEqual(by_line["a=rtcp-rsize"]["fate"], "carried")
        self.assertEqual(rows[1]["fate"], "remembered")

    def test_json_of_every_file_is_json(self):
        files = [*sorted(DATA.glob("vectors/*.sdp")), *sorted(DATA.glob("vectors/*.xml"))]
        documents = [json.loads(line) for line in carillon("explain", "--json", *files).out.splitlines()]
        self.assertGreater(len(documents), 60)
        fates = {row["fate"] for document in documents for row in document["lines"]}
        self.assertLessEqual(fates, {"translated", "carried", "implied", "remembered", "left-out"})
        self.assertEqual({document["kind"] for document in documents}, {"sdp", "jingle"})

    def test_json_of_strange_text_is_json(self):
        strange = 'a=x:"\\ \u00fc \U0001f600'
        self.assertEqual(self.rows(text=OFFER.read_text().rstrip() + f"\r\n{strange}\r\n")[-1]["input"], strange)
        xml = self.good("sdp2jingle", OFFER).replace("sid='sdp2jingle'", "sid='s' x='&#10;&quot;\\&#x85;'")
        self.assertIn("x='\n\"\\\x85'", [row["input"] for row in self.rows(text=xml)])

    def test_what_stands_in_xml_cannot_forge_a_row(self):
        xml = self.good("sdp2jingle", OFFER).replace("sid='sdp2jingle'", "sid='s' x='1&#10;   2  a=forged'")
        lines = self.good("explain", text=xml).splitlines()
        self.assertEqual([line for line in lines if re.match(r" *2  a=forged", line)], [])
        self.assertEqual(len([line for line in lines if "a=forged" in line]), 1)

    def test_a_profile_marks_what_it_loses(self):
        lost = {row["input"]: row["lost"] for row in self.rows("--for", "conversations", OFFER) if row["lost"]}
        self.assertIn("a=rtcp-rsize", lost)
        self.assertIn("carried", lost["a=rtcp-rsize"])
        self.assertEqual([row for row in self.rows("--for", "carillon", OFFER) if row["lost"]], [])
        self.assertIn("! conversations: ", self.good("explain", "--for", "conversations", OFFER))
        self.fails(64, "explain", "--for", "nobody", OFFER)
        self.assertIn("conversations", self.good("explain", "--for", "help"))

    def test_elements_and_attributes_of_xml(self):
        rows = self.rows(DATA / "jingle/dino042-audio.xml")
        self.assertEqual(rows[0]["input"], "<jingle>")
        self.assertEqual(rows[0]["line"], 24)
        fingerprint = next(row for row in rows if row["input"] == "<fingerprint>")
        self.assertEqual((fingerprint["target"], fingerprint["specification"]), ("a=fingerprint", "XEP-0320"))
        self.assertEqual(next(row for row in rows if row["input"].startswith("sid="))["fate"], "remembered")

    def test_the_document_has_this_table(self):
        text = (ROOT / "docs/mapping.md").read_text()
        between = text.split("<!-- table: carillon explain --table -->\n")[1].split("<!-- end of table -->")[0]
        self.assertEqual(between, self.good("explain", "--table"))


class Help(Case):
    def test_each_command_explains_itself(self):
        for command in ["sdp2jingle", "jingle2sdp", "explain"]:
            with self.subTest(command=command):
                text = self.good(command, "--help")
                for section in ["DESCRIPTION", "EXIT STATUS", "EXAMPLES", "--config"]:
                    self.assertIn(section, text)

    def test_no_configuration_is_read(self):
        for command, path in [("sdp2jingle", OFFER), ("explain", OFFER)]:
            self.good(command, "-c", "/nonexistent", path)


class Demo(unittest.TestCase):
    def test_says_where_to_go_and_nothing_else(self):
        with tempfile.TemporaryDirectory() as directory:
            errors = pathlib.Path(directory) / "errors"
            with open(errors, "wb") as stderr, subprocess.Popen(
                    [CARILLON, "demo", "--embedded"], stdout=subprocess.PIPE, stderr=stderr, text=True,
                    env={**os.environ, "TMPDIR": directory}) as demo:
                try:
                    lines = []
                    for line in demo.stdout:
                        lines.append(line.rstrip())
                        if line.startswith("Ctrl-C"):
                            break
                    demo.send_signal(signal.SIGINT)
                    self.assertEqual(demo.wait(30), 0)
                finally:
                    demo.kill()
            self.assertEqual(errors.read_text(), "")
            self.assertEqual([path.name for path in pathlib.Path(directory).iterdir()], ["errors"])
        shown = [line for line in lines if "http://" in line]
        self.assertEqual(len(shown), 3, lines)
        for line, pattern in zip(shown, (r"alice +http://127\.0\.0\.1:\d+/#token=\S+$", r"bob +http://127\.0\.0\.1:\d+/#token=\S+$",
                                         r"a guest calls bob: http://127\.0\.0\.1:\d+/c#\S{22}$")):
            self.assertRegex(line, pattern)


class RoundTrip(Case):
    def files(self):
        files = sorted(DATA.glob("corpus/*/*.sdp"))
        self.assertGreater(len(files), 300)
        return files

    def check(self, title, comparison):
        print("\n" + "\n".join(f"summary: {line}" for line in f"{title}: {comparison.summary()}".splitlines()))
        self.assertEqual(comparison.lost, [])

    def test_no_line_of_the_corpus_is_lost(self):
        self.check("SDP -> session-initiate -> SDP", round_trip.compare_files(CARILLON, self.files()))

    def test_no_line_of_an_answer_is_lost(self):
        answers = [path for path in self.files() if ".answer" in path.name]
        self.check("SDP -> session-accept -> SDP", round_trip.compare_files(CARILLON, answers, ["--action", "session-accept"]))

    def test_with_the_offer_an_answer_keeps_its_m_lines(self):
        comparison = round_trip.Comparison()
        # Two processes each: some here, all of them by the units of the translation.
        for path in [path for path in self.files() if path.name.endswith(".answer.sdp")][::4]:
            offer = str(path).replace(".answer.sdp", ".offer.sdp")
            after = round_trip.translate(CARILLON, [path], ["--action", "session-accept", "--offer", offer], ["--offer", offer])[0]
            before = path.read_bytes().decode()
            comparison.compare(str(path), before, after)
            m_lines = [[line.split()[:3] for line in text.splitlines() if line.startswith("m=")] for text in (before, after)]
            self.assertEqual(m_lines[0], m_lines[1], path)
        self.check("SDP -> session-accept -> SDP, with the offer", comparison)

    def test_a_second_round_changes_nothing(self):
        files = self.files()[::10]
        first = round_trip.translate(CARILLON, files)
        paths = [self.write("first.sdp", text) for text in first]
        self.assertEqual(round_trip.translate(CARILLON, paths), first)

    def test_a_lost_line_would_be_seen(self):
        comparison = round_trip.Comparison()
        text = OFFER.read_text()
        comparison.compare("x", text, text.replace("a=rtcp-rsize\r\n", "").replace("a=rtcp-rsize\n", ""))
        self.assertEqual(len(comparison.lost), 2)


if __name__ == "__main__":
    result = unittest.main(verbosity=2, exit=False).result
    failed = len({case for case, _ in result.failures + result.errors})
    print(f"{result.testsRun - failed} passed, {failed} failed, {len(result.skipped)} skipped")
    sys.exit(0 if result.wasSuccessful() else 1)
