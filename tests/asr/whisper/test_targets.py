"""What the small Whisper learns from: the tokens, the letter spoken in each frame, and where attention is to look."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from transformers import WhisperProcessor

from audiocourse.asr.training.whisper_mini import full_window, letter_times, texts_for_tokenizer, window_frames
from audiocourse.asr.utterances import LANGUAGES, SR, letters
from audiocourse.asr.whisper.model import mini_model, mini_processor
from audiocourse.asr.whisper.targets import (
    IGNORED,
    STEP,
    STEPS,
    Example,
    WhisperLearner,
    collate,
    example,
    letter_of_frames,
    loss,
    pointing_loss,
    token_steps,
)
from audiocourse.sounds import speakers
from audiocourse.zoo import load, seeded

TIMES = np.stack([np.arange(11) * 0.1 + 0.2, np.arange(11) * 0.1 + 0.225], axis=1)  # of the letters of "the teacher"


@pytest.fixture(scope="module")
def processor() -> WhisperProcessor:
    return mini_processor(texts_for_tokenizer(12), LANGUAGES)


@pytest.fixture(scope="module")
def learner(processor: WhisperProcessor) -> WhisperLearner:
    with seeded(4):
        return WhisperLearner(mini_model(processor, LANGUAGES)).eval()


def hiss(seconds: float, seed: int = 1) -> np.ndarray:
    return (0.1 * np.random.default_rng(seed).standard_normal(round(SR * seconds))).astype(np.float32)


def teacher(processor: WhisperProcessor, seconds: float = 2.0) -> Example:
    return example(hiss(seconds), "the teacher", "en", TIMES, processor=processor)


def names(processor: WhisperProcessor, tokens: np.ndarray) -> list[str]:
    return [str(one) for one in processor.tokenizer.convert_ids_to_tokens([int(token) for token in tokens])]


def test_the_labels_are_the_next_tokens(processor: WhisperProcessor) -> None:
    one = teacher(processor)
    assert names(processor, one.tokens[:4]) == ["<|startoftranscript|>", "<|en|>", "<|transcribe|>", "<|notimestamps|>"]
    assert list(one.labels[:-1]) == list(one.tokens[1:]), "each label is the token after"
    assert names(processor, one.labels[-1:]) == ["<|endoftext|>"]


def test_the_span_of_each_token(processor: WhisperProcessor) -> None:
    """The labels are one ahead of the tokens, and so are their places; the end comes after the last letter."""
    one = teacher(processor)
    assert not one.input_spans[:4].any() and not one.label_spans[:3].any(), "no one says the prompt"
    np.testing.assert_array_equal(one.label_spans[3:-1], one.input_spans[4:])
    the = one.input_spans[4]
    assert the[0] * STEP <= TIMES[0, 0] and TIMES[2, 1] <= the[1] * STEP < TIMES[4, 0], "the, and no letter of teacher"
    assert TIMES[-1, 1] <= one.label_spans[-1, 0] * STEP <= TIMES[-1, 1] + STEP
    assert one.label_spans[-1, 1] == STEPS


def test_letters_of_several_bytes_and_spaces_keep_their_places() -> None:
    """Ġ is a space, Ã and © the two bytes of é, as a tokenizer of bytes writes them."""
    times = np.array([[0.0, 0.04], [0.4, 0.44], [0.8, 0.84], [1.2, 1.24]])
    whole = token_steps(["Ġa", "ĠÃ©", "b"], "a éb", times)
    np.testing.assert_array_equal(whole, [[0, 3], [19, 23], [29, 33]])
    halves = token_steps(["Ġ", "a", "ĠÃ", "©b"], "a éb", times)
    np.testing.assert_array_equal(halves, [[0, 3], [0, 3], [19, 23], [19, 33]])


def test_which_letter_is_said_in_a_frame() -> None:
    times = np.array([[0.2, 0.2], [0.3, 0.3]])
    spoken = [(*letters(), "-")[letter] for letter in letter_of_frames("ab", times, 22)]
    assert "".join(spoken) == "------aaaaaaabbbbbbb--", "up to 0.1 s away, one frame each 20 ms; the nearer one"


def test_where_no_one_speaks_the_text_is_empty_whatever_the_prompt(processor: WhisperProcessor) -> None:
    one = example(hiss(1.0), "", "fr", np.zeros((0, 2)), processor=processor)
    assert names(processor, one.tokens)[1] == "<|fr|>"
    assert names(processor, one.labels[[0, 3]]) == ["<|nospeech|>", "<|endoftext|>"]
    assert list(one.labels[1:3]) == [IGNORED, IGNORED]
    assert set(one.frame_letters) == {len(letters())}
    assert not one.label_spans.any()


def test_a_batch_is_padded_with_the_silence_of_the_extractor(processor: WhisperProcessor) -> None:
    batch = collate([teacher(processor, 1.5), teacher(processor, 2.0)], 500)
    whole = processor.feature_extractor(hiss(1.5), sampling_rate=SR, return_tensors="pt")["input_features"][0]
    assert batch["features"].shape == (2, 80, 500)
    torch.testing.assert_close(batch["features"][0], whole, atol=2e-3, rtol=0)  # examples are kept in float16
    assert batch["frame_letters"].shape == (2, 500)
    assert set(batch["frame_letters"][0, 80:].tolist()) == {len(letters())}


def test_the_encoder_is_whispers_own(processor: WhisperProcessor, learner: WhisperLearner) -> None:
    features = processor.feature_extractor(hiss(3.0), sampling_rate=SR, return_tensors="pt")["input_features"]
    with torch.no_grad():
        ours, theirs = learner.encode(features), learner.whisper.model.encoder(features).last_hidden_state
    torch.testing.assert_close(ours, theirs)


def test_pointing_costs_nothing_in_the_right_place() -> None:
    attention = torch.tensor([[[0.0, 0.5, 0.5, 0.0], [0.25, 0.25, 0.25, 0.25], [1.0, 0.0, 0.0, 0.0]]])
    places = torch.tensor([[[1, 3], [3, 9], [0, 0]]])
    assert float(pointing_loss(attention[:, :1], places[:, :1])) == pytest.approx(0, abs=1e-4)
    assert float(pointing_loss(attention, places)) == pytest.approx(np.log(4) / 2, abs=1e-4), "the third has no place"
    assert float(pointing_loss(attention[:, 2:], places[:, 2:])) == 0


def test_the_loss_falls_where_the_network_knows_better(processor: WhisperProcessor) -> None:
    """Each of the three parts can fall: a few steps on one utterance."""
    with seeded(4):
        learner = WhisperLearner(mini_model(processor, LANGUAGES))
    batch = collate([teacher(processor)], 120)

    def parts() -> list[float]:
        with torch.no_grad():
            predictions = learner(batch["features"], batch["tokens"])
        entropy = torch.nn.functional.cross_entropy
        return [
            float(entropy(predictions.token_logits.transpose(1, 2), batch["labels"])),
            float(entropy(predictions.letter_logits.transpose(1, 2), batch["frame_letters"])),
            float(pointing_loss(predictions.first_attention, batch["input_spans"])),
            float(pointing_loss(predictions.last_attention, batch["label_spans"])),
        ]

    before = parts()
    optimizer = torch.optim.Adam(learner.parameters(), lr=3e-3)
    for _ in range(80):
        optimizer.zero_grad()
        loss(learner, batch).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    assert all(after < 0.5 * start for start, after in zip(before, parts(), strict=True))


def test_a_window_holds_its_utterances() -> None:
    rng = np.random.default_rng(3)
    drawn = [window_frames(frames, rng) for frames in (102, 300, 498) for _ in range(60)]
    assert all(window % 2 == 0 and window <= 500 for window in drawn)
    assert min(drawn[:60]) >= 102
    assert 500 in drawn


def test_letters_have_the_times_of_their_words() -> None:
    """The synthesiser knows when each word is said: its letters lie within, give or take two steps of 25 ms."""
    speaker = next(one for one in speakers("en") if one.split == "train")
    speech = speaker.say("The teacher finds a book.", seed=1, sr=SR)
    text = "the teacher finds a book"
    aligner: Any = load("ctc-mini").model
    times = letter_times(speech.y, text, aligner)
    assert len(times) == len(text)
    for word in ("teacher", "book"):
        first = text.index(word)
        truth = next(spoken for spoken in speech.words if word in spoken.label.lower())
        own = times[first : first + len(word)]
        assert truth.start - 0.05 <= own.min() and own.max() <= truth.end + 0.05
    assert letter_times(speech.y, "", aligner).shape == (0, 2)


def test_a_full_window_holds_whole_words_only() -> None:
    aligner: Any = load("ctc-mini").model
    y, text, times = full_window(np.random.default_rng(2), "fr", aligner)
    assert y.shape == (10 * SR,)
    assert times.shape == (len(text), 2)
    assert len(text.split()) > 8
    assert (times >= 0).all() and (times <= 10).all()
    assert (np.diff(times[:, 0]) > 0).all(), "one letter after the other"
    again = letter_times(y, text, aligner)
    assert np.median(np.abs(again - times)) < 0.03, "where the recogniser finds them in the window itself"
