"""The browser's microphone: on a page of its own, where a script plays the kernel, and in the real JupyterLab.

The microphone is Chromium's fake one, which plays a known file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from browser.lab_page import (
    KERNEL_IS_THERE,
    MINUTE,
    ROOT,
    SHOTS,
    cell,
    find_browser,
    open_notebook,
    opened_browser,
    read,
    run_all,
)

from audiocourse import signal, sounds
from audiocourse.asr.scoring import word_errors
from audiocourse.learn.display import widget as widgets
from audiocourse.learn.files.notebook import read_notebook
from audiocourse.sounds.speech.dialogues import Dialogue

DISPLAY = Path(widgets.__file__).parent
ALLOWED = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
SR = 16_000
DEVICE_SR = 48_000

# A model as anywidget gives it to a script: what is sent is kept, and a test can speak for the kernel with `emit`.
PAGE = """<!doctype html><meta charset="utf-8"><div id="a"></div><div id="b"></div><script type="module">
import widget from "/widget.js";
window.sent = [];
window.listeners = {};
const model = {
  get: (name) => STATE[name],
  on: (name, call) => (listeners[name] ||= []).push(call),
  off: (name, call) => listeners[name].splice(listeners[name].indexOf(call), 1),
  send(content, _, buffers) {
    if (window.kernelGone) throw new Error("Cannot send");
    sent.push({ ...content, bytes: buffers[0]?.byteLength ?? 0 });
  },
};
window.emit = (name, ...values) => listeners[name].forEach((call) => call(...values));
window.remove = await widget.render({ model, el: document.getElementById("a") });
widget.render({ model: { ...model }, el: document.getElementById("b") });
</script>"""


RESTART = "window.kernelGone = true; emit('comm_live_update')"


@pytest.fixture(scope="module")
def dialogue() -> Dialogue:
    """The dialogue of 02f_streaming: two sentences with silence around them."""
    voices = sounds.speakers("en", split="test")
    rng = np.random.default_rng(8)
    speakers = [voices[9], voices[0]]
    return sounds.dialogue(rng=rng, speakers=speakers, turns=2, overlap=0.0, pause=(1.0, 1.2), split="test")


@pytest.fixture(scope="module")
def browser(dialogue: Dialogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser with a microphone that is allowed, and that hears the dialogue once."""
    path = tmp_path_factory.mktemp("fake") / "microphone.wav"
    signal.write(path, signal.resample(dialogue.y, SR, DEVICE_SR), DEVICE_SR)
    with opened_browser([*ALLOWED, f"--use-file-for-fake-audio-capture={path}%noloop"]) as browser:
        yield browser


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open two widgets of a kind in a page, whose kernel is a script."""
    contexts = []

    def opener(
        script: str, *, origin: str = "http://localhost", before: str = "", within: Any = None, **state: Any
    ) -> Any:
        source = "\n".join((DISPLAY / name).read_text(encoding="utf-8") for name in ("microphone.js", script))
        context = (within or browser).new_context()
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(f"window.STATE = {state!r};{before}")
        page.route("**/widget.js", lambda route: route.fulfill(body=source, content_type="text/javascript"))
        page.route(f"{origin}/", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        page.goto(f"{origin}/")
        page.wait_for_function("window.remove")
        return page

    yield opener
    for context in contexts:
        context.close()


def recorder(opened: Any, **options: Any) -> Any:
    return opened("recorder.js", **{"seconds": 1, "name": "mine", **options})


def captions(opened: Any, **options: Any) -> Any:
    return opened("live.js", **{"label": "Captions", "max_waiting": 3, **options})


def status(page: Any, number: int = 0) -> Any:
    return page.get_by_role("status").nth(number)


def rejecting(name: str) -> str:
    return f"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{name}'); }};"


@pytest.mark.parametrize("kind", [recorder, captions])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"before": rejecting("NotFoundError")}, "There is no microphone"),
        ({"before": rejecting("NotReadableError")}, "close other programs"),
        ({"origin": "http://insecure.example"}, "https"),
    ],
    ids=["no microphone", "in use", "insecure origin"],
)
def test_without_a_microphone_there_is_one_sentence(
    opened: Any, kind: Callable[..., Any], options: dict[str, Any], words: str
) -> None:
    page = kind(opened, **options)
    page.get_by_role("button").first.click()
    status(page).filter(has_text=words).wait_for()
    assert page.evaluate("sent") == []
    page.get_by_role("button").first.click()  # the microphone is free again
    assert words in status(page).text_content()


def test_refusing_the_microphone_gives_a_sentence(browser: Any, opened: Any) -> None:
    flags = ["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream"]
    strict = browser.browser_type.launch(executable_path=find_browser(), args=flags)
    try:
        page = recorder(opened, within=strict)
        page.get_by_role("button", name="Record").first.click()
        status(page).filter(has_text="The browser blocks the microphone").wait_for()
    finally:
        strict.close()


def test_a_recording_ends_at_its_upper_length_and_is_trimmed(opened: Any) -> None:
    page = recorder(opened)
    page.get_by_role("button", name="Record").first.click()
    page.wait_for_function("sent.length")
    (part,) = page.evaluate("sent")
    assert (part["index"], part["of"], part["bytes"]) == (0, 1, 4 * part["sr"])
    page.evaluate("emit('msg:custom', {kind: 'stored', text: 'mine.wav is stored.'})")
    assert status(page).text_content() == "mine.wav is stored."
    page.get_by_label("start in seconds").first.fill("0.25")
    page.get_by_label("end in seconds").first.fill("0.75")
    page.get_by_role("button", name="Keep only this part").first.click()
    assert page.evaluate("sent.at(-1).bytes") == 2 * part["sr"]
    assert page.get_by_role("button", name="Record again").is_enabled()


def test_a_second_recording_at_once_is_refused_and_the_first_goes_on(opened: Any) -> None:
    page = recorder(opened)
    first, second = page.get_by_role("button").all()[:2]
    first.click()
    page.get_by_role("button", name="Stop").wait_for()
    second.click()
    assert "This page is listening already" in status(page, 1).text_content()
    page.wait_for_function("sent.length")
    assert page.evaluate("sent[0].bytes / 4 / sent[0].sr") == 1


def test_a_kernel_that_is_gone_leaves_the_recording_in_the_page(opened: Any, tmp_path: Path) -> None:
    page = recorder(opened, seconds=5)
    page.get_by_role("button", name="Record").first.click()
    page.get_by_role("button", name="Stop").wait_for()
    page.wait_for_timeout(500)
    page.evaluate(RESTART)
    page.get_by_role("button", name="Stop").click()
    status(page).filter(has_text="The kernel does not answer").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the recording").click()
    download.value.save_as(tmp_path / "saved.wav")
    saved = soundfile.info(tmp_path / "saved.wav")
    assert (saved.channels, saved.subtype) == (1, "FLOAT")
    assert saved.duration > 0.4
    assert page.evaluate("sent") == []


def test_a_cell_that_is_run_again_stores_what_was_recorded(opened: Any) -> None:
    page = recorder(opened, seconds=5)
    page.get_by_role("button", name="Record").first.click()
    page.get_by_role("button", name="Stop").wait_for()
    page.wait_for_timeout(300)
    page.evaluate("remove()")
    page.wait_for_function("sent.length")
    assert page.evaluate("window.audiocourseMicrophone") is None


def test_a_kernel_that_does_not_keep_up_is_not_flooded_and_the_page_says_so(opened: Any) -> None:
    page = captions(opened)
    page.get_by_role("button", name="Start").first.click()
    status(page).filter(has_text="of sound were dropped").wait_for()
    assert page.evaluate("sent.map(({ kind }) => kind)") == ["start", "chunk", "chunk", "chunk"]
    page.wait_for_timeout(500)
    page.evaluate("emit('msg:custom', {kind: 'words', words: [], pending: []})")
    page.wait_for_function("sent.length === 5")
    assert page.evaluate("sent[4].dropped") >= 0.5 * page.evaluate("sent[0].sr")


def test_final_words_get_their_latency_and_others_are_grey(opened: Any) -> None:
    page = captions(opened)
    page.get_by_role("button", name="Start").first.click()
    page.wait_for_function("sent.length === 4")  # the third block ends at 0.3 s of the stream
    words = "[{word: '<b>', start: 0, end: 0.1}, {word: 'b', start: 0.7, end: 0.2}]"
    page.evaluate(f"emit('msg:custom', {{kind: 'words', words: {words}, pending: ['c']}})")
    log = page.get_by_role("log").first
    latencies = [float(text) for text in log.locator("rt").all_text_contents()]
    assert all(0 <= latency < 2 for latency in latencies)
    assert latencies[0] >= latencies[1]
    assert log.locator("ruby").first.text_content().startswith("<b>")
    assert log.locator("p").count() == 2, "after a pause a new line begins"
    assert log.locator(".ac-pending").text_content() == "c"


def test_captions_end_when_the_kernel_is_restarted_and_can_be_stopped(opened: Any) -> None:
    page = captions(opened)
    page.get_by_role("button", name="Start").first.click()
    page.get_by_role("button", name="Stop").wait_for()
    page.evaluate(RESTART)
    status(page).filter(has_text="was it restarted?").wait_for()
    page.get_by_role("button", name="Start").first.click()
    status(page).filter(has_text="was it restarted?").wait_for()
    page.evaluate("window.kernelGone = false")
    page.get_by_role("button", name="Start").first.click()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function("sent.at(-1).kind === 'stop'")
    assert page.evaluate("window.audiocourseMicrophone") is None


# -- in the real JupyterLab, with a real kernel ------------------------------------------------------------------------
LENGTH = 4.0  # s of the recording
WITHIN_DB = 1.0  # between the octaves of the recording and of the file
LATER_BY = 1.0  # s: how much the way through the browser may add to the latency of the recogniser alone
CELLS = ("setup", "talk", "live-captions")  # of 02f_streaming: all that its captions need


@pytest.fixture(scope="module")
def lab(browser: Any, address: str, course: Path) -> Any:
    """JupyterLab on a notebook with a record button, and the live captions of 02f_streaming."""
    nb = read_notebook(ROOT / "notebooks" / "02f_streaming.ipynb")
    nb["cells"] = [cell for cell in nb["cells"] if cell["id"] in CELLS]
    for beginning in ("record", "own_recording"):
        source = f"from audiocourse.learn import {beginning}\n\n"
        source += f"record(seconds={LENGTH})" if beginning == "record" else "mine = own_recording()"
        nb["cells"].append(
            {
                "cell_type": "code",
                "id": beginning,
                "metadata": {},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
        )
    (course / "work").mkdir(exist_ok=True)
    (course / "work" / "microphone.ipynb").write_text(json.dumps(nb), encoding="utf-8")
    SHOTS.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    page.set_default_timeout(2 * MINUTE)
    page.goto(address)
    page.wait_for_selector(KERNEL_IS_THERE)
    open_notebook(page, "microphone")
    run_all(page)
    return page


def octaves_db(y: np.ndarray) -> np.ndarray:
    """Level of each octave from 125 Hz to 4 kHz."""
    power = np.abs(np.fft.rfft(y)) ** 2
    hertz = np.fft.rfftfreq(y.size, 1 / SR)
    edges = 125 * 2.0 ** np.arange(6)
    return np.array([10 * np.log10(power[(hertz >= low) & (hertz < 2 * low)].sum()) for low in edges])


def test_the_recording_arrives(lab: Any, course: Path, dialogue: Dialogue) -> None:
    """Its length is the upper length to the sample; octaves agree within 1 dB with the file at the best lag."""
    place = cell(lab, "from audiocourse.learn import record")
    place.scroll_into_view_if_needed()
    place.get_by_role("button", name="Record").click()
    place.get_by_role("status").filter(has_text="my_recording.wav is stored: 4.0 s at 16000 Hz").wait_for()
    lab.screenshot(path=SHOTS / "recording.png")
    y, sr = soundfile.read(course / "work" / "recordings" / "my_recording.wav")
    assert (y.size, sr) == (LENGTH * SR, SR)
    correlation = np.correlate(np.pad(dialogue.y, (0, SR)), y, mode="valid")
    lag = int(np.argmax(correlation))
    original = np.pad(dialogue.y, (0, SR))[lag : lag + y.size]
    assert lag < SR, "the fake microphone begins with the file"
    assert np.corrcoef(original, y)[0, 1] > 0.95
    assert octaves_db(y) == pytest.approx(octaves_db(original), abs=WITHIN_DB)
    notebook = (course / "work" / "microphone.ipynb").read_text(encoding="utf-8")
    assert len(notebook) < 20_000, "nothing of the sound is in the notebook"


def test_the_newest_recording_is_returned_beside_a_new_button(lab: Any) -> None:
    place = cell(lab, "from audiocourse.learn import own_recording")
    place.locator(".cm-content").click()
    lab.keyboard.press("Shift+Enter")
    place.get_by_text("my_recording.wav: 4.0 s, 16000 Hz, 1 channel(s)").wait_for()
    assert place.get_by_role("button", name="Record").is_visible()


@pytest.mark.parametrize("source", ["default microphone", "play the recording"])
def test_live_captions_are_right_and_not_much_later_than_the_recogniser(
    lab: Any, dialogue: Dialogue, source: str
) -> None:
    place = cell(lab, "from audiocourse.asr.streaming.recogniser")
    place.scroll_into_view_if_needed()
    place.get_by_label("microphone", exact=True).select_option(source)
    place.get_by_role("button", name="Start").click()
    log = place.get_by_role("log")
    last = dialogue.texts[-1].split()[-1].strip(".?!").lower()
    log.locator("ruby", has_text=last).wait_for()
    lab.screenshot(path=SHOTS / f"live_captions_{source.split()[0]}.png")
    if source == "default microphone":
        place.get_by_role("button", name="Stop").click()
    place.get_by_role("button", name="Start").wait_for()
    words = log.locator("ruby").evaluate_all("words => words.map(word => word.firstChild.textContent)")
    reference = sounds.normal_form(" ".join(dialogue.texts), "en")
    assert word_errors(reference, " ".join(words)).rate <= 0.1
    latency = float(read(place.locator(".ac-mic")).split("median latency ")[1].split(" s")[0])
    print(f"{source}: {len(words)} words, median latency {latency} s, of the recogniser alone {alone(dialogue):.2f} s")
    assert 0 < latency <= alone(dialogue) + LATER_BY
    assert "dropped" not in place.get_by_role("status").text_content()


def alone(dialogue: Dialogue) -> float:
    """Median latency of the recogniser of 02f_streaming, without a browser and on a computer that needs no time."""
    from audiocourse import zoo
    from audiocourse.asr.ctc.recogniser import CtcRecogniser
    from audiocourse.asr.practice.simulated_computer import simulate_stream
    from audiocourse.asr.utterances import grammar_language_model
    from audiocourse.classify.vad.stream import VadStream

    recogniser = CtcRecogniser(zoo.load("ctc-mini").model, grammar_language_model())
    detector = VadStream(zoo.load("vad-mini").model)
    run = simulate_stream(
        dialogue.y,
        SR,
        recognise=lambda y: recogniser.words(y, SR),
        is_speech=lambda y: detector.feed(y) > 1,
        step_seconds=0.3,
    )
    return run.median_latency


def test_a_kernel_that_is_restarted_while_it_records_loses_nothing(lab: Any, course: Path, tmp_path: Path) -> None:
    place = cell(lab, "from audiocourse.learn import record")
    place.scroll_into_view_if_needed()
    place.get_by_role("button", name="Record").click()
    place.get_by_role("button", name="Stop").wait_for()
    lab.keyboard.press("Escape")
    lab.click("text=Kernel >> nth=0")
    lab.click(".lm-Menu-itemLabel:text-is('Restart Kernel…')")
    lab.click(".jp-Dialog .jp-mod-accept")
    place.get_by_role("status").filter(has_text="The kernel does not answer").wait_for()
    with lab.expect_download() as download:
        place.get_by_role("link", name="Save the recording").click()
    download.value.save_as(tmp_path / "saved.wav")
    assert soundfile.info(tmp_path / "saved.wav").duration == pytest.approx(LENGTH)
    assert soundfile.info(course / "work" / "recordings" / "my_recording.wav").duration == pytest.approx(LENGTH)
