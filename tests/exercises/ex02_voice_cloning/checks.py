"""Checks of exercise 2: each is a truth that any right answer obeys, on data that the seed decides."""

from __future__ import annotations

from functools import lru_cache, partial
from weakref import WeakKeyDictionary

import numpy as np

from audiocourse import zoo
from audiocourse.learn.checking.authoring import Mismatch, Student, check, expect, expect_close, kind_of
from audiocourse.signal import istft, spectral_convergence, stft
from audiocourse.tts.practice.messy_recordings import (
    MessyRecordings,
    messy_recordings,
    reference_vectors,
    single_distance,
    voice_distance,
)
from audiocourse.tts.utterances import english_speakers

Array = np.ndarray

# 2.1 length_regulate ------------------------------------------------------------------------------------------------

OF_FRAMES = {"axis": "number", "row": "frame"}


def expect_regulated(student: Student, states: Array, durations: list[int]) -> None:
    """Require the frames, written down one by one."""
    rows = [states[i] for i, duration in enumerate(durations) for _ in range(duration)]
    right = np.array(rows).reshape(len(rows), states.shape[1])
    got = student.call("length_regulate", states, np.array(durations))
    expect(isinstance(got, np.ndarray), f"You return {kind_of(got)}; an array (frames, features) is right.")
    message = f"The durations are {durations}. Your result has the shape {got.shape}; {right.shape} is right."
    expect(got.shape == right.shape, message)
    expect_close(got, right, atol=1e-6, **OF_FRAMES)


@check(task="length_regulate", label="there are as many frames as the durations add up to")
def as_many_as_the_sum(student: Student, rng: np.random.Generator) -> None:
    durations = rng.integers(2, 7, 5).tolist()
    expect_regulated(student, rng.normal(size=(5, 1)), durations)


@check(task="length_regulate", label="each state is repeated for its own duration, in order, with all of its features")
def own_duration(student: Student, rng: np.random.Generator) -> None:
    for symbols, features in ((4, 3), (7, 2)):
        expect_regulated(student, rng.normal(size=(symbols, features)), rng.integers(1, 9, symbols).tolist())


@check(task="length_regulate", label="a symbol of duration 0 leaves no frame")
def zero_frames(student: Student, rng: np.random.Generator) -> None:
    for durations in ([0, 3, 0, 0, 2], [4, 1, 0]):
        expect_regulated(student, rng.normal(size=(len(durations), 3)), durations)


@check(task="length_regulate", label="where every symbol lasts one frame, nothing changes; one symbol alone is held")
def ones_and_one(student: Student, rng: np.random.Generator) -> None:
    expect_regulated(student, rng.normal(size=(6, 2)), [1] * 6)
    expect_regulated(student, rng.normal(size=(1, 4)), [int(rng.integers(3, 20))])


# 2.2 log_duration_loss ----------------------------------------------------------------------------------------------


def loss_by_hand(predicted: Array, durations: Array, lengths: Array) -> float:
    """The definition, symbol by symbol."""
    parts = [
        (predicted[b, i] - np.log(1 + durations[b, i])) ** 2 for b, count in enumerate(lengths) for i in range(count)
    ]
    return float(np.mean(parts))


def expect_loss(student: Student, predicted: Array, durations: Array, lengths: list[int], case: str = "") -> None:
    right = loss_by_hand(predicted, durations, np.array(lengths))
    got = student.call("log_duration_loss", predicted, durations, np.array(lengths))
    number = np.ndim(got) == 0 and isinstance(got, (int, float, np.ndarray)) and not isinstance(got, bool)
    expect(number, f"You return {kind_of(got)}; one number for the whole batch is right.")
    if not abs(float(got) - right) <= 1e-5 * max(1.0, right):  # single precision will do
        raise Mismatch(got, right, message=f"{case}Your loss is {got:.4g}; {right:.4g} is right.")


def duration_batch(rng: np.random.Generator, lengths: list[int]) -> tuple[Array, Array]:
    """Draw predictions and durations; beyond the lengths both are 0."""
    shape = (len(lengths), max(lengths))
    durations = rng.integers(1, 20, shape)
    predicted = np.log1p(durations) + rng.normal(0, 0.4, shape)
    beyond = np.arange(shape[1]) >= np.array(lengths)[:, None]
    return np.where(beyond, 0.0, predicted), np.where(beyond, 0, durations)


@check(task="log_duration_loss", label="a perfect prediction of ln(1 + d) costs nothing")
def perfect(student: Student, rng: np.random.Generator) -> None:
    durations = rng.integers(0, 20, (2, 6))
    expect_loss(student, np.log1p(durations), durations, [6, 6])


@check(task="log_duration_loss", label="symbols too long by the same ratio of 1 + d cost the same, vowels or plosives")
def ratios_count(student: Student, rng: np.random.Generator) -> None:
    factor = float(rng.uniform(1.2, 2.5))
    for durations in (np.array([[2, 3, 1]]), np.array([[20, 31, 12]])):
        case = f"Durations {durations[0].tolist()}, and 1 + d is predicted {factor:.2f} times too large. "
        expect_loss(student, np.log(factor * (1 + durations)), durations, [3], case)


@check(task="log_duration_loss", label="every real symbol of the batch counts the same")
def every_symbol(student: Student, rng: np.random.Generator) -> None:
    lengths = [7, int(rng.integers(2, 5))]
    predicted, durations = duration_batch(rng, lengths)
    predicted[1] += 1.0 * (np.arange(7) < lengths[1])  # the short text is much worse
    expect_loss(student, predicted, durations, lengths, f"Texts of {lengths} symbols. ")


@check(task="log_duration_loss", label="what is in the padding does not matter")
def padding_is_nothing(student: Student, rng: np.random.Generator) -> None:
    lengths = rng.permutation([8, 5, 3, 1]).tolist()
    predicted, durations = duration_batch(rng, lengths)
    beyond = np.arange(8) >= np.array(lengths)[:, None]
    expect_loss(student, np.where(beyond, 7.0, predicted), durations, lengths, "The padding is predicted as 7. ")
    expect_loss(student, predicted, np.where(beyond, 50, durations), lengths, "Durations in the padding are 50. ")


@check(task="log_duration_loss", label="a duration of 0 frames is possible, and its logarithm is a number")
def zero_is_possible(student: Student, rng: np.random.Generator) -> None:
    durations = np.array([[0, 4, 0, 1, 0, 9]])
    expect_loss(student, np.log1p(durations) + rng.normal(0, 0.3, (1, 6)), durations, [6])


# 2.3 griffin_lim_step -----------------------------------------------------------------------------------------------

OF_BINS = {"axis": "frame", "row": "bin"}
_SIZES = ({"n_fft": 64, "hop_length": 16}, {"n_fft": 128, "hop_length": 16})


def chord(rng: np.random.Generator, samples: int) -> Array:
    """Two tones with vibrato and a little noise, float64."""
    t = np.arange(samples) / 8_000
    tones = [np.sin(2 * np.pi * f * t + 3 * np.sin(2 * np.pi * 6 * t)) for f in rng.uniform(200, 1800, 2)]
    return 0.3 * np.sum(tones, axis=0) + 0.05 * rng.normal(size=samples)


def random_phases(magnitude: Array, rng: np.random.Generator) -> Array:
    return magnitude * np.exp(2j * np.pi * rng.random(magnitude.shape))


def stepped(student: Student, estimate: Array, magnitude: Array, sizes: dict[str, int], length: int) -> Array:
    """Call the answer and require a finite complex spectrogram of the right shape."""
    got = student.call("griffin_lim_step", estimate, magnitude, length=length, **sizes)
    expect(isinstance(got, np.ndarray), f"You return {kind_of(got)}; a complex array (bins, frames) is right.")
    message = f"The shape of your result is {got.shape}; a spectrogram of shape {magnitude.shape} is right."
    expect(got.shape == magnitude.shape, message)
    expect(bool(np.iscomplexobj(got)), "Your result has no phases: it must be complex.")
    bad = int((~np.isfinite(got)).sum())
    expect(bad == 0, f"{bad} of {got.size} numbers of your result are NaN or infinite. What is 0 / 0?")
    result: Array = got
    return result


def step_by_hand(estimate: Array, magnitude: Array, sizes: dict[str, int], length: int) -> Array:
    consistent = stft(istft(estimate, length=length, **sizes), **sizes)
    return magnitude * np.exp(1j * np.angle(consistent))


@check(task="griffin_lim_step", label="the result has exactly the magnitudes asked for")
def magnitudes_restored(student: Student, rng: np.random.Generator) -> None:
    for sizes in _SIZES:
        magnitude = np.abs(stft(chord(rng, 800), **sizes)) + 0.01
        got = stepped(student, random_phases(magnitude, rng), magnitude, sizes, 800)
        expect_close(np.abs(got), magnitude, atol=1e-4, **OF_BINS)


@check(task="griffin_lim_step", label="a spectrogram of a real sound keeps its phases; only its magnitudes are set")
def consistent_stays(student: Student, rng: np.random.Generator) -> None:
    for sizes in _SIZES:
        spectrogram = stft(chord(rng, 800), **sizes)
        magnitude = np.abs(spectrogram)
        for factor in (1.0, 3.0):
            got = stepped(student, spectrogram, factor * magnitude, sizes, 800)
            loud = magnitude > 1e-3 * magnitude.max()  # the phase of next to nothing is rounding
            expect_close(np.where(loud, got, 0), np.where(loud, factor * spectrogram, 0), atol=1e-4, **OF_BINS)


@check(
    task="griffin_lim_step", label="where the sound is silent there is no phase: the magnitude itself is right, not NaN"
)
def silence_has_no_phase(student: Student, rng: np.random.Generator) -> None:
    sizes = _SIZES[0]
    magnitude = np.abs(stft(chord(rng, 640), **sizes))
    silent = 0j * magnitude
    silent[:, :12] = magnitude[:, :12]
    with np.errstate(all="ignore"):
        got = stepped(student, silent, magnitude, sizes, 640)
    late = np.arange(magnitude.shape[1]) >= 20  # in the frames before, something is still heard
    expect_close(np.where(late, got, 0), np.where(late, magnitude, 0).astype(complex), atol=1e-5, **OF_BINS)


@check(task="griffin_lim_step", label="the phases are those of the spectrogram of the sound that the estimate gives")
def phases_of_the_sound(student: Student, rng: np.random.Generator) -> None:
    for sizes, length in zip(_SIZES, (700, 900), strict=True):
        magnitude = np.abs(stft(chord(rng, length), **sizes)) + 0.1
        estimate = rng.uniform(0.5, 2.0, magnitude.shape) * random_phases(magnitude, rng)
        right = step_by_hand(estimate, magnitude, sizes, length)
        consistent = np.abs(stft(istft(estimate, length=length, **sizes), **sizes))
        loud = consistent > 1e-3 * consistent.max()  # the phase of next to nothing is rounding
        got = stepped(student, estimate, magnitude, sizes, length)
        expect_close(np.where(loud, got, 0), np.where(loud, right, 0), atol=1e-4, **OF_BINS)


@check(task="griffin_lim_step", label="step by step the sound comes closer to the magnitudes, and never moves away")
def never_moves_away(student: Student, rng: np.random.Generator) -> None:
    sizes = _SIZES[1]
    magnitude = np.abs(stft(chord(rng, 1_200), **sizes))
    estimate = random_phases(magnitude, rng)
    apart = []
    for _ in range(6):
        y = istft(estimate, length=1_200, **sizes)
        apart.append(spectral_convergence(magnitude, y, **sizes))
        estimate = stepped(student, estimate, magnitude, sizes, 1_200)
    away = int(np.argmax(np.diff(apart)))
    closer = bool((np.diff(apart) < 1e-6).all()) and apart[-1] < 0.9 * apart[0]
    before, after = apart[away], apart[away + 1]
    expect(closer, f"In step {away + 1} the spectral convergence goes from {before:.3f} to {after:.3f}; it must fall.")


# 2.4 voice_embedding ------------------------------------------------------------------------------------------------

OF_VOICES = {"axis": "number", "row": "recording"}


def embedding_by_hand(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    """The definition, recording by recording, without anything beyond its end."""
    rows = []
    for state, length in zip(states, lengths, strict=True):
        h = state[:length]
        statistics = np.concatenate([h.mean(axis=0), np.sqrt(h.var(axis=0) + 1e-5)])
        e = weight @ statistics + bias
        rows.append(e / np.sqrt(e @ e))
    return np.array(rows)


def pooling(rng: np.random.Generator, hidden: int, size: int) -> tuple[Array, Array]:
    return rng.normal(size=(size, 2 * hidden)), rng.normal(0, 0.5, size)


def recordings(rng: np.random.Generator, lengths: list[int], hidden: int) -> Array:
    """Draw states; beyond the lengths they are 0."""
    means = rng.normal(0, 1, (len(lengths), 1, hidden))
    states = means + rng.uniform(0.3, 1.5, (len(lengths), 1, hidden)) * rng.normal(
        size=(len(lengths), max(lengths), hidden)
    )
    return np.where((np.arange(max(lengths)) < np.array(lengths)[:, None])[..., None], states, 0.0)


def expect_voices(
    student: Student,
    states: Array,
    lengths: list[int],
    weight: Array,
    bias: Array,
    *,
    atol: float = 1e-3,
) -> None:
    """Require the right vectors; the default tolerance leaves the 10⁻⁵ under the root to a check of its own."""
    right = embedding_by_hand(states, np.array(lengths), weight, bias)
    got = student.call("voice_embedding", states, np.array(lengths), weight, bias)
    expect_unit_length(got, right)
    expect_close(got, right, atol=atol, **OF_VOICES)


def expect_unit_length(got: Array, right: Array) -> None:
    if isinstance(got, np.ndarray) and got.shape == right.shape and np.isfinite(got).all():
        norms = np.linalg.norm(got, axis=1)
        worst = int(np.argmax(np.abs(norms - 1)))
        message = f"The vector of recording {worst} has the length {norms[worst]:.3f}; 1 is right."
        if not abs(norms[worst] - 1) < 1e-4:
            raise Mismatch(got, right, message=message)


@check(task="voice_embedding", label="each recording gets one vector of length 1, as many numbers as W has rows")
def unit_vectors(student: Student, rng: np.random.Generator) -> None:
    weight, bias = pooling(rng, 3, 5)
    states = recordings(rng, [9, 9], 3)
    right = embedding_by_hand(states, np.array([9, 9]), weight, bias)
    got = student.call("voice_embedding", states, np.array([9, 9]), weight, bias)
    expect_unit_length(got, right)
    if not isinstance(got, np.ndarray) or got.shape != right.shape or not np.isfinite(got).all():
        raise Mismatch(got, right, **OF_VOICES)


@check(
    task="voice_embedding", label="mean first, then deviation: a deviation, not a variance, over T frames and not T − 1"
)
def mean_then_deviation(student: Student, rng: np.random.Generator) -> None:
    spread = float(rng.uniform(2, 4))
    states = float(rng.uniform(1, 3)) + spread * np.array([[[1.0], [-1.0], [1.0], [-1.0]]])
    expect_voices(student, states, [4], np.eye(2), np.zeros(2))
    weight, bias = pooling(rng, 3, 5)
    expect_voices(student, recordings(rng, [9, 9], 3), [9, 9], weight, bias)


@check(task="voice_embedding", label="frames beyond the end of a recording do not count, whatever they hold")
def padding_of_a_voice(student: Student, rng: np.random.Generator) -> None:
    lengths = rng.permutation([12, 7, 4]).tolist()
    states = recordings(rng, lengths, 4)
    weight, bias = pooling(rng, 4, 3)
    expect_voices(student, states, lengths, weight, bias)
    beyond = (np.arange(12) >= np.array(lengths)[:, None])[..., None]
    expect_voices(student, np.where(beyond, 100.0, states), lengths, weight, bias)


@check(task="voice_embedding", label="the linear layer works on the statistics as they are; the bias counts")
def linear_layer(student: Student, rng: np.random.Generator) -> None:
    weight, bias = pooling(rng, 2, 4)
    states = recordings(rng, [8, 6], 2)
    expect_voices(student, 5 * states, [8, 6], weight, bias)
    expect_voices(student, states, [8, 6], 0 * weight, bias)


@check(task="voice_embedding", label="a state that never changes has the deviation √10⁻⁵, so that it can be divided by")
def steady_states(student: Student, rng: np.random.Generator) -> None:
    states = np.tile(rng.normal(size=(2, 1, 3)), (1, 5, 1))
    weight = np.concatenate([rng.normal(size=(4, 3)), rng.normal(0, 300, (4, 3))], axis=1)
    expect_voices(student, states, [5, 3], weight, np.zeros(4), atol=1e-5)


@check(task="voice_embedding", label="each recording is treated as if it were alone")
def voices_alone(student: Student, rng: np.random.Generator) -> None:
    lengths = [6, 1, 10, 3]
    weight, bias = pooling(rng, 3, 3)
    expect_voices(student, recordings(rng, lengths, 3), lengths, weight, bias)


# 2.5 conditioned_frames ---------------------------------------------------------------------------------------------

OF_MEL = {"axis": "band", "row": "frame"}
Weights = dict[str, Array]


def linear_network(rng: np.random.Generator, hidden: int = 4, voice_size: int = 3, n_mels: int = 3) -> Weights:
    """Draw the weights of a network; the last state alone is about the logarithm of the duration."""
    duration = rng.normal(0, 0.1, hidden)
    duration[-1] = 1.0
    return {
        "voice": rng.normal(0, 0.6, (hidden, voice_size)),
        "duration": duration,
        "pitch": rng.normal(size=hidden),
        "pitch_embedding": rng.normal(size=hidden),
        "mel": rng.normal(size=(n_mels, hidden)),
    }


def sentence_states(rng: np.random.Generator, symbols: int = 5, hidden: int = 4) -> Array:
    encoded = rng.normal(0, 0.3, (symbols, hidden))
    encoded[:, -1] += 1.8  # e^1.8 − 1: about five frames
    return encoded


def some_voice(rng: np.random.Generator, size: int = 3) -> Array:
    voice = rng.normal(size=size)
    return voice / np.linalg.norm(voice)


def frames_by_hand(encoded: Array, voice: Array, weights: Weights, rate: float, pitch_shift: float) -> Array:
    """The four stages, symbol by symbol."""
    rows = []
    for x in encoded:
        h = x + weights["voice"] @ voice
        frames = max(1, round((np.exp(weights["duration"] @ h) - 1) / rate))
        s = h + (weights["pitch"] @ h + pitch_shift) * weights["pitch_embedding"]
        rows += [weights["mel"] @ s] * frames
    return np.array(rows)


def expect_frames(
    student: Student,
    encoded: Array,
    voice: Array,
    weights: Weights,
    rate: float = 1.0,
    pitch_shift: float = 0.0,
    *,
    count_only: bool = False,
) -> None:
    right = frames_by_hand(encoded, voice, weights, rate, pitch_shift)
    got = student.call("conditioned_frames", encoded, voice, weights, rate=rate, pitch_shift=pitch_shift)
    expect(isinstance(got, np.ndarray), f"You return {kind_of(got)}; an array (frames, bands) is right.")
    if got.shape != right.shape:
        case = f"With rate={rate:g} you return an array of shape {got.shape}"
        raise Mismatch(got, right, message=f"{case}; {right.shape} (frames, bands) is right.")
    if not count_only:
        expect_close(got, right, atol=1e-6, **OF_MEL)


@check(task="conditioned_frames", label="with a voice of zeros: states, pitch, durations and bands in their order")
def without_a_voice(student: Student, rng: np.random.Generator) -> None:
    weights = linear_network(rng)
    expect_frames(student, sentence_states(rng), np.zeros(3), weights)


@check(task="conditioned_frames", label="the voice decides the durations: one speaker drawls, another hurries")
def voice_and_durations(student: Student, rng: np.random.Generator) -> None:
    weights = linear_network(rng)
    encoded = sentence_states(rng)
    weights["voice"][-1] = [1.0, 0.0, 0.0]
    for slowness in (0.6, -0.6):
        expect_frames(student, encoded, np.array([slowness, 0.8, 0.0]), weights, count_only=True)


@check(task="conditioned_frames", label="the voice is in every frame: in its state, and in the pitch added to it")
def voice_and_pitch(student: Student, rng: np.random.Generator) -> None:
    weights = linear_network(rng)
    weights["voice"][-1] = 0.0
    weights["duration"][:-1] = 0.0  # all voices last the same
    encoded = sentence_states(rng)
    for _ in range(2):
        expect_frames(student, encoded, some_voice(rng), weights)


@check(
    task="conditioned_frames",
    label="at twice the rate there are about half as many frames, at half the rate twice as many",
)
def rate_divides(student: Student, rng: np.random.Generator) -> None:
    weights, encoded, voice = linear_network(rng), sentence_states(rng, symbols=7), some_voice(rng)
    for rate in (2.0, 0.5, 1.3):
        expect_frames(student, encoded, voice, weights, rate)


@check(task="conditioned_frames", label="no symbol is skipped, however fast: each lasts a frame at least")
def no_symbol_is_skipped(student: Student, rng: np.random.Generator) -> None:
    weights, encoded = linear_network(rng), sentence_states(rng, symbols=6)
    encoded[::2, -1] -= 2.5  # shorter than half a frame
    expect_frames(student, encoded, some_voice(rng), weights, 4.0)
    expect_frames(student, encoded, some_voice(rng), weights)


@check(task="conditioned_frames", label="a pitch shift is added in octaves, moves all frames alike and no duration")
def shift_in_octaves(student: Student, rng: np.random.Generator) -> None:
    weights, encoded, voice = linear_network(rng), sentence_states(rng), some_voice(rng)
    for pitch_shift in (0.5, -1.0):
        expect_frames(student, encoded, voice, weights, pitch_shift=pitch_shift)


@check(task="conditioned_frames", label="unless they are given, the rate is 1 and the pitch shift 0")
def as_in_training(student: Student, rng: np.random.Generator) -> None:
    weights, encoded, voice = linear_network(rng), sentence_states(rng), some_voice(rng)
    right = frames_by_hand(encoded, voice, weights, 1.0, 0.0)
    expect_close(student.call("conditioned_frames", encoded, voice, weights), right, atol=1e-6, **OF_MEL)


@check(task="conditioned_frames", label="networks and sentences of other sizes")
def other_sizes(student: Student, rng: np.random.Generator) -> None:
    for symbols, hidden, voice_size, n_mels in ((1, 3, 2, 4), (8, 6, 5, 2)):
        weights = linear_network(rng, hidden, voice_size, n_mels)
        voice = some_voice(rng, voice_size)
        expect_frames(student, sentence_states(rng, symbols, hidden), voice, weights, 1.2, 0.2)


# 2.6 cloning_scores -------------------------------------------------------------------------------------------------

NAMES = ("similarity", "margin", "nearest", "word error rate")


def cosine(a: Array, b: Array) -> float:
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def scores_by_hand(clones: Array, targets: Array, others: Array, errors: Array, words: Array) -> tuple[float, ...]:
    own = [cosine(c, t) for c, t in zip(clones, targets, strict=True)]
    foreign = [max(cosine(c, o) for o in row) for c, row in zip(clones, others, strict=True)]
    margins = [a - b for a, b in zip(own, foreign, strict=True)]
    nearest = sum(margin > 0 for margin in margins) / len(margins)
    return sum(own) / len(own), sum(margins) / len(margins), nearest, int(errors.sum()) / int(words.sum())


def voices(
    rng: np.random.Generator, clones: int, others: int = 4, size: int = 6, apart: float = 0.4
) -> tuple[Array, Array, Array]:
    """Draw vectors of clones near their targets, and of other voices, each of another length."""

    def scale(*shape: int) -> Array:
        return rng.uniform(0.5, 8, (*shape, 1))

    targets = rng.normal(size=(clones, size))
    near = targets + apart * rng.normal(size=(clones, size))
    far = rng.normal(size=(clones, others, size))
    return near * scale(clones), targets * scale(clones), far * scale(clones, others)


def counts(rng: np.random.Generator, clones: int) -> tuple[Array, Array]:
    words = rng.permutation(np.arange(3, 3 + 2 * clones, 2))
    return rng.integers(0, words + 1), words


def expect_scores(student: Student, *given: Array) -> None:
    right = scores_by_hand(*given)
    got = student.call("cloning_scores", *given)
    if isinstance(got, np.ndarray) and got.shape == (4,):
        got = got.tolist()
    four = isinstance(got, (tuple, list)) and len(got) == 4
    expect(four, f"You return {kind_of(got)}; four numbers are right: {', '.join(NAMES)}.")
    for name, mine, true in zip(NAMES, got, right, strict=True):
        number = isinstance(mine, (int, float)) and not isinstance(mine, bool)
        expect(number, f"Your {name} is {kind_of(mine)}; a number is right.")
        if not abs(mine - true) <= 1e-6:
            message = f"Your {name} is {mine:.3f}; {true:.3f} is right.".replace("-", "−")
            raise Mismatch(got, right, message=message)


@check(task="cloning_scores", label="similarity, margin, nearest and word error rate, in this order")
def four_scores(student: Student, rng: np.random.Generator) -> None:
    vectors = [each / np.linalg.norm(each, axis=-1, keepdims=True) for each in voices(rng, 4, apart=0.8)]
    expect_scores(student, *vectors, np.array([1, 0, 2, 0]), np.array([6, 6, 6, 6]))


@check(task="cloning_scores", label="only directions count: twice as long a vector is the same voice")
def directions_alone(student: Student, rng: np.random.Generator) -> None:
    clones, targets, others = voices(rng, 3)
    errors, words = counts(rng, 3)
    expect_scores(student, clones, targets, others, errors, words)
    expect_scores(student, 3 * clones, 0.2 * targets, 7 * others, errors, words)


@check(task="cloning_scores", label="the margin is to the nearest of the other voices")
def nearest_of_the_others(student: Student, rng: np.random.Generator) -> None:
    clones, targets, others = voices(rng, 4, others=7)
    others[:, 2] = clones + 0.2 * np.abs(clones).mean() * rng.normal(size=clones.shape)  # one is very near
    expect_scores(student, clones, targets, others, *counts(rng, 4))


@check(task="cloning_scores", label="nearest: the share of clones that are nearer to their target than to all others")
def share_of_nearest(student: Student, rng: np.random.Generator) -> None:
    clones, targets, others = voices(rng, 5, others=3)
    for taken in (0, 3):
        others[taken, 1] = clones[taken] + 0.01 * rng.normal(size=6)  # nearly someone else's voice
    expect_scores(student, clones, targets, others, *counts(rng, 5))
    expect_scores(student, *voices(rng, 6, apart=2.5), *counts(rng, 6))


@check(task="cloning_scores", label="as near to another voice as to the target is not nearer")
def a_tie_is_not_nearer(student: Student, rng: np.random.Generator) -> None:
    clones, targets, others = voices(rng, 3)
    clones[1] = targets[1] = others[1, 2] = np.eye(6)[int(rng.integers(6))]
    expect_scores(student, clones, targets, others, *counts(rng, 3))


@check(task="cloning_scores", label="errors and words are added up first: a long sentence weighs more than a short one")
def errors_over_words(student: Student, rng: np.random.Generator) -> None:
    given = voices(rng, 3)
    expect_scores(student, *given, np.array([2, 0, 1]), np.array([2, 20, 9]))
    expect_scores(student, *given, np.array([5, 1, 0]), np.array([3, 4, 5]))
    expect_scores(student, *given, np.array([9, 3, 4]), np.array([3, 4, 5]))  # more errors than words: insertions


# 2.7 voice_from_recordings (open) -----------------------------------------------------------------------------------

BANDS = (60, 38, 22)  # the largest distance of each, in percent of that of one recording


@lru_cache(maxsize=4)
def hidden_sets(seed: int) -> list[MessyRecordings]:
    """Draw recordings of voices that the practice sets do not use."""
    encode = partial(reference_vectors, model=zoo.load("fastspeech-mini").model)
    hidden = english_speakers(split="held-out")[1::2]
    return messy_recordings(np.random.default_rng(seed), speakers=hidden, encode=encode)


_measured: WeakKeyDictionary[Student, float] = WeakKeyDictionary()


def relative_distance(student: Student, rng: np.random.Generator) -> float:
    """Return the distance over unseen sets in percent of that of one recording, measured once for all bands."""
    if student not in _measured:
        sets = hidden_sets(int(rng.integers(2**31)))

        def answer(vectors: Array, level_db: Array, floor_db: Array) -> Array:
            got = student.call("voice_from_recordings", vectors, level_db, floor_db)
            expect(isinstance(got, np.ndarray), f"You return {kind_of(got)}; a vector, an array, is right.")
            shape = vectors.shape[1:]
            expect(got.shape == shape, f"The shape of your vector is {got.shape}; {shape} is right.")
            norm = float(np.linalg.norm(got))
            expect(abs(norm - 1) < 1e-3, f"Your vector has the length {norm:.3f}; 1 is right.")
            result: Array = got
            return result

        _measured[student] = 100 * voice_distance(answer, sets) / single_distance(sets)
    return _measured[student]


def reach(band: int, student: Student, rng: np.random.Generator) -> None:
    """Report which band is reached, but no figure, so that no one tunes on these voices."""
    share = relative_distance(student, rng)
    reached = sum(share <= limit for limit in BANDS)
    where = f"band {reached}" if reached else "no band yet"
    expect(reached >= band, f"On voices that you have not heard your answer reaches {where}.")


@check(task="voice_from_recordings", label="band 1: better than one recording (at most 60 % of its distance)")
def band_one(student: Student, rng: np.random.Generator) -> None:
    reach(1, student, rng)


@check(task="voice_from_recordings", label="band 2: one good idea (at most 38 % of the distance)")
def band_two(student: Student, rng: np.random.Generator) -> None:
    reach(2, student, rng)


@check(task="voice_from_recordings", label="band 3: two good ideas (at most 22 % of the distance)")
def band_three(student: Student, rng: np.random.Generator) -> None:
    reach(3, student, rng)
