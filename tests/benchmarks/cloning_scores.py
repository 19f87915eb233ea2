"""The score board of cloning: consent, watermark, detection and similarity, on synthetic and on real speech.

PESQ and STOI of the marked speech are measured where the packages pesq and pystoi are installed, MP3 at 64 kbit/s where
the command ffmpeg is.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

from audiocourse import zoo
from audiocourse.asr.ctc.model import log_probabilities
from audiocourse.signal import FloatArray, istft, read, resample, snr_db, stft, to_mono, write
from audiocourse.signal.griffin_lim import griffin_lim
from audiocourse.sounds import normal_form, sentence, speakers, vary_speed
from audiocourse.tts.cloning import consent, detection, similarity, watermark
from audiocourse.tts.mel import MEL, log_mel, magnitudes

LAYOUT = "ljspeech32/, prompts5/ and asr_misc/: recordings, and labels.csv with the columns file and text"
SR = 16_000
SPEAKERS = 18  # of the test, at most
TRAINING_SPEAKERS = 33  # for the detector
KEY = "the key of this board"
LONGEST = 12  # s
Change = Callable[[FloatArray], FloatArray]


def tables(data: Path | None) -> Iterator[str]:
    """Yield the tables; what is not there is left out of them with a sentence.

    Parameters
    ----------
    data : Path or None
        Folder with the real recordings.
    """
    real = read_real(data / "ljspeech32")[0] if data is not None and (data / "ljspeech32").is_dir() else []
    sets = {"synthetic, test speakers": synthetic_clips()} | ({"LJ Speech, a real reader": real} if real else {})
    yield consent_table()
    if real and data is not None:
        yield real_words_table(data)
    yield watermark_table(sets)
    yield detection_table(sets)
    yield similarity_table()
    if not real:
        yield f"Real recordings are measured with --data DIR, with {LAYOUT}."


@cache
def spoken_sentences() -> dict[str, list[FloatArray]]:
    """Let each test speaker read six sentences, at most 18 speakers."""
    clips = {}
    for number, speaker in enumerate(speakers("en", split="test")[:SPEAKERS]):
        rng = np.random.default_rng([5, number])
        clips[speaker.name] = [speaker.say(sentence(rng, "en").text, seed=take, sr=SR).y for take in range(6)]
    return clips


def synthetic_clips() -> list[FloatArray]:
    """Return two sentences of each test speaker as one clip."""
    return [np.concatenate(clips[:2]) for clips in spoken_sentences().values()]


def read_real(folder: Path) -> tuple[list[FloatArray], list[str]]:
    """Read English recordings of two to twelve seconds at 16 kHz, and their words in normal form."""
    clips, texts = [], []
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("language", "en") != "en" or re.search(r"\d", row["text"]):
                continue
            recording = read(folder / row["file"])
            y = to_mono(recording.y) if recording.y.ndim == 2 else recording.y
            y = resample(y, recording.sr, SR)
            if 2 * SR <= y.size <= LONGEST * SR:
                clips.append(y)
                texts.append(" ".join(re.sub("[^a-z' ]", " ", row["text"].lower()).split()))
    return clips, texts


def phrase_scores(y: FloatArray, sr: int, texts: Sequence[str]) -> FloatArray:
    """log p(text | y) of each text by `ctc-mini`, in nats."""
    net = zoo.load("ctc-mini").model
    symbols = {symbol: number for number, symbol in enumerate(net.symbols)}
    log_probs = torch.from_numpy(log_probabilities(y, sr, model=net))[:, None]
    scores = []
    for text in texts:
        labels = torch.tensor([[symbols[letter] for letter in normal_form(text, "en")]])
        lengths = [torch.tensor([size]) for size in (len(log_probs), labels.shape[1])]
        scores.append(-float(torch.nn.functional.ctc_loss(log_probs, labels, *lengths, reduction="sum")))
    return np.array(scores)


def margin(y: FloatArray, phrase: str) -> float:
    """Measure how much likelier the code words of the phrase are than others."""
    scores = phrase_scores(y, SR, [phrase, *consent.decoy_phrases(phrase)])
    return consent.phrase_margin(float(scores[0]), scores[1:].reshape(consent.CODE_WORDS, -1))


def consent_table(*, takes: int = 2) -> str:
    """Share of the recordings that the check of the phrase accepts, by what was spoken."""
    lines = [
        f"Consent (synthetic): recordings accepted with ctc-mini, margin of at least {consent.MIN_MARGIN:g} nats",
        f"{'what was read':<36} {'n':>4} accepted  margin: 5th, 50th, 95th percentile",
    ]
    for what in ("the phrase", "another phrase", "the statement alone", "two other sentences"):
        for split in ("validation", "test"):
            found = np.array(list(_margins(what, split, takes)))
            shares = "  ".join(f"{value:6.1f}" for value in np.percentile(found, [5, 50, 95]))
            accepted = np.mean(found >= consent.MIN_MARGIN)
            lines.append(f"{what + ', ' + split + ' speakers':<36} {len(found):4d} {accepted:8.3f}  {shares}")
    return "\n".join(lines)


def _margins(what: str, split: str, takes: int) -> Iterator[float]:
    for number, speaker in enumerate(speakers("en", split=split)[:SPEAKERS]):
        for take in range(takes):
            rng = np.random.default_rng([21, number, take])
            phrase = consent.consent_phrase(rng)
            spoken = {
                "the phrase": phrase,
                "another phrase": consent.consent_phrase(rng),
                "the statement alone": "I agree that this course clones my voice.",
                "two other sentences": f"{sentence(rng, 'en').text} {sentence(rng, 'en').text}",
            }
            yield margin(speaker.say(spoken[what], seed=take, sr=SR).y, phrase)


def real_words_table(data: Path) -> str:
    """Replace each of the last three words of real sentences, as decoys do with the code words."""
    lines = [
        "The same decision on real speech: the last three words against 21 others of the same length at each place",
        f"{'recordings':<14} {'n':>4}  true words accepted  wrong words accepted",
    ]
    for name in ("ljspeech32", "prompts5", "asr_misc"):
        if (data / name).is_dir():
            true, wrong = (np.array(list(_real_margins(data / name, wrong=wrong))) for wrong in (False, True))
            shares = [np.mean(values >= consent.MIN_MARGIN) for values in (true, wrong)]
            lines.append(f"{name:<14} {len(true):4d}  {shares[0]:19.3f}  {shares[1]:20.3f}")
    return "\n".join(lines)


def _real_margins(folder: Path, *, wrong: bool) -> Iterator[float]:
    clips, texts = read_real(folder)
    vocabulary = sorted({word for text in texts for word in text.split()} | set(consent._phrases().words))
    rng = np.random.default_rng(5)

    def other(word: str) -> str:
        alike = [each for each in vocabulary if each != word and abs(len(each) - len(word)) <= 1]
        return alike[int(rng.integers(len(alike)))]

    for y, text in zip(clips, texts, strict=True):
        words = text.split()
        if len(words) < 6:
            continue
        if wrong:
            words[-3:] = [other(word) for word in words[-3:]]
        decoys = [
            " ".join([*words[:place], other(words[place]), *words[place + 1 :]])
            for place in range(len(words) - 3, len(words))
            for _ in range(21)
        ]
        scores = phrase_scores(y, SR, [" ".join(words), *decoys])
        yield consent.phrase_margin(float(scores[0]), scores[1:].reshape(3, 21))


def mp3(y: FloatArray) -> FloatArray:
    """Encode as MP3 and decode: ffmpeg at 64 kbit/s, or libsndfile's own rate where there is no ffmpeg."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.mp3")
        if shutil.which("ffmpeg"):
            wav = path.with_suffix(".wav")
            write(wav, y, SR)
            subprocess.run(["ffmpeg", "-loglevel", "error", "-i", wav, "-b:a", "64k", path], check=True)
        else:
            write(path, y, SR)
        return read(path).y


def telephone(y: FloatArray) -> FloatArray:
    """Resample to 8 kHz and back."""
    return resample(resample(y, SR, 8_000), 8_000, SR)


def with_noise(y: FloatArray) -> FloatArray:
    """Add white noise 30 dB below the speech."""
    noise = np.random.default_rng(1).normal(0, np.sqrt(np.mean(y**2)) * 10 ** (-30 / 20), y.size)
    return (y + noise).astype(np.float32)


def two_seconds(y: FloatArray) -> FloatArray:
    """Cut out two seconds that begin somewhere."""
    return y[3_777 : 3_777 + 2 * SR]


def copied(y: FloatArray, iterations: int = 16) -> FloatArray:
    """Send it through the mel spectrogram and Griffin-Lim."""
    return detection.copy_synthesis(y, SR, rng=np.random.default_rng(0), iterations=iterations)


CHANGES: dict[str, Change] = {
    "nothing": lambda y: y,
    "two seconds cut out": two_seconds,
    "MP3": mp3,
    "MP3 of two seconds": lambda y: mp3(two_seconds(y)),
    "8 kHz and back": telephone,
    "noise at 30 dB": with_noise,
    "a fifth of the amplitude": lambda y: 0.2 * y,
    "8 kHz, noise, two seconds": lambda y: two_seconds(with_noise(telephone(y))),
    "4 % faster (not promised)": lambda y: vary_speed(y, 1.04),
    "mel spectrogram and Griffin-Lim": copied,
}


def watermark_table(sets: dict[str, list[FloatArray]]) -> str:
    """Share of the marks that are found after each change, and false alarms with 20 other keys on each clip."""
    lines = [f"Watermark, share found; sets: {', '.join(f'{name} ({len(clips)})' for name, clips in sets.items())}"]
    long = {name: [y for y in clips if y.size > 2.3 * SR] for name, clips in sets.items()}
    marked = {name: [watermark.mark(y, SR, KEY) for y in clips] for name, clips in long.items()}
    for change, function in CHANGES.items():
        scores = [[watermark.detect_mark(function(y), SR, KEY) for y in clips] for clips in marked.values()]
        cells = (f"{np.mean([s.found for s in each]):.3f} (z {np.median([s.z for s in each]):.1f})" for each in scores)
        lines.append(f"{change:<38} {'  '.join(cells)}")
    for name, clips in {"unmarked": long, "marked with another key": marked}.items():
        alarms = [
            watermark.detect_mark(two_seconds(y), SR, f"wrong {key}")
            for each in clips.values()
            for y in each
            for key in range(20)
        ]
        share = np.mean([alarm.found for alarm in alarms])
        lines.append(f"false alarms, {name}: {share:.5f} of {len(alarms)}, largest z {max(a.z for a in alarms):.2f}")
    for name in long:
        pairs = list(zip(long[name], marked[name], strict=True))
        level = np.mean([snr_db(y, changed) for y, changed in pairs])
        lines.append(f"{name}: {level:.1f} dB above the change{_quality(pairs)}")
    return "\n".join(lines)


def _quality(pairs: list[tuple[FloatArray, FloatArray]]) -> str:
    if not (find_spec("pesq") and find_spec("pystoi")):
        return "; PESQ and STOI are not measured: pip install pesq pystoi"
    from pesq import pesq
    from pystoi import stoi

    scores = [(pesq(SR, y, changed, "wb"), stoi(y, changed, SR)) for y, changed in pairs]
    return "; PESQ {:.2f}, STOI {:.3f}".format(*np.mean(scores, axis=0))


def full_magnitudes(y: FloatArray) -> FloatArray:
    """Find new phases for the magnitudes themselves, not for a mel spectrogram."""
    magnitude = np.abs(stft(y.astype(np.float32), n_fft=MEL.n_fft, hop_length=MEL.hop_length))
    return griffin_lim(
        magnitude, n_fft=MEL.n_fft, hop_length=MEL.hop_length, iterations=16, rng=np.random.default_rng(0)
    )


def random_phases(y: FloatArray) -> FloatArray:
    """Rebuild the sound from its mel spectrogram with random phases: a whispering vocoder."""
    magnitude = magnitudes(log_mel(y, SR))
    phases = np.exp(2j * np.pi * np.random.default_rng(0).random(magnitude.shape)).astype(np.complex64)
    return istft(magnitude * phases, n_fft=MEL.n_fft, hop_length=MEL.hop_length)


NATURAL: dict[str, Change] = {"as it is": lambda y: y, "8 kHz": telephone, "MP3": mp3, "noise at 30 dB": with_noise}
SYNTHETIC: dict[str, Change] = {
    "Griffin-Lim, 16 iterations (trained on)": copied,
    "Griffin-Lim, 64 iterations": lambda y: copied(y, 64),
    "the same, then noise at 30 dB": lambda y: with_noise(copied(y)),
    "the same, then 8 kHz": lambda y: telephone(copied(y)),
    "Griffin-Lim of full magnitudes": full_magnitudes,
    "random phases": random_phases,
}


_KINDS = [*NATURAL.items(), *SYNTHETIC.items()]
_EXTRACT: dict[str, Callable[[FloatArray, int], FloatArray]] = {
    "six traces": detection.artefact_features,
    "mean and spread of MFCCs and pitch": similarity.voice_features,
}


def detection_table(sets: dict[str, list[FloatArray]]) -> str:
    """Errors of the detector on its own vocoder and on others; beside it the mean and spread of the cepstrum alone."""
    training = _training_clips()
    training += [copied(y) for y in training]
    changed = {name: {key: [change(y) for y in clips] for key, change in _KINDS} for name, clips in sets.items()}
    lines = [
        "Detection of synthetic speech: share of wrong decisions, and equal error rate; trained on synthetic voices"
    ]
    for features, function in _EXTRACT.items():
        x = np.array([function(y, SR) for y in training])
        detector = detection.fit_detector(x, np.arange(len(x)) >= len(x) // 2)
        for name, clips_of in changed.items():
            lines.append(f"{features}, {name}")
            logits = {
                key: detector.logits(np.array([function(y, SR) for y in clips])) for key, clips in clips_of.items()
            }
            lines += [f"  natural, {key:<38} {np.mean(logits[key] > 0):.3f}" for key in NATURAL]
            for key in SYNTHETIC:
                both = np.concatenate([logits["as it is"], logits[key]])
                rate = detection.equal_error_rate(both, np.arange(both.size) >= both.size // 2)
                lines.append(f"  copy, {key:<41} {np.mean(logits[key] <= 0):.3f}  EER {rate:.3f}")
    return "\n".join(lines)


def _training_clips() -> list[FloatArray]:
    clips = []
    for number, speaker in enumerate(speakers("en", split="train")[::2][:TRAINING_SPEAKERS]):
        text = sentence(np.random.default_rng([8, number]), "en").text
        clips.append(speaker.say(text, seed=number, sr=SR).y)
    return clips


def similarity_table() -> str:
    """Share of the sentences that are nearest to another one of their speaker, among 11 speakers."""
    natural = np.array([[similarity.voice_vector(y, SR) for y in clips] for clips in spoken_sentences().values()])
    copies = np.array(
        [[similarity.voice_vector(copied(y), SR) for y in clips[:2]] for clips in spoken_sentences().values()]
    )
    lines = ["Similarity of voices (synthetic, unseen speakers): nearest to their own voice among 11"]
    for name, vectors in {"natural sentences": natural, "Griffin-Lim copies": copies}.items():
        shares = []
        for number in range(len(natural)):
            rng = np.random.default_rng(number)
            others = rng.permutation(np.delete(np.arange(len(natural)), number))[:10]
            for take, vector in enumerate(vectors[number]):
                target = (take + 1) % natural.shape[1]
                shares.append(
                    similarity.nearest_share(vector[None], natural[number, target][None], natural[others, target])
                )
        lines.append(f"{name:<24} {np.mean(shares):.3f} of {len(shares)}")
    return "\n".join(lines)
