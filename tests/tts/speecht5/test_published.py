"""The published SpeechT5: transformers' own classes with tiny random weights, in the shapes of the published ones."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from conftest import Refuses

from audiocourse.sounds import say
from audiocourse.tts.mel import MEL, MelParameters, MelSpectrogram, log_mel
from audiocourse.tts.speecht5 import published
from audiocourse.tts.speecht5.published import PublishedHifiGan, SpeechT5, load_xvector, speaker_embedding
from audiocourse.zoo import seeded

SENTENCE = "Hear the sound."
needs_sentencepiece = pytest.mark.skipif(
    importlib.util.find_spec("sentencepiece") is None, reason="SpeechT5's tokenizer needs sentencepiece"
)
needs_speechbrain = pytest.mark.skipif(
    importlib.util.find_spec("speechbrain") is None, reason="x-vectors need the package speechbrain"
)


@pytest.fixture(scope="module")
def hifigan() -> torch.nn.Module:
    import transformers

    config = transformers.SpeechT5HifiGanConfig(
        upsample_initial_channel=16,
        upsample_rates=[4, 4, 4, 4],
        upsample_kernel_sizes=[8, 8, 8, 8],
        resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1, 3]],
        initializer_range=0.2,
    )
    with seeded(1):
        return transformers.SpeechT5HifiGan(config)


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory, hifigan: torch.nn.Module) -> SpeechT5:
    """SpeechT5 with 80 bands and embeddings of 512 numbers, which holds 40 letters at once."""
    sentencepiece = pytest.importorskip("sentencepiece", reason="SpeechT5's tokenizer needs sentencepiece")
    import transformers

    folder = tmp_path_factory.mktemp("speecht5")
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["the quick brown fox jumps over a lazy dog, and back. is it' so?"] * 5),
        model_prefix=str(folder / "spm_char"),
        model_type="char",
        vocab_size=36,
        minloglevel=2,
    )
    config = transformers.SpeechT5Config(
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
        max_text_positions=42,
        max_speech_positions=120,
        initializer_range=0.1,  # wide, so that the embedding shows in the output
    )
    with seeded(2):
        model = transformers.SpeechT5ForTextToSpeech(config)
    with torch.no_grad():
        model.speech_decoder_postnet.prob_out.bias.fill_(-100)  # an untrained stop token comes at random
    tokenizer = transformers.SpeechT5Tokenizer(str(folder / "spm_char.model"))
    tts = SimpleNamespace(model=model, processor=SimpleNamespace(tokenizer=tokenizer), card=None)
    return SpeechT5.of(tts, SimpleNamespace(model=hifigan, processor=None, card=None))


def unit(seed: int, size: int = 512) -> np.ndarray:
    vector = np.random.default_rng(seed).normal(size=size)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


@needs_sentencepiece
def test_sound_has_256_samples_for_every_frame_at_16_khz(voice: SpeechT5) -> None:
    y, sr = voice.synthesize(SENTENCE, unit(1))
    mels = voice.predict(SENTENCE, unit(1))
    assert sr == 16_000
    assert (y.ndim, y.dtype, y.size) == (1, np.float32, 256 * sum(mel.values.shape[1] for mel in mels))
    assert np.abs(y).max() <= 1
    assert all(mel.parameters == MEL for mel in mels)


@needs_sentencepiece
def test_the_same_embedding_and_seed_give_the_same_sound_and_others_do_not(voice: SpeechT5) -> None:
    y, _ = voice.synthesize(SENTENCE, unit(1))
    torch.rand(3)  # what was drawn before does not matter
    again, _ = voice.synthesize(SENTENCE, unit(1))
    np.testing.assert_array_equal(y, again)
    for other in (voice.synthesize(SENTENCE, unit(2))[0], voice.synthesize(SENTENCE, unit(1), seed=1)[0]):
        assert other.shape != y.shape or np.abs(other - y).max() > 1e-4


@needs_sentencepiece
def test_it_equals_transformers_own_call(voice: SpeechT5) -> None:
    """generate_speech with the vocoder inside, from the letters of the normalised text."""
    ids = torch.tensor([voice.processor.tokenizer("hear two sounds.")["input_ids"]])
    voice.model.eval()
    voice.vocoder.model.eval()
    with seeded(5), torch.no_grad():
        speaker = torch.from_numpy(unit(3))[None]
        expected = voice.model.generate_speech(ids, speaker, vocoder=voice.vocoder.model, maxlenratio=5)
    y, _ = voice.synthesize("Hear 2 sounds.", unit(3), seed=5, max_frames_per_letter=5)
    np.testing.assert_allclose(y, expected.numpy(), atol=1e-6)  # the same operations on the same floats


@needs_sentencepiece
def test_mode_and_gradients_are_left_as_they_were(voice: SpeechT5) -> None:
    voice.model.train()
    voice.vocoder.model.train()
    trained = voice.synthesize(SENTENCE, unit(1))[0]
    assert voice.model.training
    assert voice.vocoder.model.training
    assert all(weight.grad is None for weight in voice.model.parameters())
    voice.model.eval()
    voice.vocoder.model.eval()
    np.testing.assert_array_equal(trained, voice.synthesize(SENTENCE, unit(1))[0])


@needs_sentencepiece
def test_a_long_text_is_cut_into_sentences(voice: SpeechT5) -> None:
    mels = voice.predict("The fox is quick. The dog is so lazy. It jumps over, and over, and back, and over.", unit(1))
    assert len(mels) == 4  # the last sentence has more than 40 letters and is cut at a comma
    long = "The fox jumps over the dog. " * 180
    assert len(long) > 5_000
    assert len(voice.predict(long, unit(1), max_frames_per_letter=0.1)) == 180


@needs_sentencepiece
def test_a_clause_that_is_too_long_is_refused(voice: SpeechT5, refuses: Refuses) -> None:
    with refuses("40", "comma"):
        voice.predict("the fox jumps over the dog and back and over and back and over", unit(1))


@needs_sentencepiece
def test_a_voice_that_never_stops_is_cut(voice: SpeechT5) -> None:
    limited = voice.predict(SENTENCE, unit(1), max_frames_per_letter=2)
    (free,) = voice.predict(SENTENCE, unit(1))
    letters = len(voice.processor.tokenizer("hear the sound.")["input_ids"])
    assert limited[0].values.shape[1] == 2 * letters
    assert 200 <= free.values.shape[1] < 240  # 20 per letter would pass the 120 positions of two frames


@needs_sentencepiece
def test_the_stop_token_ends_a_sentence(voice: SpeechT5, monkeypatch: pytest.MonkeyPatch) -> None:
    bias = voice.model.speech_decoder_postnet.prob_out.bias
    monkeypatch.setattr(bias, "data", torch.full_like(bias, 100))
    assert voice.predict(SENTENCE, unit(1))[0].values.shape[1] == 2  # one step of two frames


@needs_sentencepiece
def test_letters_without_a_sign_are_written_in_others_or_refused(voice: SpeechT5, refuses: Refuses) -> None:
    assert published._in_alphabet("Café-bar", voice.processor.tokenizer) == "cafe bar"
    with refuses("'ø'"):
        voice.predict("smørrebrød", unit(1))


@needs_sentencepiece
@pytest.mark.parametrize(
    ("speaker", "words"),
    [
        (np.random.default_rng(1).normal(size=512).astype(np.float32), ("length 20.8 instead of 1", "not a voice")),
        (unit(1, 256), ("(512,)", "(256,)")),
        (unit(1)[None], ("(1, 512)",)),
        (np.zeros(512, np.float32), ("length 0",)),
        (np.full(512, np.nan, np.float32), ("NaN",)),
        (np.ones(512, np.int64), ("float",)),
        (list(unit(1)), ("list",)),
    ],
)
def test_what_is_not_an_embedding_is_refused(
    speaker: np.ndarray, words: tuple[str, ...], voice: SpeechT5, refuses: Refuses
) -> None:
    with refuses("speaker_embedding", *words):
        voice.synthesize(SENTENCE, speaker)


@needs_sentencepiece
@pytest.mark.parametrize("text", ["", "...", "Привет"])
def test_text_that_cannot_be_said_is_refused(text: str, voice: SpeechT5, refuses: Refuses) -> None:
    with refuses():
        voice.synthesize(text, unit(1))


def test_the_wrong_model_is_refused(hifigan: torch.nn.Module, refuses: Refuses) -> None:
    loaded = SimpleNamespace(model=hifigan, processor=None, card=SimpleNamespace(name="mine"))
    with refuses("mine", "SpeechT5ForTextToSpeech"):
        SpeechT5.of(loaded, loaded)


def test_the_vocoder_takes_mel_spectrograms_of_this_chapter_alone(hifigan: torch.nn.Module, refuses: Refuses) -> None:
    vocode = PublishedHifiGan(hifigan)
    y = say("Go.").y
    mel = log_mel(y, 16_000)
    sound = vocode(mel)
    assert (sound.dtype, sound.shape) == (np.float32, (256 * mel.values.shape[1],))
    square = mel.values[:, np.arange(80) % mel.values.shape[1]]
    for array in (mel.values, mel.frames, square):
        with refuses("MelSpectrogram"):
            vocode(array)
    with refuses("log"):
        vocode(MelSpectrogram(mel.values, MelParameters(log="ln")))


def test_bands_and_frames_are_not_confused(hifigan: torch.nn.Module) -> None:
    """80 x 80, where shapes cannot tell: a vocoder that is local in time leaves what lies far from a change alone."""
    values = np.full((80, 80), -3, dtype=np.float32)
    changed = values.copy()
    changed[:, 70:] = 0
    vocode = PublishedHifiGan(hifigan)
    difference = np.abs(vocode(MelSpectrogram(values)) - vocode(MelSpectrogram(changed)))
    assert difference[: 50 * 256].max() == 0
    assert difference[70 * 256 :].max() > 1e-4


def test_a_vocoder_of_other_hops_is_refused(refuses: Refuses) -> None:
    import transformers

    config = transformers.SpeechT5HifiGanConfig(
        upsample_initial_channel=8, upsample_rates=[4, 4], upsample_kernel_sizes=[8, 8]
    )
    with refuses("hops of 16 samples", "speecht5_hifigan"):
        PublishedHifiGan(transformers.SpeechT5HifiGan(config))


class MeanSpectrum:
    """Stands in for a speechbrain encoder: the same method, shapes and types."""

    def encode_batch(self, wavs: torch.Tensor) -> torch.Tensor:
        return torch.fft.rfft(wavs, n=1022).abs()[:, None]  # (batch, 1, 512)


def test_an_embedding_has_length_one_and_depends_on_the_voice() -> None:
    low, high = (say("Read this, please.", voice=name).y for name in ("en-us+m3", "en-us+f2"))
    a, b = (speaker_embedding(y, 16_000, encoder=MeanSpectrum()) for y in (low, high))
    assert (a.shape, a.dtype) == ((512,), np.float32)
    assert np.linalg.norm(a) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(a, speaker_embedding(low / 2, 16_000, encoder=MeanSpectrum()), atol=1e-5)
    assert a @ b < 0.999


@pytest.mark.parametrize(
    ("y", "sr", "words"),
    [
        (np.ones(1_600, np.float32), 16_000, "too short"),
        (np.zeros(16_000, np.float32), 16_000, "silent"),
        (np.full(16_000, np.nan, np.float32), 16_000, "NaN"),
        (np.ones(16_000, np.float32), 22_050, "resample"),
        (np.ones((2, 16_000), np.float32), 16_000, "mono"),
    ],
)
def test_what_is_not_a_reference_is_refused(y: np.ndarray, sr: int, words: str, refuses: Refuses) -> None:
    with refuses(words):
        speaker_embedding(y, sr, encoder=MeanSpectrum())


def test_a_missing_speechbrain_is_one_sentence(monkeypatch: pytest.MonkeyPatch, refuses: Refuses) -> None:
    monkeypatch.setitem(sys.modules, "speechbrain", None)
    with refuses("pip install speechbrain"):
        load_xvector()


HYPERPARAMS = """
compute_features: !new:speechbrain.lobes.features.Fbank
    n_mels: 24
mean_var_norm: !new:speechbrain.processing.features.InputNormalization
    norm_type: sentence
    std_norm: False
embedding_model: !new:speechbrain.lobes.models.Xvector.Xvector
    in_channels: 24
    tdnn_blocks: 3
    tdnn_channels: [8, 8, 16]
    tdnn_kernel_sizes: [5, 3, 1]
    tdnn_dilations: [1, 2, 1]
    lin_neurons: 512
classifier: !new:speechbrain.lobes.models.Xvector.Classifier
    input_shape: [null, null, 512]
    lin_neurons: 8
    out_neurons: 4
modules:
    compute_features: !ref <compute_features>
    mean_var_norm: !ref <mean_var_norm>
    embedding_model: !ref <embedding_model>
    classifier: !ref <classifier>
pretrainer: !new:speechbrain.utils.parameter_transfer.Pretrainer
    loadables:
        embedding_model: !ref <embedding_model>
"""


@pytest.fixture
def unloaded() -> Iterator[None]:
    """Forget speechbrain afterwards: its lazy modules raise ImportError when hypothesis looks through sys.modules."""
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "speechbrain"]:
        del sys.modules[name]


@needs_speechbrain
@pytest.mark.usefixtures("unloaded")
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")  # speechbrain's own
def test_an_x_vector_network_of_speechbrain_runs_through_the_door(tmp_path: Path, refuses: Refuses) -> None:
    from speechbrain.lobes.models.Xvector import Xvector

    with seeded(3):
        network = Xvector(
            in_channels=24,
            tdnn_blocks=3,
            tdnn_channels=[8, 8, 16],
            tdnn_kernel_sizes=[5, 3, 1],
            tdnn_dilations=[1, 2, 1],
        )
    (tmp_path / "hyperparams.yaml").write_text(HYPERPARAMS)
    torch.save(network.state_dict(), tmp_path / "embedding_model.ckpt")
    encoder = load_xvector(tmp_path)
    y = say("Read this sentence aloud, please.").y
    embedding = speaker_embedding(y, 16_000, encoder=encoder)
    assert np.linalg.norm(embedding) == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(embedding, speaker_embedding(y, 16_000, encoder=encoder))
    other = speaker_embedding(say("Read this sentence aloud, please.", voice="en-us+m3").y, 16_000, encoder=encoder)
    assert np.abs(embedding - other).max() > 1e-4
    with refuses("hyperparams.yaml"):
        load_xvector(tmp_path / "elsewhere")
