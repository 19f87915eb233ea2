"""SpeechT5 and its vocoder in miniature: the published classes with random weights, to see what their calls return."""

from __future__ import annotations

from typing import Any

import torch

from audiocourse.zoo import seeded


def tiny_speecht5(*, seed: int = 0) -> tuple[Any, Any]:
    """Build the two networks with the published interfaces: 80 bands, embeddings of 512 numbers, 256 samples a frame.

    They have not learned anything: their shapes are those of the published models, and their sound is noise. The stop
    token never comes, so that the length is `generate_speech`'s ``maxlenratio`` times the number of symbols.

    Returns
    -------
    model : transformers.SpeechT5ForTextToSpeech
        About 60 thousand weights in place of 144 million.
    vocoder : transformers.SpeechT5HifiGan
        In place of 13 million.

    Notebook: 03e_cloning
    """
    import transformers

    speech = transformers.SpeechT5Config(
        vocab_size=40,
        hidden_size=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        speech_decoder_prenet_units=16,
        speech_decoder_postnet_units=8,
        max_text_positions=60,
        max_speech_positions=240,
    )
    sound = transformers.SpeechT5HifiGanConfig(
        upsample_initial_channel=16,
        upsample_rates=[4, 4, 4, 4],
        upsample_kernel_sizes=[8, 8, 8, 8],
        resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1, 3]],
    )
    with seeded(seed):
        model = transformers.SpeechT5ForTextToSpeech(speech).eval()
        vocoder = transformers.SpeechT5HifiGan(sound).eval()
    with torch.no_grad():
        model.speech_decoder_postnet.prob_out.bias.fill_(-100)
    return model, vocoder
