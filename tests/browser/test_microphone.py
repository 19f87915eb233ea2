"""The browser's microphone: on a page of its own, where a script plays the kernel, and in the real JupyterLab.

The microphone is Chromium's fake one, which plays a known file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from browser.lab_page import find_browser, opened_browser

from audiocourse import signal, sounds
from audiocourse.learn.display import widget as widgets
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
  send: (content, _, buffers) => sent.push({ ...content, bytes: buffers?.[0]?.byteLength ?? 0 }),
};
window.emit = (name, ...values) => listeners[name].forEach((call) => call(...values));
window.remove = await widget.render({ model, el: document.getElementById("a") });
widget.render({ model: { ...model }, el: document.getElementById("b") });
</script>"""


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
        status(page).filter(has_text="The browser refuses the microphone").wait_for()
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
    page.evaluate("emit('comm_live_update')")
    page.get_by_role("button", name="Stop").click()
    status(page).filter(has_text="The kernel does not answer").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the recording").click()
    download.value.save_as(tmp_path / "saved.wav")
    saved = soundfile.info(tmp_path / "saved.wav")
    assert (saved.channels, saved.subtype) == (1, "FLOAT")
    assert 4 * saved.frames == page.evaluate("sent[0].bytes") > 0


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
    page.evaluate("emit('comm_live_update')")
    status(page).filter(has_text="was it restarted?").wait_for()
    page.get_by_role("button", name="Start").first.click()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function("sent.at(-1).kind === 'stop'")
    assert page.evaluate("window.audiocourseMicrophone") is None
