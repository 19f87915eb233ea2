"""Chapter 3, text-to-speech: from a sentence to a voice that speaks it.

==============  ================================================================================================
``normalise``   numbers, dates, units, abbreviations and symbols in words; ``numbers`` spells the numbers
``text``        phones, pauses and their frames
``mel``         the mel spectrogram between a network and its vocoder, and what its numbers mean
``tacotron``    frame by frame, looking at the text with attention; ``tacotron2`` knows where it has been
``fastspeech``  all frames at once, from predicted durations, in the voice of a reference recording
``vocoders``    from mel spectrograms to sound: Griffin-Lim, WaveNet, WaveGlow, MelGAN, HiFi-GAN
``speecht5``    the published SpeechT5, its vocoder and its speaker embeddings
``coqui``       models of Coqui TTS from a folder
``cloning``     consent, similarity of voices, watermark, detection of synthetic speech
``scoring``     distances between mel spectrograms, real-time factors
``utterances``  synthetic sentences for training and testing
``practice``    what exists for single notebooks
``training``    how the bundled models are trained: ``audiocourse train fastspeech-mini | hifigan-mini | …``
==============  ================================================================================================

The references of tasks can be imported from here, whichever module defines them.
"""

from audiocourse.lazy import lazy_names

__getattr__ = lazy_names(
    __name__,
    {
        "cloning.detection": ("equal_error_rate",),
        "cloning.from_scratch": ("cloning_scores", "voice_embedding"),
        "cloning.similarity": ("nearest_share",),
        "cloning.watermark": ("correlation_z",),
        "fastspeech.from_scratch": ("average_by_symbol", "durations_at_rate", "length_regulate", "log_duration_loss"),
        "fastspeech.linear": ("conditioned_frames",),
        "numbers": ("spell_number",),
        "tacotron.alignment": ("guided_attention_weights",),
        "tacotron.from_scratch": ("frames_until_stop",),
        "tacotron2.from_scratch": ("location_features",),
        "text": ("frame_durations",),
        "vocoders.from_scratch": ("coupling_inverse", "receptive_field"),
        "vocoders.mu_law": ("mu_law_encode",),
        "vocoders.griffin_lim_step": ("griffin_lim_step",),
    },
)
