"""Sound as numbers: what every chapter stands on.

==============  =========================================================================================
``arrays``      what audio and frames look like, and the sentence when an array looks different
``io``          files in and out, channels, sampling rates, 16-bit integers
``frames``      cutting a signal into overlapping frames, and when each frame is
``level``       root mean square, decibels, full scale
``crossings``   zero crossings, with the offset of the sound card removed
``spectrum``    window, Fourier transforms and the way back, spectra in dB re a full-scale sine
``mel``         the mel scale, its filterbank, the mel spectrogram
``cepstrum``    mel-frequency cepstral coefficients, their slopes, their normalisation
==============  =========================================================================================

Audio is float32 in [-1, 1], ``(samples,)`` or ``(channels, samples)``; frames are ``(frame_length, frames)``; features
are ``(features, frames)`` or ``(frames,)``. Nothing is resampled, mixed down or clipped unless asked for.
"""

from audiocourse.signal.arrays import (
    BoolArray,
    ComplexArray,
    FloatArray,
    require_audio,
    require_frames,
    require_mono,
    require_positive,
)
from audiocourse.signal.cepstrum import cepstrum, cmvn, dct_basis, delta, mfcc
from audiocourse.signal.crossings import remove_dc, zero_crossing_rate
from audiocourse.signal.frames import frame, frame_count, frame_times, pad_to_frames
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

__all__ = [
    "BoolArray",
    "ComplexArray",
    "FloatArray",
    "Recording",
    "amplitude_to_db",
    "cepstrum",
    "cmvn",
    "db_to_amplitude",
    "db_to_power",
    "dct_basis",
    "delta",
    "duration_seconds",
    "fft_frequencies",
    "frame",
    "frame_count",
    "frame_level_db",
    "frame_times",
    "from_pcm",
    "hann",
    "hz_to_mel",
    "istft",
    "magnitude_dbfs",
    "mel_filterbank",
    "mel_frequencies",
    "mel_spectrogram",
    "mel_to_hz",
    "mel_triangles",
    "mfcc",
    "overlap_add",
    "pad_to_frames",
    "peak_db",
    "power_spectrogram",
    "power_to_db",
    "read",
    "remove_dc",
    "require_audio",
    "require_frames",
    "require_mono",
    "require_positive",
    "resample",
    "resynthesise",
    "rms",
    "spectra",
    "spectrogram_dbfs",
    "spectrum_dbfs",
    "stft",
    "stft_frame_count",
    "to_mono",
    "to_pcm16",
    "write",
    "zero_crossing_rate",
]
