"""Chapter 2, speech recognition: from a sound to its words.

==============  ================================================================================================
``ctc``         a label or a blank for each frame, the sum over all paths, search, alignment
``attention``   an encoder, and a decoder that looks back at all of the sound
``wav2vec2``    learning from sound without text; the published recogniser in use
``whisper``     sound of any length in, language and words out
``streaming``   words while a person speaks: ring buffer, local agreement, end of speech, latency
``scoring``     word and character error rates, in total and for each group
``utterances``  synthetic utterances for training and testing
``practice``    simulators that exist for the notebooks
``training``    how the bundled models are trained: ``audiocourse train ctc-mini | whisper-mini``
==============  ================================================================================================

The references of tasks can be imported from here, whichever module defines them.
"""

from audiocourse.lazy import lazy_names

__getattr__ = lazy_names(
    __name__,
    {
        "attention.from_scratch": ("masked_attention", "shift_right"),
        "ctc.alignment": ("label_spans",),
        "ctc.from_scratch": ("ctc_collapse", "ctc_forward"),
        "ctc.search": ("grow_prefix",),
        "scoring": ("edit_distance", "rates_by_group"),
        "streaming.agreement": ("LocalAgreement", "common_prefix", "new_words"),
        "streaming.buffers": ("Chunker", "RingBuffer"),
        "streaming.endpointing": ("Endpointer",),
        "streaming.latency": ("latency_report", "ready_times"),
        "wav2vec2.from_scratch": ("contrastive_loss", "hide_spans"),
        "whisper.features": ("whisper_log_mel",),
        "whisper.search": ("believable", "greedy_decode", "sampling_probabilities"),
        "whisper.tokens": ("forced_prompt", "language_probabilities"),
        "whisper.windows": ("stitch_words", "window_starts"),
    },
)
