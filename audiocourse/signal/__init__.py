"""Sound as numbers: the foundation of every chapter.

==============  =========================================================================================
``io``          files in and out, channels, sampling rates, 16-bit integers
``frames``      overlapping frames of a signal, and the time of each
``level``       root mean square, decibels, full scale
``crossings``   zero crossings, with the offset of the sound card removed
``spectrum``    window, Fourier transforms and their inverses, spectra in dB re a full-scale sine
``mel``         the mel scale, its filterbank, the mel spectrogram
``quantise``    bit depth, dither, signal to error ratio
``sampling``    aliases, low-pass filters, fewer samples, resampling
``griffin_lim`` a sound from a magnitude spectrogram: estimating the phases
``descriptors`` one number for a spectrum: centroid, bandwidth, rolloff, flatness
``cepstrum``    mel-frequency cepstral coefficients, their slopes, their normalisation
``tonal``       notes, pitch classes, tuning, chroma
``cqt``         constant-Q transform
``pitch``       fundamental frequency: ``pitch.yin``, ``pitch.pyin``, intervals in ``pitch.cents``
``viterbi``     the most likely path through the states of a hidden Markov model
``onsets``      onset strength, and the times at which sounds begin
``beats``       tempo with its metrical alternatives, beats
==============  =========================================================================================

Audio is float32 in [-1, 1], ``(samples,)`` or ``(channels, samples)``; frames are ``(frame_length, frames)``; features
are ``(features, frames)`` or ``(frames,)``. Nothing is resampled, mixed down or clipped unless asked for.
"""

from audiocourse.arrays import BoolArray, ComplexArray, FloatArray, IntArray
from audiocourse.signal.beats import (
    TempoCandidate,
    TempoEstimate,
    autocorrelation,
    beat_frames,
    beat_times,
    dominant_bpm,
    tempo,
    tempogram,
)
from audiocourse.signal.cepstrum import cepstrum, cmvn, dct_basis, delta, mfcc
from audiocourse.signal.cqt import cqt, cqt_frequencies, cqt_quality
from audiocourse.signal.crossings import remove_dc, zero_crossing_rate
from audiocourse.signal.descriptors import (
    spectral_bandwidth,
    spectral_centroid,
    spectral_flatness,
    spectral_rolloff,
)
from audiocourse.signal.frames import frame, frame_count, frame_times, pad_to_frames
from audiocourse.signal.griffin_lim import griffin_lim, spectral_convergence
from audiocourse.signal.io import Recording, duration_seconds, from_pcm, read, resample, to_mono, to_pcm16, write
from audiocourse.signal.level import (
    amplitude_to_db,
    db_to_amplitude,
    db_to_power,
    frame_level_db,
    peak_db,
    power_to_db,
    rms,
)
from audiocourse.signal.mel import hz_to_mel, mel_filterbank, mel_frequencies, mel_spectrogram, mel_to_hz, mel_triangles
from audiocourse.signal.onsets import (
    frames_to_seconds,
    onset_frames,
    onset_strength,
    onset_times,
    pick_peaks,
)
from audiocourse.signal.pitch.cents import cents_apart, hz_to_cents
from audiocourse.signal.pitch.pyin import PitchTrack, dip_probabilities, pyin
from audiocourse.signal.pitch.yin import (
    cumulative_mean_normalised_difference,
    difference_function,
    first_dip,
    parabolic_offset,
    yin,
)
from audiocourse.signal.quantise import quantisation_snr_db, quantise, snr_db
from audiocourse.signal.sampling import alias_frequency, decimate, filter_fir, lowpass, resample_sinc
from audiocourse.signal.spectrum import (
    fft_frequencies,
    hann,
    istft,
    magnitude_dbfs,
    overlap_add,
    power_spectrogram,
    resynthesise,
    spectra,
    spectrogram_dbfs,
    spectrum_dbfs,
    stft,
    stft_frame_count,
)
from audiocourse.signal.tonal import (
    PITCH_CLASSES,
    chroma,
    chroma_filterbank,
    estimate_tuning,
    hz_to_midi,
    midi_to_hz,
    note_name,
    pitch_class,
)
from audiocourse.signal.viterbi import viterbi_banded

__all__ = [
    "PITCH_CLASSES",
    "BoolArray",
    "ComplexArray",
    "FloatArray",
    "IntArray",
    "PitchTrack",
    "Recording",
    "TempoCandidate",
    "TempoEstimate",
    "alias_frequency",
    "amplitude_to_db",
    "autocorrelation",
    "beat_frames",
    "beat_times",
    "cents_apart",
    "cepstrum",
    "chroma",
    "chroma_filterbank",
    "cmvn",
    "cqt",
    "cqt_frequencies",
    "cqt_quality",
    "cumulative_mean_normalised_difference",
    "db_to_amplitude",
    "db_to_power",
    "dct_basis",
    "decimate",
    "delta",
    "difference_function",
    "dip_probabilities",
    "dominant_bpm",
    "duration_seconds",
    "estimate_tuning",
    "fft_frequencies",
    "filter_fir",
    "first_dip",
    "frame",
    "frame_count",
    "frame_level_db",
    "frame_times",
    "frames_to_seconds",
    "from_pcm",
    "griffin_lim",
    "hann",
    "hz_to_cents",
    "hz_to_mel",
    "hz_to_midi",
    "istft",
    "lowpass",
    "magnitude_dbfs",
    "mel_filterbank",
    "mel_frequencies",
    "mel_spectrogram",
    "mel_to_hz",
    "mel_triangles",
    "mfcc",
    "midi_to_hz",
    "note_name",
    "onset_frames",
    "onset_strength",
    "onset_times",
    "overlap_add",
    "pad_to_frames",
    "parabolic_offset",
    "peak_db",
    "pick_peaks",
    "pitch_class",
    "power_spectrogram",
    "power_to_db",
    "pyin",
    "quantisation_snr_db",
    "quantise",
    "read",
    "remove_dc",
    "resample",
    "resample_sinc",
    "resynthesise",
    "rms",
    "snr_db",
    "spectra",
    "spectral_bandwidth",
    "spectral_centroid",
    "spectral_convergence",
    "spectral_flatness",
    "spectral_rolloff",
    "spectrogram_dbfs",
    "spectrum_dbfs",
    "stft",
    "stft_frame_count",
    "tempo",
    "tempogram",
    "to_mono",
    "to_pcm16",
    "viterbi_banded",
    "write",
    "yin",
    "zero_crossing_rate",
]
