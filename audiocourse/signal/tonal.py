"""Notes: names and numbers of pitches, how far an instrument is out of tune, and which notes sound when (chroma)."""

import numpy as np
from numpy.typing import NDArray

from audiocourse.arrays import FloatArray
from audiocourse.errors import AudioCourseError
from audiocourse.require import is_number, require_positive
from audiocourse.signal.level import Number
from audiocourse.signal.spectrum import hann, power_spectrogram, spectra

# The twelve pitch classes, class 0 first: notes without their octave.
PITCH_CLASSES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")

_A4_HZ = 440.0
_A4_MIDI = 69.0
_A5_MIDI = 81
_WIDTH = 24  # the range of most melodies: the filters fade out two octaves around 880 Hz
_PEAKS_HZ = (150.0, 4000.0)  # below, semitones are narrower than the bins of usual frames; above, overtones are sharp
_CENTS = 100


def hz_to_midi(hz: Number) -> Number:
    """Convert frequencies to MIDI note numbers; fractions lie between the keys of a piano.

    p = 69 + 12 · log₂(f / 440 Hz)

    Parameters
    ----------
    hz : float or np.ndarray [shape=(...)]
        f > 0 in Hz.

    Returns
    -------
    float or np.ndarray [shape=(...)]
        p, the MIDI note number in semitones: 60 is the middle C, 69 the A of 440 Hz.

    Raises
    ------
    AudioCourseError
        If a frequency is not positive, NaN or infinite.

    Examples
    --------
    >>> hz_to_midi(np.array([110.0, 440.0, 880.0]))
    array([45., 69., 81.])

    Source: MIDI Tuning Standard, MIDI Manufacturers Association.

    Notebook: 01d_pitch_and_rhythm
    """
    _require_hz(hz)
    midi: Number = _A4_MIDI + 12 * np.log2(hz / _A4_HZ)
    return midi


def midi_to_hz(midi: Number) -> Number:
    """Return the frequencies of numbered pitches.

    f = 440 Hz · 2^((p − 69) / 12): one semitone up multiplies the frequency by the twelfth root of 2.

    Parameters
    ----------
    midi : float or np.ndarray [shape=(...)]
        p in semitones, fractions allowed.

    Returns
    -------
    float or np.ndarray [shape=(...)]
        f in Hz.

    Raises
    ------
    AudioCourseError
        If p is NaN or not between −128 and 255, far beyond the limits of hearing.

    Examples
    --------
    >>> midi_to_hz(np.array([57.0, 69.0, 81.0]))
    array([220., 440., 880.])

    Source: MIDI Tuning Standard, MIDI Manufacturers Association.

    Notebook: 01d_pitch_and_rhythm
    """
    _require_midi(midi)
    hz: Number = _A4_HZ * np.exp2((midi - _A4_MIDI) / 12)
    return hz


def note_name(midi: float) -> str:
    """Name the note nearest to a pitch.

    n = ⌊p + ½⌋; class n mod 12, octave ⌊n / 12⌋ − 1, so that 60 is C4.

    Parameters
    ----------
    midi : float
        p, the MIDI note number.

    Returns
    -------
    str
        Name with a sharp where there is one, and octave.

    Raises
    ------
    AudioCourseError
        If p is not a single number, NaN, or not between −128 and 255.

    Examples
    --------
    >>> note_name(69), note_name(60.6), note_name(hz_to_midi(65.4))
    ('A4', 'C#4', 'C2')

    Notebook: 01d_pitch_and_rhythm
    """
    _require_midi(midi)
    if np.ndim(midi) > 0:
        raise AudioCourseError("note_name names one note: call it for each, [note_name(p) for p in pitches].")
    nearest = int(np.floor(midi + 0.5))
    return f"{PITCH_CLASSES[nearest % 12]}{nearest // 12 - 1}"


def pitch_class(hz: float | FloatArray) -> NDArray[np.int64]:
    """Return which of the twelve notes each frequency is nearest to, in any octave.

    c = ⌊69 + 12 · log₂(f / 440 Hz) + ½⌋ mod 12: 0 is C, 1 is C#, …, 9 is A, 11 is B.

    Parameters
    ----------
    hz : float or np.ndarray [shape=(...)]
        f > 0 in Hz.

    Returns
    -------
    np.ndarray [shape=(...)]
        c, whole numbers from 0 to 11, int64.

    Raises
    ------
    AudioCourseError
        If a frequency is not positive, NaN or infinite.

    Examples
    --------
    >>> pitch_class(np.array([440.0, 880.0, 261.6]))
    array([9, 9, 0])

    Notebook: 01d_pitch_and_rhythm
    """
    _require_hz(hz)
    nearest = np.floor(hz_to_midi(np.asarray(hz)) + 0.5)
    return np.asarray(np.mod(nearest, 12), dtype=np.int64)


def estimate_tuning(y: FloatArray, *, sr: int, n_fft: int, hop_length: int) -> float:
    """Measure how far all notes together lie above or below A4 = 440 Hz.

    The peaks of each frame's spectrum between 150 and 4000 Hz have pitches p; their distances p − ⌊p + ½⌋ to the
    nearest note go into a histogram of one-cent bins, each weighted by the height of its peak. The fullest bin wins.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float32 in [-1, 1], with notes in it: noise and speech have no tuning, and get a meaningless one.
    sr : int
        Sampling rate in Hz.
    n_fft : int
        Length of a frame in samples; about 0.1 s.
    hop_length : int
        Samples from frame to frame.

    Returns
    -------
    float
        Deviation in fractions of a semitone, in steps of 0.01 from −0.5 to 0.49. Half a semitone flat and half a
        semitone sharp are the same notes.

    Raises
    ------
    AudioCourseError
        If y is not mono, or no peak is found: silence, or frames too short to show one.

    Examples
    --------
    >>> sr = 22050
    >>> y = np.sin(2 * np.pi * midi_to_hz(60.3) * np.arange(sr) / sr)
    >>> estimate_tuning(y, sr=sr, n_fft=2048, hop_length=512)
    0.3

    Source: the histogram of deviations as in E. Gómez, "Tonal description of music audio signals", PhD thesis,
    Universitat Pompeu Fabra, 2006.

    Notebook: 01d_pitch_and_rhythm
    """
    require_positive(sr=sr)
    histogram = np.zeros(_CENTS)
    for block in spectra(y, n_fft=n_fft, hop_length=hop_length):
        position, height = _spectral_peaks(np.abs(block))  # (peaks,) each, those of all frames together
        hz = position * (sr / n_fft)
        musical = (hz >= _PEAKS_HZ[0]) & (hz < _PEAKS_HZ[1])
        cents = np.rint(_CENTS * hz_to_midi(hz[musical])).astype(np.int64) % _CENTS
        histogram += np.bincount(cents, weights=height[musical], minlength=_CENTS)
    if not histogram.any():
        raise AudioCourseError(
            "There are no spectral peaks between 150 and 4000 Hz to measure the tuning by: pass a passage with notes "
            "in it, in frames of about 0.1 s."
        )
    return float((np.argmax(histogram) + _CENTS // 2) % _CENTS - _CENTS // 2) / _CENTS


def chroma_filterbank(*, sr: int, n_fft: int, tuning: float = 0.0) -> FloatArray:
    """Compute the weights that add up all octaves of each note.

    W[c, k] = exp(−½ · (2 · d / b[k])²) / norm[k] · exp(−½ · ((p[k] − 81) / 24)²), with p[k] the MIDI number of
    f[k] = k · sr / N minus the tuning, d = p[k] − c brought into [−6, 6) by whole octaves, b[k] = p[k + 1] − p[k] the
    width of the bin but at least a semitone, norm[k] the root of the sum of squares over c. 0 Hz, which has no pitch,
    is put one and a half octaves below bin 1. The second factor prefers the range of melodies, around A5 = 880 Hz.

    Parameters
    ----------
    sr : int
        Sampling rate in Hz.
    n_fft : int
        N, in samples.
    tuning : float
        How much higher than A4 = 440 Hz the instruments are tuned, in semitones; see `estimate_tuning`.

    Returns
    -------
    np.ndarray [shape=(12, 1 + n_fft // 2)]
        W, float64. Row 0 is C, row 9 is A, as in `PITCH_CLASSES`.

    Raises
    ------
    AudioCourseError
        If N is below 4, or the tuning is not between −1 and 1.

    Examples
    --------
    >>> bank = chroma_filterbank(sr=22050, n_fft=4096)
    >>> PITCH_CLASSES[np.argmax(bank[:, round(440 * 4096 / 22050)])]
    'A'

    Source: D. P. W. Ellis, "Chroma feature analysis and synthesis", 2007.

    Notebook: 01d_pitch_and_rhythm
    """
    require_positive(sr=sr, n_fft=n_fft)
    if n_fft < 4:
        raise AudioCourseError(
            f"n_fft is {n_fft}, too short to tell notes apart: choose one of about 0.1 s, such as 2048."
        )
    _require_tuning(tuning)
    # p[k], 0 Hz one and a half octaves below bin 1, and b[k]
    bins = 1 + n_fft // 2
    pitch = np.empty(bins + 1)
    pitch[1:] = hz_to_midi(np.arange(1, bins + 1) * (sr / n_fft)) - tuning
    pitch[0] = pitch[1] - 18
    width = np.maximum(np.diff(pitch), 1)

    # W: how close each bin is to each note, times the weight of its octave
    distance = np.mod(pitch[:bins] - np.arange(12)[:, None] + 6, 12) - 6  # d : (12, bins)
    closeness = np.exp(-0.5 * (2 * distance / width) ** 2)
    closeness /= np.linalg.norm(closeness, axis=0)
    weights: FloatArray = closeness * np.exp(-0.5 * ((pitch[:bins] - _A5_MIDI) / _WIDTH) ** 2)
    return weights


def chroma(
    y: FloatArray, *, sr: int, n_fft: int, hop_length: int, tuning: float = 0.0, gate_db: float = -60.0
) -> FloatArray:
    """Show which of the twelve notes sound in each frame, all octaves of a note together.

    C[c, m] = R[c, m] / maxᵢ R[i, m], R[c, m] = Σₖ W[c, k] · |X[k, m]|², with X the centred `stft`, W the
    `chroma_filterbank`. Frames with a level below the gate are all zeros: divided by its own largest value, the noise
    of a quiet room would look like music. The level is L[m] = 10 · log₁₀( (2 / N) · Σₖ |X[k, m]|² / Σₙ w[n]² ),
    2 ≤ k ≤ N / 2 (the last one counted half), which is the mean square of the windowed frame without the offset of the
    sound card in the bins below 2.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float32 in [-1, 1].
    sr : int
        Sampling rate in Hz.
    n_fft : int
        N, in samples; about 0.1 s or more, or neighbouring low notes blur into each other.
    hop_length : int
        H, in samples.
    tuning : float
        How much higher than A4 = 440 Hz the instruments are tuned, in semitones; see `estimate_tuning`.
    gate_db : float
        The lowest level that counts as sound, in dB re full scale (a sine with peak 1 has −3.01). −inf opens the gate
        to everything but digital silence.

    Returns
    -------
    np.ndarray [shape=(12, frames)]
        C between 0 and 1, dtype as y, with frames as `stft`. Row 0 is C, row 9 is A, as in `PITCH_CLASSES`.

    Raises
    ------
    AudioCourseError
        If y is not mono, N is below 4, the tuning is not between −1 and 1, or the gate lies above 0 dB.

    Examples
    --------
    >>> y = 0.5 * np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> notes = chroma(y, sr=22050, n_fft=4096, hop_length=1024)
    >>> PITCH_CLASSES[np.argmax(notes[:, 10])], float(notes[:, 10].max())
    ('A', 1.0)

    Source: M. A. Bartsch and G. H. Wakefield, "To catch a chorus: using chroma-based representations for audio
    thumbnailing", WASPAA 2001.

    Notebook: 01d_pitch_and_rhythm
    """
    if not is_number(gate_db) or not gate_db <= 0:
        raise AudioCourseError(f"gate_db is {gate_db!r}, but levels below full scale are negative: try gate_db=-60.")
    bank = chroma_filterbank(sr=sr, n_fft=n_fft, tuning=tuning)
    filters = np.vstack([bank, _mean_square_weights(n_fft)])
    power = power_spectrogram(y, n_fft=n_fft, hop_length=hop_length, filters=filters)  # (13, frames)
    notes = power[:12]  # (12, frames)
    level = power[12]  # (frames,)
    loudest = notes.max(axis=0)
    audible = (level >= 10 ** (gate_db / 10)) & (loudest > 0)
    shares: FloatArray = np.divide(notes, loudest, out=np.zeros_like(notes), where=audible)
    return shares


def _mean_square_weights(n_fft: int) -> FloatArray:
    """Weights that turn |X[k]|² into the mean square of the frame without its offset, by Parseval's theorem."""
    mirrored = np.full(1 + n_fft // 2, 2.0)
    mirrored[:2] = 0  # the window spreads an offset over 0 Hz and its neighbour
    if n_fft % 2 == 0:
        mirrored[-1] = 1  # sr / 2 is its own mirror image
    return mirrored / (n_fft * np.sum(hann(n_fft) ** 2))


def _spectral_peaks(magnitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the position of each peak of each frame (row), in fractional bins, and its height.

    Peaks below a tenth of the highest of their frame are left out. From the magnitudes a, b, c of a peak and its
    neighbours, a tone lies 2 · (c − a) / (a + 2b + c) bins from the peak, exactly so with a Hann window (D. Agrež,
    IEEE Trans. Instrumentation and Measurement 51(2), 2002).
    """
    left = magnitude[:, :-2]  # (frames, bins − 2), as the next two
    middle = magnitude[:, 1:-1]
    right = magnitude[:, 2:]
    high = middle > 0.1 * magnitude.max(axis=1, keepdims=True)
    row, column = np.nonzero((middle > left) & (middle >= right) & high)  # (peaks,) each
    a, b, c = (part[row, column] for part in (left, middle, right))
    return column + 1 + 2 * (c - a) / (a + 2 * b + c), b


def _require_tuning(tuning: float) -> None:
    if not is_number(tuning) or not -1 <= tuning <= 1:
        raise AudioCourseError(
            f"tuning is {tuning!r}, but it is a fraction of a semitone from -1 to 1: divide cents by 100."
        )


def _require_hz(hz: float | FloatArray) -> None:
    _require_real(hz, "Frequencies")
    if np.any(np.less_equal(hz, 0)):
        raise AudioCourseError(
            f"There is a frequency of {np.min(hz):g} Hz, but only positive ones have a pitch: leave out frames without "
            "one."
        )


def _require_midi(midi: float | FloatArray) -> None:
    _require_real(midi, "Note numbers")
    if np.any(np.less(midi, -128)) or np.any(np.greater(midi, 255)):
        raise AudioCourseError(
            "There is a MIDI note number outside -128 to 255, far beyond the limits of hearing: convert frequencies "
            "with hz_to_midi first."
        )


def _require_real(values: float | FloatArray, subject: str) -> None:
    """Refuse anything but a real number or an array of finite ones."""
    array = values if isinstance(values, np.ndarray) else np.asarray(values) if is_number(values) else None
    if array is None or (array.dtype not in (np.float32, np.float64) and array.dtype.kind not in "iu"):
        kind = type(values).__name__ if array is None else f"dtype {array.dtype}"
        raise AudioCourseError(
            f"{subject} are real numbers or arrays of them, but this is {kind}: convert it with np.asarray(…, "
            "dtype=float)."
        )
    if not np.isfinite(array).all():
        raise AudioCourseError(
            f"{subject} are finite, but here is a NaN or infinity: leave out frames without a pitch."
        )
