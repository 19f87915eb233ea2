"""Misconceptions about cloning a voice, as answers that people really give."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import mutant
from audiocourse.signal import istft, stft

Array = np.ndarray
Weights = dict[str, Array]
Scores = tuple[float, ...]

# ---------------------------------------------------------------- 2.1 the length regulator


@mutant(
    task="length_regulate",
    name="one frame for each symbol",
    hint="Tacotrons of the web return as many frames as there are characters. How long is a vowel of 12 frames in your "
    "result?",
)
def as_many_frames_as_symbols(states: Array, _durations: Array) -> Array:
    return states.copy()


@mutant(
    task="length_regulate",
    name="the whole text repeated instead of each symbol",
    hint="np.tile says 'abab', np.repeat says 'aabb'. In which order do your frames come?",
)
def whole_text_repeated(states: Array, durations: Array) -> Array:
    frames = int(np.sum(durations))
    return states[np.arange(frames) % len(states)]


@mutant(
    task="length_regulate",
    name="all symbols equally long",
    hint="The number of frames is right, but does a plosive last as long as a vowel?",
)
def equally_long(states: Array, durations: Array) -> Array:
    frames = int(np.sum(durations))
    return states[np.arange(frames) * len(states) // max(frames, 1)]


@mutant(
    task="length_regulate",
    name="at least one frame for each symbol",
    hint="A duration of 0 means that the symbol is not spoken. How many frames does it get from you?",
)
def at_least_one(states: Array, durations: Array) -> Array:
    return np.repeat(states, np.maximum(durations, 1), axis=0)


@mutant(
    task="length_regulate",
    name="states that slide into each other",
    hint="Between two symbols your frames hold mixtures of both. What does 'repeat' say, and which part of the network "
    "smooths afterwards?",
)
def interpolated(states: Array, durations: Array) -> Array:
    frames = int(np.sum(durations))
    places = np.linspace(0, len(states) - 1, frames)
    columns = [np.interp(places, np.arange(len(states)), column) for column in states.T]
    return np.stack(columns, axis=1)


@mutant(
    task="length_regulate",
    name="durations of the neighbours: shifted by one symbol",
    hint="Mark the first symbol. For how many frames is it there, and what is the first duration?",
)
def neighbours_duration(states: Array, durations: Array) -> Array:
    return np.repeat(states, np.roll(durations, 1), axis=0)


@mutant(
    task="length_regulate",
    name="silence after the first frame of each symbol",
    hint="The frame of a symbol is followed by zeros. What does the decoder hear in them?",
)
def first_frame_alone(states: Array, durations: Array) -> Array:
    frames = np.zeros((int(np.sum(durations)), states.shape[1]))
    starts = np.cumsum(durations) - durations
    spoken = durations > 0
    frames[starts[spoken]] = states[spoken]
    return frames


# ---------------------------------------------------------------- 2.2 the loss of durations


def _real(durations: Array, lengths: Array) -> Array:
    return np.arange(durations.shape[1]) < lengths[:, None]


def _errors(predicted: Array, durations: Array, lengths: Array) -> Array:
    real = _real(durations, lengths)
    return predicted[real] - np.log1p(durations[real])


@mutant(
    task="log_duration_loss",
    name="padding counts",
    hint="Append ten symbols of padding to each text. Should the loss change?",
)
def padding_counts(predicted: Array, durations: Array, _lengths: Array) -> float:
    return float(np.mean((predicted - np.log1p(durations)) ** 2))


@mutant(
    task="log_duration_loss",
    name="in frames instead of logarithms",
    hint="A vowel of 20 frames predicted as 24, a plosive of 1 predicted as 5: which error is heard, and which does "
    "your loss find larger?",
)
def in_frames(predicted: Array, durations: Array, lengths: Array) -> float:
    real = _real(durations, lengths)
    return float(np.mean((np.expm1(predicted[real]) - durations[real]) ** 2))


@mutant(
    task="log_duration_loss",
    name="the logarithm of d instead of 1 + d",
    hint="Some symbols last 0 frames. What is ln 0, and why is 1 added?",
)
def without_one(predicted: Array, durations: Array, lengths: Array) -> float:
    real = _real(durations, lengths)
    with np.errstate(all="ignore"):
        return float(np.mean((predicted[real] - np.log(durations[real])) ** 2))


@mutant(
    task="log_duration_loss",
    name="the logarithm of d, with 0 taken for 1",
    hint="A symbol of 0 frames and one of 1 frame cost the same in your loss. What is the 1 in ln(1 + d) for?",
)
def zero_taken_for_one(predicted: Array, durations: Array, lengths: Array) -> float:
    real = _real(durations, lengths)
    return float(np.mean((predicted[real] - np.log(np.maximum(durations[real], 1))) ** 2))


@mutant(
    task="log_duration_loss",
    name="one symbol of padding too many in each text",
    hint="A text of 3 symbols has the indices 0, 1 and 2. Is 3 < 3?",
)
def one_too_many(predicted: Array, durations: Array, lengths: Array) -> float:
    real = np.arange(durations.shape[1]) <= lengths[:, None]
    return float(np.mean((predicted[real] - np.log1p(durations[real])) ** 2))


@mutant(
    task="log_duration_loss",
    name="a duration of 0 taken for padding",
    hint="A symbol may last 0 frames, and padding may hold any number. Which argument says where a text ends?",
)
def zeros_left_out(predicted: Array, durations: Array, _lengths: Array) -> float:
    real = durations > 0
    return float(np.mean((predicted[real] - np.log1p(durations[real])) ** 2))


@mutant(
    task="log_duration_loss",
    name="a sum over symbols, divided by the texts alone",
    hint="A text of 40 symbols and one of 4, each predicted equally well: what does each add to your loss?",
)
def divided_by_texts(predicted: Array, durations: Array, lengths: Array) -> float:
    return float(np.sum(_errors(predicted, durations, lengths) ** 2) / len(lengths))


@mutant(
    task="log_duration_loss",
    name="mean of the means of the texts",
    hint="A text of 2 symbols and one of 7: how much does a symbol of each weigh in your loss?",
)
def mean_of_means(predicted: Array, durations: Array, lengths: Array) -> float:
    real = _real(durations, lengths)
    squares = np.where(real, (predicted - np.log1p(durations)) ** 2, 0)
    return float(np.mean(squares.sum(axis=1) / np.maximum(lengths, 1)))


@mutant(
    task="log_duration_loss",
    name="a sum instead of a mean",
    hint="Twice as long a text, predicted as well: should the loss double?",
)
def sum_of_squares(predicted: Array, durations: Array, lengths: Array) -> float:
    return float(np.sum(_errors(predicted, durations, lengths) ** 2))


@mutant(
    task="log_duration_loss",
    name="padding left out of the sum, but counted in the mean",
    hint="By how many symbols do you divide, and how many of them are real?",
)
def divided_by_all(predicted: Array, durations: Array, lengths: Array) -> float:
    return float(np.sum(_errors(predicted, durations, lengths) ** 2) / durations.size)


@mutant(
    task="log_duration_loss",
    name="absolute differences instead of squares",
    hint="The formula has a ² in it. Where is it in your function?",
)
def absolute(predicted: Array, durations: Array, lengths: Array) -> float:
    return float(np.mean(np.abs(_errors(predicted, durations, lengths))))


@mutant(
    task="log_duration_loss",
    name="the root of the mean square",
    hint="Is a root taken in the formula?",
)
def root_mean_square(predicted: Array, durations: Array, lengths: Array) -> float:
    return float(np.sqrt(np.mean(_errors(predicted, durations, lengths) ** 2)))


@mutant(
    task="log_duration_loss",
    name="a logarithm to the base 10",
    hint="The network predicts ln(1 + d), the natural logarithm. Which function of NumPy is that?",
)
def base_ten(predicted: Array, durations: Array, lengths: Array) -> float:
    real = _real(durations, lengths)
    return float(np.mean((predicted[real] - np.log10(1 + durations[real])) ** 2))


@mutant(
    task="log_duration_loss",
    name="the logarithm of the prediction taken once more",
    hint="p is a logarithm already. How many logarithms do you take of it?",
)
def logarithm_twice(predicted: Array, durations: Array, lengths: Array) -> float:
    real = _real(durations, lengths)
    with np.errstate(all="ignore"):
        return float(np.mean((np.log1p(predicted[real]) - np.log1p(durations[real])) ** 2))


# ---------------------------------------------------------------- 2.3 one step of Griffin-Lim


def _consistent(estimate: Array, n_fft: int, hop_length: int, length: int) -> Array:
    return stft(istft(estimate, n_fft=n_fft, hop_length=hop_length, length=length), n_fft=n_fft, hop_length=hop_length)


def _phase(spectrogram: Array) -> Array:
    return np.exp(1j * np.angle(spectrogram))


@mutant(
    task="griffin_lim_step",
    name="phases of the estimate, without a way through the sound",
    hint="Nothing has happened to the phases yet. Where does the estimate become a sound?",
)
def never_a_sound(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    return magnitude * _phase(estimate)


@mutant(
    task="griffin_lim_step",
    name="magnitudes of the sound instead of those asked for",
    hint="The spectrogram of the sound is consistent, but which magnitudes does it have?",
)
def magnitudes_not_restored(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    return _consistent(estimate, n_fft, hop_length, length)


@mutant(
    task="griffin_lim_step",
    name="magnitudes of the estimate instead of those asked for",
    hint="Which of the two arguments holds the magnitudes that the sound should have?",
)
def magnitudes_of_the_estimate(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    return np.abs(estimate) * _phase(_consistent(estimate, n_fft, hop_length, length))


@mutant(
    task="griffin_lim_step",
    name="S · t, not divided by |t|",
    hint="t has magnitudes of its own. What is the magnitude of S · t?",
)
def not_divided(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    return magnitude * _consistent(estimate, n_fft, hop_length, length)


@mutant(
    task="griffin_lim_step",
    name="NaN where the sound is silent",
    hint="A pause holds zeros: t = 0 and |t| = 0. What is 0 / 0, and what does one NaN do to the next ISTFT?",
)
def nan_in_silence(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    consistent = _consistent(estimate, n_fft, hop_length, length)
    with np.errstate(all="ignore"):
        return magnitude * consistent / np.abs(consistent)


@mutant(
    task="griffin_lim_step",
    name="the length not passed on",
    hint="Without `length`, signal.istft ends at the middle of the last frame. Which samples are then missing in t?",
)
def length_forgotten(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    y = istft(estimate, n_fft=n_fft, hop_length=hop_length)
    return magnitude * _phase(stft(y, n_fft=n_fft, hop_length=hop_length))


@mutant(
    task="griffin_lim_step",
    name="nothing where the sound is silent",
    hint="Where t is 0 your result is 0, so it stays silent for ever. Which magnitude is asked for there?",
)
def silence_stays_silent(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    consistent = _consistent(estimate, n_fft, hop_length, length)
    return magnitude * consistent / np.maximum(np.abs(consistent), 1e-10)


@mutant(
    task="griffin_lim_step",
    name="phases with the wrong sign",
    hint="exp(−iφ) turns the other way: it plays every frame backwards. Which sign has the phase of t?",
)
def conjugated(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    return magnitude * np.conj(_phase(_consistent(estimate, n_fft, hop_length, length)))


@mutant(
    task="griffin_lim_step",
    name="magnitudes without phases",
    hint="np.abs, or a real array, forgets the angle. What was the trip through the sound for?",
)
def phases_forgotten(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    return magnitude.astype(complex)


@mutant(
    task="griffin_lim_step",
    name="half of the old phase kept",
    hint="Your step mixes the old estimate with the new phases. Are the magnitudes of a sum the sum of the magnitudes?",
)
def half_a_step(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    return 0.5 * (estimate + magnitude * _phase(_consistent(estimate, n_fft, hop_length, length)))


@mutant(
    task="griffin_lim_step",
    name="the sound instead of its spectrogram",
    hint="The next step begins with a spectrogram again. What does istft return, and what comes after it?",
)
def a_sound_returned(estimate: Array, magnitude: Array, *, n_fft: int, hop_length: int, length: int) -> Array:
    return istft(estimate, n_fft=n_fft, hop_length=hop_length, length=length)


# ---------------------------------------------------------------- 2.4 a vector for a voice


def _unit(rows: Array) -> Array:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _statistics(states: Array, lengths: Array, *, missing: int = 0, floor: float = 1e-5) -> tuple[Array, Array]:
    """Mean and variance of each recording, divided by T − missing."""
    real = (np.arange(states.shape[1]) < lengths[:, None])[..., None]
    mean = np.where(real, states, 0).sum(axis=1) / lengths[:, None]
    squares = np.where(real, (states - mean[:, None]) ** 2, 0).sum(axis=1)
    return mean, squares / np.maximum(lengths[:, None] - missing, 1) + floor


def _embedded(mean: Array, spread: Array, weight: Array, bias: Array) -> Array:
    return np.concatenate([mean, spread], axis=1) @ weight.T + bias


@mutant(
    task="voice_embedding",
    name="padding counts",
    hint="The same recording in a batch with a longer one: should its voice change?",
)
def padded_voice(states: Array, _lengths: Array, weight: Array, bias: Array) -> Array:
    spread = np.sqrt(states.var(axis=1) + 1e-5)
    return _unit(_embedded(states.mean(axis=1), spread, weight, bias))


@mutant(
    task="voice_embedding",
    name="padding left out of the sums, but counted in the mean",
    hint="By what do you divide: by the frames of the array, or by those of the recording?",
)
def divided_by_the_longest(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    real = (np.arange(states.shape[1]) < lengths[:, None])[..., None]
    mean = np.where(real, states, 0).mean(axis=1)
    variance = np.where(real, (states - mean[:, None]) ** 2, 0).mean(axis=1)
    return _unit(_embedded(mean, np.sqrt(variance + 1e-5), weight, bias))


@mutant(
    task="voice_embedding",
    name="padding set to 0 before the mean is subtracted",
    hint="A frame of padding holds 0 in your answer. What does it hold after μ has been subtracted, and squared?",
)
def masked_too_soon(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    real = (np.arange(states.shape[1]) < lengths[:, None])[..., None]
    kept = np.where(real, states, 0)
    mean = kept.sum(axis=1) / lengths[:, None]
    variance = ((kept - mean[:, None]) ** 2).sum(axis=1) / lengths[:, None]
    return _unit(_embedded(mean, np.sqrt(variance + 1e-5), weight, bias))


@mutant(
    task="voice_embedding",
    name="all recordings cut to the shortest",
    hint="A voice should not depend on the rest of the batch. How many frames of the longest recording do you use?",
)
def cut_to_the_shortest(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    kept = states[:, : lengths.min()]
    return _unit(_embedded(kept.mean(axis=1), np.sqrt(kept.var(axis=1) + 1e-5), weight, bias))


@mutant(
    task="voice_embedding",
    name="one frame of padding too many in each recording",
    hint="A recording of 3 frames has the frames 0, 1 and 2. Is 3 < 3?",
)
def one_frame_too_many(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    mean, spread = _statistics(states, np.minimum(lengths + 1, states.shape[1]))
    return _unit(_embedded(mean, np.sqrt(spread), weight, bias))


@mutant(
    task="voice_embedding",
    name="a variance instead of a deviation",
    hint="σ is a square root. Where do you take it?",
)
def variance(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    return _unit(_embedded(*_statistics(states, lengths), weight, bias))


@mutant(
    task="voice_embedding",
    name="no unit length",
    hint="The comparison with other voices is by direction. How long are your vectors?",
)
def any_length(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    mean, spread = _statistics(states, lengths)
    return _embedded(mean, np.sqrt(spread), weight, bias)


@mutant(
    task="voice_embedding",
    name="unit length before the linear layer instead of after it",
    hint="What has to have the length 1: the statistics, or what the linear layer makes of them?",
)
def unit_too_soon(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    mean, spread = _statistics(states, lengths)
    return _unit(np.concatenate([mean, np.sqrt(spread)], axis=1)) @ weight.T + bias


@mutant(
    task="voice_embedding",
    name="unit length before the linear layer and after it",
    hint="How loud the states are is information that W was trained with. When do you throw it away?",
)
def unit_twice(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    return _unit(unit_too_soon(states, lengths, weight, bias))


@mutant(
    task="voice_embedding",
    name="divided by T − 1",
    hint="The formula is a mean over T frames. By what does ddof=1 divide?",
)
def one_less(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    mean, spread = _statistics(states, lengths, missing=1)
    return _unit(_embedded(mean, np.sqrt(spread), weight, bias))


@mutant(
    task="voice_embedding",
    name="deviation first, then mean",
    hint="The first half of W's columns was trained for the means. What do you multiply it with?",
)
def in_the_other_order(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    mean, spread = _statistics(states, lengths)
    return _unit(_embedded(np.sqrt(spread), mean, weight, bias))


@mutant(
    task="voice_embedding",
    name="the bias forgotten",
    hint="A linear layer is W x + b. Where is your b?",
)
def no_bias(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    mean, spread = _statistics(states, lengths)
    return _unit(_embedded(mean, np.sqrt(spread), weight, 0 * bias))


@mutant(
    task="voice_embedding",
    name="unit length across the batch instead of for each voice",
    hint="Should the vector of one recording depend on who else is in the batch? Along which axis is your norm?",
)
def norm_across_the_batch(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    embedding = any_length(states, lengths, weight, bias)
    return embedding / np.linalg.norm(embedding, axis=0, keepdims=True)


@mutant(
    task="voice_embedding",
    name="10⁻⁵ left out",
    hint="A state that never changes has the deviation 0 in your answer. What does the formula add under the root?",
)
def without_the_floor(states: Array, lengths: Array, weight: Array, bias: Array) -> Array:
    mean, spread = _statistics(states, lengths, floor=0.0)
    return _unit(_embedded(mean, np.sqrt(spread), weight, bias))


# ---------------------------------------------------------------- 2.5 speaking in a voice


def _spoken(
    states: Array,
    weights: Weights,
    *,
    rate: float,
    pitch_shift: float,
    of_durations: Array | None = None,
    of_pitch: Array | None = None,
    least: int = 1,
) -> Array:
    """Stages 2 to 4, with other states for the durations or for the pitch."""
    log_durations = (states if of_durations is None else of_durations) @ weights["duration"]
    durations = np.maximum(np.round(np.expm1(log_durations) / rate), least).astype(int)
    pitch = (states if of_pitch is None else of_pitch) @ weights["pitch"] + pitch_shift
    return np.repeat(states + pitch[:, None] * weights["pitch_embedding"], durations, axis=0) @ weights["mel"].T


@mutant(
    task="conditioned_frames",
    name="the voice added after the durations were predicted",
    hint="Let two speakers say the same sentence. Do they take equally long in your answer?",
)
def voice_after_durations(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    states = encoded + weights["voice"] @ voice
    return _spoken(states, weights, rate=rate, pitch_shift=pitch_shift, of_durations=encoded)


@mutant(
    task="conditioned_frames",
    name="the voice added after durations and pitch were predicted",
    hint="A low voice and a high voice: which of your stages knows which one speaks?",
)
def voice_after_everything(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    states = encoded + weights["voice"] @ voice
    return _spoken(states, weights, rate=rate, pitch_shift=pitch_shift, of_durations=encoded, of_pitch=encoded)


@mutant(
    task="conditioned_frames",
    name="the voice added after the pitch was predicted",
    hint="From which states is the pitch predicted: from those that know the voice?",
)
def voice_after_pitch(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    states = encoded + weights["voice"] @ voice
    return _spoken(states, weights, rate=rate, pitch_shift=pitch_shift, of_pitch=encoded)


@mutant(
    task="conditioned_frames",
    name="the voice in durations and pitch, but not in the states",
    hint="Stages 2 and 3 know who speaks. What is repeated in stage 4: x or h?",
)
def states_without_voice(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    states = encoded + weights["voice"] @ voice
    return _spoken(encoded, weights, rate=rate, pitch_shift=pitch_shift, of_durations=states, of_pitch=states)


@mutant(
    task="conditioned_frames",
    name="durations cut off instead of rounded",
    hint="2.9 frames are nearly 3. What does .astype(int) make of them, and what np.round?",
)
def durations_cut_off(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    states = encoded + weights["voice"] @ voice
    durations = np.maximum((np.exp(states @ weights["duration"]) - 1) / rate, 1).astype(int)
    pitch = states @ weights["pitch"] + pitch_shift
    return np.repeat(states + pitch[:, None] * weights["pitch_embedding"], durations, axis=0) @ weights["mel"].T


@mutant(
    task="conditioned_frames",
    name="no voice at all",
    hint="Which of your lines uses `voice`?",
)
def nobodys_voice(
    encoded: Array,
    voice: Array,
    weights: Weights,
    *,
    rate: float = 1.0,
    pitch_shift: float = 0.0,
) -> Array:
    return _spoken(encoded, weights, rate=rate, pitch_shift=pitch_shift)


@mutant(
    task="conditioned_frames",
    name="the rate multiplies",
    hint="With rate = 2 someone speaks twice as fast. Does a vowel then last twice as many frames, or half?",
)
def slower_instead_of_faster(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    return _spoken(encoded + weights["voice"] @ voice, weights, rate=1 / rate, pitch_shift=pitch_shift)


@mutant(
    task="conditioned_frames",
    name="the rate ignored",
    hint="Which of your lines uses `rate`?",
)
def one_rate(
    encoded: Array,
    voice: Array,
    weights: Weights,
    *,
    rate: float = 1.0,
    pitch_shift: float = 0.0,
) -> Array:
    return _spoken(encoded + weights["voice"] @ voice, weights, rate=1.0, pitch_shift=pitch_shift)


@mutant(
    task="conditioned_frames",
    name="the pitch shift lost",
    hint="Which of your lines uses `pitch_shift`?",
)
def shift_lost(
    encoded: Array,
    voice: Array,
    weights: Weights,
    *,
    rate: float = 1.0,
    pitch_shift: float = 0.0,
) -> Array:
    return _spoken(encoded + weights["voice"] @ voice, weights, rate=rate, pitch_shift=0.0)


@mutant(
    task="conditioned_frames",
    name="the pitch shift as a factor",
    hint="The pitch is in octaves, a logarithm. Twice the frequency is one octave more: is that added or multiplied?",
)
def shift_as_a_factor(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    states = encoded + weights["voice"] @ voice
    return _spoken(states, weights, rate=rate, pitch_shift=0.0, of_pitch=states * 2**pitch_shift)


@mutant(
    task="conditioned_frames",
    name="the pitch shift taken for semitones",
    hint="An octave has 12 semitones. In which unit does pitch_shift come?",
)
def shift_in_semitones(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    return _spoken(encoded + weights["voice"] @ voice, weights, rate=rate, pitch_shift=pitch_shift / 12)


@mutant(
    task="conditioned_frames",
    name="the pitch shift in Hz",
    hint="log₂(f / 100 Hz) is what the network predicts. What does adding 100 · 2^shift to it do?",
)
def shift_in_hertz(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    hertz = 100 * (2**pitch_shift - 1)
    return _spoken(encoded + weights["voice"] @ voice, weights, rate=rate, pitch_shift=hertz)


@mutant(
    task="conditioned_frames",
    name="the pitch predicted and not used",
    hint="Which frames change when p changes? Look for u in your answer.",
)
def pitch_not_used(
    encoded: Array,
    voice: Array,
    weights: Weights,
    *,
    rate: float = 1.0,
    pitch_shift: float = 0.0,
) -> Array:
    silent = weights | {"pitch_embedding": 0 * weights["pitch_embedding"]}
    return _spoken(encoded + weights["voice"] @ voice, silent, rate=rate, pitch_shift=0.0)


@mutant(
    task="conditioned_frames",
    name="durations e^p instead of e^p − 1",
    hint="The network predicts ln(1 + d). Which d belongs to p = 0?",
)
def one_frame_more(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    states = encoded + weights["voice"] @ voice
    durations = np.maximum(np.round(np.exp(states @ weights["duration"]) / rate), 1).astype(int)
    pitch = states @ weights["pitch"] + pitch_shift
    return np.repeat(states + pitch[:, None] * weights["pitch_embedding"], durations, axis=0) @ weights["mel"].T


@mutant(
    task="conditioned_frames",
    name="symbols of 0 frames",
    hint="At four times the rate some symbols are rounded to 0 frames. What is heard of them?",
)
def skipped_symbols(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    return _spoken(encoded + weights["voice"] @ voice, weights, rate=rate, pitch_shift=pitch_shift, least=0)


@mutant(
    task="conditioned_frames",
    name="the pitch of the frames' positions, not of their symbols",
    hint="After the length regulator, frame 2 need not belong to symbol 2. Whose pitch does it get from you?",
)
def pitch_of_another_symbol(
    encoded: Array, voice: Array, weights: Weights, *, rate: float = 1.0, pitch_shift: float = 0.0
) -> Array:
    states = encoded + weights["voice"] @ voice
    durations = np.maximum(np.round(np.expm1(states @ weights["duration"]) / rate), 1).astype(int)
    pitch = np.resize(states @ weights["pitch"] + pitch_shift, int(durations.sum()))
    frames = np.repeat(states, durations, axis=0) + pitch[:, None] * weights["pitch_embedding"]
    return frames @ weights["mel"].T


# ---------------------------------------------------------------- 2.6 judging clones


def _cosines(a: Array, b: Array) -> Array:
    return np.sum(a * b, axis=-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1))


def _scores(own: Array, foreign: Array, errors: Array, words: Array) -> Scores:
    rate = float(errors.sum() / words.sum())
    return float(own.mean()), float((own - foreign).mean()), float((own > foreign).mean()), rate


def _pairs(clones: Array, targets: Array, others: Array) -> tuple[Array, Array]:
    return _cosines(clones, targets), _cosines(clones[:, None], others)


@mutant(
    task="cloning_scores",
    name="the mean over other voices instead of the nearest",
    hint="A clone that is confused with one voice of ten is a failure. Does a mean over ten voices show it?",
)
def mean_of_the_others(clones: Array, targets: Array, others: Array, errors: Array, words: Array) -> Scores:
    own, foreign = _pairs(clones, targets, others)
    return _scores(own, foreign.mean(axis=1), errors, words)


@mutant(
    task="cloning_scores",
    name="the farthest of the other voices instead of the nearest",
    hint="A large cosine is near. Which of the other voices does min find?",
)
def farthest_of_the_others(clones: Array, targets: Array, others: Array, errors: Array, words: Array) -> Scores:
    own, foreign = _pairs(clones, targets, others)
    return _scores(own, foreign.min(axis=1), errors, words)


@mutant(
    task="cloning_scores",
    name="dot products of vectors of any length",
    hint="Make one vector twice as long. Is it another voice?",
)
def not_normalised(clones: Array, targets: Array, others: Array, errors: Array, words: Array) -> Scores:
    own = np.sum(clones * targets, axis=1)
    foreign = np.einsum("ns,nvs->nv", clones, others)
    return _scores(own, foreign.max(axis=1), errors, words)


@mutant(
    task="cloning_scores",
    name="the mean of the clones' error rates",
    hint="Two errors in a sentence of two words, none in one of twenty: is the word error rate 50 %?",
)
def mean_of_rates(clones: Array, targets: Array, others: Array, errors: Array, words: Array) -> Scores:
    own, foreign = _pairs(clones, targets, others)
    return *_scores(own, foreign.max(axis=1), errors, words)[:3], float(np.mean(errors / words))


@mutant(
    task="cloning_scores",
    name="a word error rate cut off at 1",
    hint="A recogniser that inserts words can make more errors than there are words. Should a score hide that?",
)
def cut_off_at_one(clones: Array, targets: Array, others: Array, errors: Array, words: Array) -> Scores:
    own, foreign = _pairs(clones, targets, others)
    similarity, margin, nearest, rate = _scores(own, foreign.max(axis=1), errors, words)
    return similarity, margin, nearest, min(rate, 1.0)


@mutant(
    task="cloning_scores",
    name="errors for each clone instead of each word",
    hint="What is the error *rate* of a sentence of 20 words with one error?",
)
def errors_for_each_clone(clones: Array, targets: Array, others: Array, errors: Array, words: Array) -> Scores:
    own, foreign = _pairs(clones, targets, others)
    return *_scores(own, foreign.max(axis=1), errors, words)[:3], float(np.mean(errors))


@mutant(
    task="cloning_scores",
    name="a clone compared with itself",
    hint="A similarity of exactly 1 for every clone is too good. Which two vectors do you compare?",
)
def compared_with_itself(clones: Array, _targets: Array, others: Array, errors: Array, words: Array) -> Scores:
    own, foreign = _pairs(clones, clones, others)
    return _scores(own, foreign.max(axis=1), errors, words)


@mutant(
    task="cloning_scores",
    name="the target compared with the other voices instead of the clone",
    hint="How far apart the true voices are says nothing about the clone. Whose distance to the others is the margin?",
)
def target_beside_the_others(clones: Array, targets: Array, others: Array, errors: Array, words: Array) -> Scores:
    foreign = _cosines(targets[:, None], others)
    return _scores(_cosines(clones, targets), foreign.max(axis=1), errors, words)


@mutant(
    task="cloning_scores",
    name="nearest counted over pairs instead of clones",
    hint="A clone that is nearest to someone else still counts for its other pairs in your answer. When is a "
    "clone right?",
)
def share_of_pairs(clones: Array, targets: Array, others: Array, errors: Array, words: Array) -> Scores:
    own, foreign = _pairs(clones, targets, others)
    similarity, margin, _, rate = _scores(own, foreign.max(axis=1), errors, words)
    return similarity, margin, float(np.mean(own[:, None] > foreign)), rate


@mutant(
    task="cloning_scores",
    name="the nearest over all clones instead of each one's own",
    hint="max without an axis finds one number. How many clones are there, and how many largest cosines do you need?",
)
def one_maximum_for_all(clones: Array, targets: Array, others: Array, errors: Array, words: Array) -> Scores:
    own, foreign = _pairs(clones, targets, others)
    return _scores(own, np.full(len(clones), foreign.max()), errors, words)


@mutant(
    task="cloning_scores",
    name="a tie counted as nearer",
    hint="The clone is exactly as near to another voice as to its target. Could you tell whose voice it is?",
)
def ties_count(clones: Array, targets: Array, others: Array, errors: Array, words: Array) -> Scores:
    own, foreign = _pairs(clones, targets, others)
    similarity, margin, _, rate = _scores(own, foreign.max(axis=1), errors, words)
    return similarity, margin, float(np.mean(own > foreign.max(axis=1) - 1e-9)), rate


@mutant(
    task="cloning_scores",
    name="a number of clones instead of their share",
    hint="Seven clones are right: of seven, or of seventy? What does the share say that the number does not?",
)
def number_of_nearest(clones: Array, targets: Array, others: Array, errors: Array, words: Array) -> Scores:
    own, foreign = _pairs(clones, targets, others)
    similarity, margin, share, rate = _scores(own, foreign.max(axis=1), errors, words)
    return similarity, margin, float(round(share * len(clones))), rate


# ---------------------------------------------------------------- 2.7 the voice of messy recordings


def _direction(vector: Array) -> Array:
    return vector / np.linalg.norm(vector)


@mutant(
    task="voice_from_recordings",
    name="the first recording",
    hint="One of five recordings is of someone else. How often is it the first?",
)
def first_recording(vectors: Array, _level_db: Array, _floor_db: Array) -> Array:
    return vectors[0]


@mutant(
    task="voice_from_recordings",
    name="the loudest recording",
    hint="Noise is loud, too. What does the level say about the voice?",
)
def loudest_recording(vectors: Array, level_db: Array, _floor_db: Array) -> Array:
    return vectors[np.argmax(level_db)]


@mutant(
    task="voice_from_recordings",
    name="the mean of all recordings",
    hint="Noise has a vector, too, and so has another speaker. How much do they weigh in your mean?",
)
def mean_of_all(vectors: Array, _level_db: Array, _floor_db: Array) -> Array:
    return _direction(vectors.mean(axis=0))


@mutant(
    task="voice_from_recordings",
    name="the recording that is most like the others",
    hint="Two recordings in noise are like each other because of the noise. Which of your recordings do you trust?",
)
def most_like_the_others(vectors: Array, _level_db: Array, _floor_db: Array) -> Array:
    return vectors[np.argmax((vectors @ vectors.T).sum(axis=0))]


@mutant(
    task="voice_from_recordings",
    name="a random voice",
    hint="A vector that no one's recording gave is no one's voice. Why do you not use the recordings?",
)
def random_voice(vectors: Array, _level_db: Array, _floor_db: Array) -> Array:
    return _direction(np.random.default_rng(0).normal(size=vectors.shape[1]))
