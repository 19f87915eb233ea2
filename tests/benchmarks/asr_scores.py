"""The score board of speech recognition: made speech, a second synthesiser, and real recordings (see `LAYOUT`)."""

from __future__ import annotations

import csv
import math
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from audiocourse import zoo
from audiocourse.asr.ctc.recogniser import CtcRecogniser
from audiocourse.asr.scoring import character_error_rate, character_errors, word_error_rate
from audiocourse.asr.utterances import HELD_OUT, LANGUAGES, SR, grammar_language_model, utterance
from audiocourse.asr.whisper.published import Whisper, transcribe
from audiocourse.signal import FloatArray, read, resample, to_mono
from audiocourse.sounds import COLORS, mix, noise, normal_form, sentence, silence, speakers

LAYOUT = "asr_misc/ and ljspeech32/ with labels.csv (file, text), fsdd/?_*_*.wav, yesno/?_?_?_?_?_?_?_?.flac"
FLITE_VOICES = ("slt", "rms", "awb", "kal")
SNRS = (20.0, 10.0, 5.0)
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
Recogniser = Callable[[FloatArray], str]


@dataclass(frozen=True, eq=False)
class Clip:
    """A sound at 16 kHz, what is said in it, and the group it is counted in."""

    y: FloatArray
    text: str
    group: str


def tables(data: Path | None, *, utterances: int = 300) -> Iterator[str]:
    """Yield the tables; what is not there is left out with a sentence.

    Parameters
    ----------
    data : Path or None
        Folder with the real recordings.
    utterances : int
        How many made utterances are recognised.
    """
    hears = recognisers()
    yield made_table(hears, utterances)
    yield language_table(utterances)
    title = "Recordings of 35 s, sentence after sentence by one of the 30 voices, word errors in %"
    yield error_table(title, hears, long_clips(max(5, utterances // 20)))
    if shutil.which("flite"):
        title = "English by a second synthesiser (flite, sentences never trained on), word errors in %"
        yield error_table(title, hears, flite_clips(60))
    else:
        yield "A second synthesiser is not measured: the command flite is not installed."
    if data is None or not (data / "asr_misc" / "labels.csv").is_file():
        yield f"Real speech is measured on real recordings only: --data DIR, with {LAYOUT}."
        return
    yield error_table("Real recordings, word errors in %: most of their words were never trained", hears, real(data))
    yield trained_on_real(data)


def recognisers() -> dict[str, Recogniser]:
    """Make the recognisers that are compared."""
    net = zoo.load("ctc-mini").model
    plain, guided = CtcRecogniser(net), CtcRecogniser(net, grammar_language_model())
    whisper = Whisper.of(zoo.load("whisper-mini"))
    return {
        "ctc-mini, best path": lambda y: plain.text(y, SR),
        "ctc-mini, beam + 6-gram": lambda y: guided.text(y, SR),
        "whisper-mini": lambda y: transcribe(y, SR, whisper=whisper).text,
    }


def made_clips(count: int) -> list[Clip]:
    """Make utterances by the 30 people, with the sentences, that training never met; the group is the voice group."""
    made = [
        utterance(np.random.default_rng([177, number]), language=LANGUAGES[number % len(LANGUAGES)], split="test")
        for number in range(count)
    ]
    return [Clip(one.y, one.text, f"{one.language} {one.speaker.group}") for one in made]


def long_clips(count: int) -> list[Clip]:
    """Let one of the unseen people say unseen sentences for 35 s; the group is the language."""
    clips = []
    for number in range(count):
        rng, language = np.random.default_rng([179, number]), LANGUAGES[number % len(LANGUAGES)]
        people = [one for one in speakers(language) if one.split in HELD_OUT]
        somebody, parts, said = people[number % len(people)], [], []
        while sum(part.size for part in parts) < 35 * SR:
            text = sentence(rng, language, split="test")
            parts += [somebody.say(text.text, seed=len(parts), sr=SR).y, silence(float(rng.uniform(0.2, 0.6)), SR)]
            said.append(text.normal)
        clips.append(Clip(np.concatenate(parts), " ".join(said), language))
    return clips


def in_noise(clip: Clip, snr_db: float, seed: int) -> Clip:
    """Add noise of one of five colours."""
    rng = np.random.default_rng([78, seed])
    color = tuple(COLORS)[seed % len(COLORS)]
    added = noise(color, seconds=clip.y.size / SR + 0.1, sr=SR, rng=rng)[: clip.y.size]
    return Clip(mix(clip.y, added, snr_db=snr_db).y, clip.text, f"{snr_db:g} dB")


def made_table(hears: dict[str, Recogniser], count: int) -> str:
    """Word errors on made speech: clean, by language, by voice group, in noise; and the time it takes."""
    clean = made_clips(count)
    groups = [*LANGUAGES, "high", "low"]
    lines = [f"{count} made utterances (espeak-ng), 30 unseen voices, unseen sentences: word errors in %"]
    header = f"{'':<26} letters   all {' '.join(f'{group:>5}' for group in groups)}"
    lines.append(f"{header} {' '.join(f'{snr:g} dB'.rjust(6) for snr in SNRS)}  real-time factor")
    for name, recognise in hears.items():
        begin = time.process_time()
        texts = [recognise(clip.y) for clip in clean]
        factor = (time.process_time() - begin) / sum(clip.y.size / SR for clip in clean)
        letters = 100 * character_error_rate([clip.text for clip in clean], texts)
        cells = [rate(clean, texts), *(rate(clean, texts, group) for group in groups)]
        for snr in SNRS:
            noisy = [in_noise(clip, snr, number) for number, clip in enumerate(clean[: max(10, count // 2)])]
            cells.append(rate(noisy, [recognise(clip.y) for clip in noisy]))
        shown = " ".join(f"{cell:5.1f}" for cell in cells[:-3]) + " " + " ".join(f"{cell:6.1f}" for cell in cells[-3:])
        lines.append(f"{name:<26} {letters:7.1f} {shown} {factor:10.3f}")
    lines.append(
        "The 6-gram of letters was counted on training sentences of the same grammars (some 200 words a language)."
    )
    return "\n".join(lines)


def rate(clips: Sequence[Clip], texts: Sequence[str], group: str = "") -> float:
    """Return the word error rate in %, of the clips whose group has that word in its name."""
    pairs = [
        (clip.text, text) for clip, text in zip(clips, texts, strict=True) if not group or group in clip.group.split()
    ]
    return 100 * word_error_rate([clip for clip, _ in pairs], [text for _, text in pairs]) if pairs else np.nan


def language_table(count: int) -> str:
    """How often whisper-mini knows which language is spoken."""
    whisper, right = Whisper.of(zoo.load("whisper-mini")), Counter[str]()
    clips = made_clips(count)
    for clip in clips:
        right[clip.group[:2]] += transcribe(clip.y, SR, whisper=whisper).language == clip.group[:2]
    cells = " ".join(f"{language} {right[language]}" for language in LANGUAGES)
    share = 100 * right.total() / len(clips)
    return f"Their language by whisper-mini: {share:.1f} % right (of {count // 5} each: {cells}; chance is 20 %)"


def flite_clips(count: int) -> list[Clip]:
    """Let flite say English sentences: voices, and a synthesiser, that no training has heard."""
    clips = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.wav"
        for number in range(count):
            text, voice = sentence(np.random.default_rng([79, number]), "en", split="test"), FLITE_VOICES[number % 4]
            subprocess.run(["flite", "-voice", voice, "-t", text.text, "-o", str(path)], check=True)
            heard = read(path)
            clips.append(Clip(resample(heard.y, heard.sr, SR), text.normal, voice))
    return clips


def real(data: Path) -> list[Clip]:
    """Read the recordings of people: read English, spoken digits, mono, at 16 kHz."""
    clips = []
    for name in ("asr_misc", "ljspeech32"):
        with (data / name / "labels.csv").open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                text = normal_form(
                    row.get("normalized_text", row["text"]).translate(str.maketrans("", "", '()[]"')), "en"
                )
                clips.append(Clip(loaded(data / name / row["file"]), text, name))
    paths = sorted((data / "fsdd").glob("?_*_*.wav"))[::20]
    return clips + [Clip(loaded(path), DIGITS[int(path.name[0])], "fsdd") for path in paths]


def loaded(path: Path) -> FloatArray:
    """Read a recording, mix its channels, and bring it to 16 kHz."""
    heard = read(path)
    mono = to_mono(heard.y) if heard.y.ndim == 2 else heard.y
    return resample(mono, heard.sr, SR)


def error_table(title: str, hears: dict[str, Recogniser], clips: Sequence[Clip]) -> str:
    """Word errors by group."""
    groups = list(dict.fromkeys(clip.group for clip in clips))
    sizes = Counter(clip.group for clip in clips)
    lines = [title, f"{'':<26} {' '.join(f'{group} ({sizes[group]})'.rjust(16) for group in groups)}"]
    for name, recognise in hears.items():
        texts = [recognise(clip.y) for clip in clips]
        lines.append(f"{name:<26} {' '.join(f'{rate(clips, texts, group):16.1f}' for group in groups)}")
    return "\n".join(lines)


def trained_on_real(data: Path) -> str:
    """Train the network of ctc-mini, smaller, on real recordings: yesno files apart, FSDD speakers apart."""
    words = {"0": "lo", "1": "ken"}
    files = sorted((data / "yesno").glob("?_?_?_?_?_?_?_?.flac"))
    yesno = [Clip(loaded(path), " ".join(words[one] for one in path.stem.split("_")), "yesno") for path in files]
    paths = sorted((data / "fsdd").glob("?_*_*.wav"))
    fsdd = [Clip(loaded(path), DIGITS[int(path.name[0])], path.name.split("_")[1]) for path in paths]
    speakers = sorted({clip.group for clip in fsdd})
    splits = {f"yesno, {len(yesno) - 10} files, 10 others tested": (yesno[:-10], yesno[-10:], 60, 2)}
    for speaker in speakers:
        apart = [clip for clip in fsdd if clip.group != speaker]
        splits[f"FSDD, {speaker} apart"] = (apart, [clip for clip in fsdd if clip.group == speaker], 20, 8)
    lines = ["A CTC network of 117 thousand weights trained on real recordings: word errors in %"]
    lines.append(f"{'':<36} as spelt  nearest known word  always the most frequent word")
    for name, (train, test, epochs, batch) in splits.items():
        recognise = small_recogniser(train, epochs, batch)
        often = Counter(word for clip in train for word in clip.text.split()).most_common(1)[0][0]
        guesses = [" ".join([often] * len(clip.text.split())) for clip in test]
        spelt = [recognise(clip.y) for clip in test]
        known = sorted({word for clip in train for word in clip.text.split()})
        nearest = [" ".join(min(known, key=partial(_apart, word)) for word in text.split()) for text in spelt]
        cells = (rate(test, spelt), rate(test, nearest), rate(test, guesses))
        lines.append(f"{name:<36} {cells[0]:8.1f} {cells[1]:19.1f} {cells[2]:12.1f}")
    return "\n".join(lines)


def _apart(one: str, other: str) -> int:
    return character_errors(one, other).errors


def small_recogniser(clips: Sequence[Clip], epochs: int, batch: int) -> Recogniser:
    """Train from nothing, always for so many epochs: nothing is chosen by looking at the test."""
    from audiocourse.asr.ctc.model import CtcConfig, CtcNet, ctc_features
    from audiocourse.asr.training.ctc_mini import Batch, collate, loss
    from audiocourse.zoo.augment import spec_augment
    from audiocourse.zoo.batching import batches_by_length

    symbols = ("", *sorted(set("".join(clip.text for clip in clips))))
    with zoo.seeded(1):
        model = CtcNet(CtcConfig(tuple(symbols), units=48))
    features = [ctc_features(clip.y).T for clip in clips]
    labels = [np.array([symbols.index(letter) for letter in clip.text]) for clip in clips]

    def batches(epoch: int) -> Iterator[Batch]:
        rng = np.random.default_rng([1, epoch])
        for chosen in batches_by_length([len(x) for x in features], rng, batch_size=batch):
            yield collate([spec_augment(features[i], rng) for i in chosen], [labels[i] for i in chosen])

    steps = epochs * math.ceil(len(clips) / batch)
    schedule = zoo.warm_up_then_cosine(steps, warm_up=steps // 10)
    zoo.fit(model, batches, loss=loss, epochs=epochs, seed=1, learning_rate=3e-3, schedule=schedule, log=lambda _: None)
    recogniser = CtcRecogniser(model)
    return lambda y: recogniser.text(y, SR)
