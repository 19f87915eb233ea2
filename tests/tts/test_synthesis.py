"""One door: which model, which voice, which vocoder."""

from __future__ import annotations

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.tts.synthesis import synthesize, vocoder_named
from audiocourse.tts.utterances import SR, english_speakers, utterance

REFERENCE = (utterance(english_speakers(split="held-out")[3], "Fresh coffee is on the table.", seed=0).speech.y, SR)


@pytest.mark.parametrize("vocoder", ["griffin-lim", "hifigan-mini"])
def test_the_bundled_models_speak(vocoder: str) -> None:
    y, sr = synthesize("Good morning.", reference=REFERENCE, vocoder=vocoder)
    assert sr == SR and y.dtype == np.float32
    assert 0.5 < y.size / sr < 2.5
    assert np.sqrt(np.mean(y**2)) > 0.005  # −46 dB re full scale: a voice, not silence


def test_what_is_missing_or_unknown_is_named() -> None:
    with pytest.raises(AudioCourseError, match="reference"):
        synthesize("Hello.")
    with pytest.raises(AudioCourseError, match="fastspeech-mini"):
        synthesize("Hello.", model="fastspeech", reference=REFERENCE)
    with pytest.raises(AudioCourseError, match="griffin-lim"):
        vocoder_named("wavenet")
    with pytest.raises(AudioCourseError, match="one voice"):
        synthesize("Hello.", model="tacotron-mini", reference=REFERENCE)
