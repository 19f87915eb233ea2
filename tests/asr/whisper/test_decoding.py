"""Tokens: prompts, what may come next, greedy and drawn text, all beside transformers' own `generate`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from asr.tiny_whisper import tiny_whisper

from audiocourse.asr.whisper import decoding
from audiocourse.asr.whisper.decoding import DecoderSteps, attention_weights, decode, encode
from audiocourse.asr.whisper.features import whisper_features
from audiocourse.asr.whisper.published import Whisper
from audiocourse.asr.whisper.search import (
    NextScores,
    believable,
    compression_ratio,
    greedy_decode,
    sampling_probabilities,
)
from audiocourse.asr.whisper.tokens import WhisperTokens, allowed_scores, language_probabilities
from audiocourse.signal import FloatArray

TOKENS = WhisperTokens(start=10, end=9, languages={"de": 11, "en": 12}, tasks={"transcribe": 13}, no_timestamps=14)
TIMED = WhisperTokens(10, 9, {"de": 11}, {"transcribe": 13}, 14, no_speech=15, first_timestamp=20)
Heard = tuple[Whisper, FloatArray, torch.Tensor]


def heard(*, seed: int, timestamps: bool = False) -> Heard:
    """A random model, the features of some noise, and what the encoder makes of them."""
    whisper = Whisper.of(tiny_whisper(seed=seed, timestamps=timestamps))
    y = np.random.default_rng(seed).normal(0, 0.1, 32_000).astype(np.float32)
    features = whisper_features(y, 16_000, front=whisper.front)
    return whisper, features, encode(whisper.model, features)


def generated(whisper: Whisper, features: FloatArray, *, timestamps: bool) -> list[int]:
    batch = torch.from_numpy(features)[None]
    text = whisper.model.generate(batch, language="de", task="transcribe", return_timestamps=timestamps, num_beams=1)
    found: list[int] = text[0].tolist()
    return found


def test_the_special_tokens_are_read_from_the_tokenizer() -> None:
    loaded = tiny_whisper(timestamps=True)
    tokens = Whisper.of(loaded).tokens
    spelt = loaded.processor.tokenizer.convert_ids_to_tokens
    assert spelt([tokens.start, tokens.end, tokens.no_timestamps, tokens.no_speech, tokens.first_timestamp]) == [
        "<|startoftranscript|>",
        "<|endoftext|>",
        "<|notimestamps|>",
        "<|nospeech|>",
        "<|0.00|>",
    ]
    assert {name: spelt(token) for name, token in tokens.languages.items()} == {
        "de": "<|de|>",
        "en": "<|en|>",
        "fr": "<|fr|>",
    }
    assert list(tokens.tasks) == ["transcribe"]
    assert Whisper.of(tiny_whisper()).tokens.first_timestamp is None


def test_the_prompt() -> None:
    assert TOKENS.prompt("en") == [10, 12, 13, 14]
    assert TIMED.prompt("de", timestamps=True) == [10, 11, 13]


def test_prompts_that_a_checkpoint_does_not_know_are_refused(refuses) -> None:
    with refuses("'xx'", "de, en"):
        TOKENS.prompt("xx")
    with refuses("'translate'", "transcribe"):
        TOKENS.prompt("de", task="translate")
    with refuses("timestamps=False"):
        TOKENS.prompt("de", timestamps=True)


def test_languages_are_compared_among_themselves(rng: np.random.Generator) -> None:
    logits = rng.normal(size=16)
    first = language_probabilities(logits, TOKENS.languages)
    logits[:9] += 50  # whatever the words get
    assert language_probabilities(logits, TOKENS.languages) == pytest.approx(first)
    assert sum(first.values()) == pytest.approx(1)
    assert language_probabilities(1e4 * np.ones(16), TOKENS.languages)["de"] == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(4))
def test_language_is_that_of_transformers(seed: int) -> None:
    whisper, features, hidden = heard(seed=seed)
    likely = language_probabilities(whisper.first_scores(hidden), whisper.tokens.languages)
    theirs = whisper.model.detect_language(torch.from_numpy(features)[None]).item()
    assert whisper.tokens.languages[max(likely, key=likely.__getitem__)] == theirs


@pytest.mark.parametrize("seed", range(4))
def test_greedy_text_is_that_of_transformers(seed: int) -> None:
    whisper, features, hidden = heard(seed=seed)
    ours = decode(whisper.model, hidden, whisper.tokens.prompt("de"), tokens=whisper.tokens)
    assert list(ours.tokens) == generated(whisper, features, timestamps=False)
    assert len(set(ours.tokens)) > 2  # a model that says one thing only would prove nothing


@pytest.mark.parametrize("seed", range(4))
def test_greedy_text_with_times_is_that_of_transformers(seed: int) -> None:
    """Theirs ends with the last complete segment, ours says all that was written."""
    whisper, features, hidden = heard(seed=seed, timestamps=True)
    ours = decode(whisper.model, hidden, whisper.tokens.prompt("de", timestamps=True), tokens=whisper.tokens)
    theirs = generated(whisper, features, timestamps=True)
    assert len(theirs) >= 4
    assert list(ours.tokens[: len(theirs)]) == theirs


def test_the_cache_changes_nothing() -> None:
    whisper, _, hidden = heard(seed=1)
    prompt = whisper.tokens.prompt("fr")
    steps, tokens = DecoderSteps(whisper.model, hidden), [*prompt]
    for token in (4, 0, 7, 7):
        with torch.no_grad():
            whole = whisper.model(decoder_input_ids=torch.tensor([tokens]), encoder_outputs=(hidden,)).logits[0, -1]
        np.testing.assert_allclose(steps(tokens), whole.numpy(), atol=1e-4)  # float32, summed in another order
        tokens = [*tokens, token]


def test_steps_go_forwards_only(refuses) -> None:
    whisper, _, hidden = heard(seed=1)
    steps = DecoderSteps(whisper.model, hidden)
    steps([18, 19])
    with refuses("do not continue"):
        steps([18, 20, 21])


def test_how_sure_the_decoder_was() -> None:
    """The mean over all tokens and the end, after what is forbidden has been taken out."""
    whisper, _, hidden = heard(seed=3)
    prompt = whisper.tokens.prompt("de")
    ours = decode(whisper.model, hidden, prompt, tokens=whisper.tokens)
    total, said = 0.0, list(ours.tokens)
    for n, token in enumerate(said):
        with torch.no_grad():
            row = torch.tensor([[*prompt, *said[:n]]])
            logits = whisper.model(decoder_input_ids=row, encoder_outputs=(hidden,)).logits[0, -1].numpy()
        scores = allowed_scores(logits, said[:n], tokens=whisper.tokens)
        total += scores[token] - np.log(np.exp(scores - scores.max()).sum()) - scores.max()
    assert ours.mean_log_probability == pytest.approx(total / len(said), abs=1e-4)  # float32 with and without a cache


def test_the_end_counts_among_the_tokens_of_which_the_decoder_was_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    whisper, _, hidden = heard(seed=1)
    size, prompt = whisper.model.config.vocab_size, whisper.tokens.prompt("de")

    def three_steps(*_: object) -> NextScores:
        """7 with 80 %, 8 with 60 %, then the end with 50 %."""
        plan = {4: (7, 0.8), 5: (8, 0.6), 6: (whisper.tokens.end, 0.5)}

        def logits(so_far: list[int]) -> FloatArray:
            token, probability = plan[len(so_far)]
            allowed = np.isfinite(allowed_scores(np.zeros(size), so_far[4:], tokens=whisper.tokens)).sum()
            return np.log(np.where(np.arange(size) == token, probability, (1 - probability) / (allowed - 1)))

        return logits

    monkeypatch.setattr(decoding, "DecoderSteps", three_steps)
    ours = decode(whisper.model, hidden, prompt, tokens=whisper.tokens)
    assert ours.tokens == (7, 8)
    np.testing.assert_allclose(np.exp(ours.log_probabilities), [0.8, 0.6, 0.5])
    assert ours.mean_log_probability == pytest.approx(np.log(0.8 * 0.6 * 0.5) / 3)


def test_drawing_is_decided_by_the_generator_and_follows_the_temperature() -> None:
    whisper, _, hidden = heard(seed=3)

    def drawn(temperature: float, seed: int) -> tuple[int, ...]:
        rng = np.random.default_rng(seed)
        prompt = whisper.tokens.prompt("de")
        return decode(whisper.model, hidden, prompt, tokens=whisper.tokens, temperature=temperature, rng=rng).tokens

    assert drawn(1.0, 1) == drawn(1.0, 1) != drawn(1.0, 2)
    assert drawn(1e-6, 1) == drawn(0.0, 2)


def test_temperatures_that_make_no_sense_are_refused(refuses) -> None:
    whisper, _, hidden = heard(seed=3)
    for options in ({"temperature": -1.0}, {"temperature": 0.5}):
        with refuses("pass rng"):
            decode(whisper.model, hidden, whisper.tokens.prompt("de"), tokens=whisper.tokens, **options)


def test_drawn_tokens_have_the_probabilities_of_the_temperature() -> None:
    """The Gumbel trick draws as the formula says: 4000 first tokens of a decoder that always expects the same."""
    logits = np.array([0.0, 1.0, 2.0, -np.inf])
    rng = np.random.default_rng(5)
    drawn = np.argmax(logits / 0.7 + rng.gumbel(size=(4000, 4)), axis=1)
    expected = sampling_probabilities(logits, temperature=0.7)
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 4000, expected, atol=0.025)  # 3 standard deviations


def test_temperature_sharpens_and_flattens(refuses) -> None:
    z = np.array([3.0, 1.0, 0.0])
    cold, warm = (sampling_probabilities(z, temperature=t) for t in (0.1, 100.0))
    np.testing.assert_allclose(cold, [1, 0, 0], atol=1e-8)
    np.testing.assert_allclose(warm, 1 / 3, atol=0.01)
    np.testing.assert_allclose(sampling_probabilities(z + 1e6, temperature=1.0), np.exp(z) / np.exp(z).sum())
    with refuses("temperature of 0"):
        sampling_probabilities(z, temperature=0)


def test_greedy_decoding_stops_at_the_end_or_at_the_limit() -> None:
    def counting(tokens: list[int]) -> FloatArray:
        return np.eye(50)[tokens[-1] + 1]

    assert greedy_decode(counting, [3], end=6, max_new_tokens=10) == [4, 5]
    assert greedy_decode(counting, [3], end=40, max_new_tokens=4) == [4, 5, 6, 7]
    assert greedy_decode(counting, [3], end=4, max_new_tokens=4) == []


def test_what_is_never_text_and_what_never_begins_one() -> None:
    tokens = WhisperTokens(10, 9, {}, {}, 14, suppress_tokens=(1, 2), begin_suppress_tokens=(3,))
    at_first, later = (allowed_scores(np.zeros(16), written, tokens=tokens) for written in ([], [5]))
    assert np.flatnonzero(np.isinf(at_first)).tolist() == [1, 2, 3]
    assert np.flatnonzero(np.isinf(later)).tolist() == [1, 2]


def times_allowed(*written: int) -> tuple[bool, list[int]]:
    """Whether text may come next, and which times (0 is 0.00 s), for a model to which all is equally likely."""
    logits = np.where(np.arange(90) < 20, 5.0, 0.0)  # a word is likelier than all times together
    scores = allowed_scores(logits, list(written), tokens=TIMED, timestamps=True)
    return bool(np.isfinite(scores[:9]).any()), np.flatnonzero(np.isfinite(scores[20:])).tolist()


def test_times_stand_in_pairs_and_never_go_back() -> None:
    every = list(range(70))
    assert times_allowed() == (False, list(range(51)))  # first a time, within the first second
    assert times_allowed(20) == (True, [])  # after the beginning: text
    assert times_allowed(25, 1) == (True, every[6:])  # a segment takes time
    assert times_allowed(25, 1, 30) == (False, every[10:])  # the end of one: the beginning of the next
    assert times_allowed(25, 1, 30, 30) == (True, [])
    assert times_allowed(25, 1, 30, 30, 2) == (True, every[11:])


def test_times_that_are_likelier_together_than_any_word_win() -> None:
    logits = np.zeros(90)
    logits[4] = 2.0  # ln of the sum of the times' exponentials is ln 64 > 4: each time loses, together they win
    scores = allowed_scores(logits, [20, 4], tokens=TIMED, timestamps=True)
    assert np.isinf(scores[:20]).all()


def test_repetition_is_what_compresses() -> None:
    ordinary = "the cat sees a small blue house and the man asks when the next train leaves for the city"
    assert compression_ratio(ordinary) < 2 < 2.4 < compression_ratio("thank you " * 30)
    assert compression_ratio("") == 0
    assert compression_ratio("ö" * 50) > compression_ratio("o" * 50)  # two bytes a letter


def test_what_is_believed() -> None:
    text = "the cat sees a small blue house"
    assert believable(text, [-1.0, -1.0])
    assert not believable(text, [-1.0, -1.1])
    assert believable(text, [-0.1], compression=compression_ratio(text))
    assert not believable(text, [-0.1], compression=compression_ratio(text) - 1e-6)


def test_a_batch_is_encoded_as_its_windows_are_alone() -> None:
    whisper, first, hidden = heard(seed=2)
    other: Any = np.random.default_rng(9).normal(0, 1, first.shape).astype(np.float32)
    with torch.no_grad():
        both = whisper.model.model.encoder(torch.from_numpy(np.stack([other, first]))).last_hidden_state
    torch.testing.assert_close(both[1:], hidden, atol=1e-4, rtol=0)  # float32, other kernels for other sizes


def test_attention_is_what_the_decoder_computes() -> None:
    """softmax(q · k / √d), from the projections that a usual run of the decoder makes."""
    whisper, _, hidden = heard(seed=5)
    seen: dict[str, torch.Tensor] = {}
    attention = whisper.model.model.decoder.layers[1].encoder_attn
    hooks = [
        getattr(attention, name).register_forward_hook(lambda _, __, out, name=name: seen.update({name: out[0]}))
        for name in ("q_proj", "k_proj")
    ]
    tokens = [*whisper.tokens.prompt("de"), 3, 4]
    scores = DecoderSteps(whisper.model, hidden)(tokens)
    for hook in hooks:
        hook.remove()
    q, k = (seen[name].reshape(-1, 2, 8).transpose(0, 1) for name in ("q_proj", "k_proj"))
    expected = (q @ k.transpose(1, 2) / 8**0.5).softmax(dim=2)
    weights = attention_weights(whisper.model, hidden, tokens)
    assert weights.shape == (2, 2, len(tokens), hidden.shape[1])
    np.testing.assert_allclose(weights[1], expected.numpy(), atol=1e-5)
    np.testing.assert_allclose(DecoderSteps(whisper.model, hidden)(tokens), scores, err_msg="the network is as it was")
