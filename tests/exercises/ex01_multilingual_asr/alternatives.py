"""Right answers to exercise 1 in other styles than the solution: loops, recursion, libraries, strings."""

from __future__ import annotations

import difflib
import itertools
import math
from collections import Counter
from collections.abc import Callable
from functools import cache

import numpy as np
from scipy.special import log_softmax, softmax

from audiocourse import signal
from audiocourse.learn.checking.authoring import alternative

# ---------------------------------------------------------------- 1.1 log-mel


@alternative(task="whisper_log_mel")
def frame_by_frame(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    mirrored = np.pad(y.astype(float), n_fft // 2, mode="reflect")
    window, filters = signal.hann(n_fft), signal.mel_filterbank(sr=sr, n_fft=n_fft, n_mels=n_mels)
    columns = []
    for m in range(y.size // hop_length):
        spectrum = np.fft.rfft(mirrored[m * hop_length : m * hop_length + n_fft] * window)
        columns.append(filters @ (spectrum.real**2 + spectrum.imag**2))
    decades = np.log10(np.array(columns).T + 1e-30).clip(-10)
    return decades.clip(decades.max() - 8) / 4 + 1


@alternative(task="whisper_log_mel")
def through_librosa(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    import librosa

    power = (
        np.abs(librosa.stft(y, n_fft=n_fft, hop_length=hop_length, pad_mode="reflect"))[:, : len(y) // hop_length] ** 2
    )
    mel = librosa.filters.mel(sr=sr, n_fft=n_fft, n_mels=n_mels) @ power
    decades = librosa.power_to_db(mel, amin=1e-10, top_db=80.0) / 10
    return (decades + 4) / 4


# ---------------------------------------------------------------- 1.2 which language


@alternative(task="language_probabilities")
def through_scipy(logits: np.ndarray, languages: dict) -> dict:
    z = [float(logits[token]) for token in languages.values()]
    return dict(zip(languages, softmax(z).tolist(), strict=True))


@alternative(task="language_probabilities")
def masked(logits: np.ndarray, languages: dict) -> dict:
    kept = np.full(len(logits), -np.inf)
    for token in languages.values():
        kept[token] = logits[token]
    likely = np.exp(log_softmax(kept))
    return {language: float(likely[token]) for language, token in languages.items()}


# ---------------------------------------------------------------- 1.3 greedy decoding


@alternative(task="greedy_decode")
def for_loop(next_scores: Callable, prompt: list, *, end: int, max_new_tokens: int) -> list:
    text: list[int] = []
    for _ in range(max_new_tokens):
        scores = next_scores([*prompt, *text])
        best = max(range(len(scores)), key=scores.__getitem__)
        if best == end:
            return text
        text += [best]
    return text


@alternative(task="greedy_decode")
def recursive(next_scores: Callable, prompt: list, *, end: int, max_new_tokens: int) -> list:
    if max_new_tokens == 0:
        return []
    best = int(next_scores(prompt).argmax())
    return (
        []
        if best == end
        else [best, *recursive(next_scores, [*prompt, best], end=end, max_new_tokens=max_new_tokens - 1)]
    )


# ---------------------------------------------------------------- 1.4 counting errors


@alternative(task="edit_distance")
def with_two_rows(reference: list, hypothesis: list) -> int:
    row = list(range(len(hypothesis) + 1))
    for i, said in enumerate(reference, start=1):
        before, row = row, [i]
        for j, heard in enumerate(hypothesis):
            row.append(min(before[j + 1] + 1, row[j] + 1, before[j] + (said != heard)))
    return row[-1]


@alternative(task="edit_distance")
def with_a_dict(reference: list, hypothesis: list) -> int:
    """Keep every small problem under its pair of lengths, column by column."""
    rows, columns = range(len(reference) + 1), range(len(hypothesis) + 1)
    d = {(i, 0): i for i in rows} | {(0, j): j for j in columns}
    for j, i in itertools.product(columns[1:], rows[1:]):
        swapped = d[i - 1, j - 1] + (reference[i - 1] != hypothesis[j - 1])
        d[i, j] = min(swapped, d[i, j - 1] + 1, d[i - 1, j] + 1)
    return d[len(reference), len(hypothesis)]


@alternative(task="edit_distance")
def recursion_over_the_shorter(reference: list, hypothesis: list) -> int:
    """Each call adds one word of the shorter text, so that a long text does not nest the calls."""
    long, short = sorted((reference, hypothesis), key=len, reverse=True)

    def column(j: int) -> list[int]:
        if j == 0:
            return list(range(len(long) + 1))
        before, now = column(j - 1), [j]
        for i, word in enumerate(long):
            now.append(min(before[i] + (word != short[j - 1]), before[i + 1] + 1, now[i] + 1))
        return now

    return column(len(short))[-1]


# ---------------------------------------------------------------- 1.5 rates by group


@alternative(task="rates_by_group")
def with_counters(groups: list, errors: list, words: list) -> dict:
    wrong, said = Counter(), Counter()
    for k, group in enumerate(groups):
        wrong[group] += errors[k]
        said[group] += words[k]
    return {group: wrong[group] / said[group] for group in said}


@alternative(task="rates_by_group")
def with_masks(groups: list, errors: list, words: list) -> dict:
    names, bad, length = np.array(groups), np.array(errors), np.array(words)
    return {str(name): float(bad[names == name].sum() / length[names == name].sum()) for name in np.unique(names)}


# ---------------------------------------------------------------- 1.6 where windows begin


@alternative(task="window_starts")
def counted(samples: int, *, window: int, hop: int) -> list:
    count = 1 + math.ceil(max(samples - window, 0) / hop)
    return [k * hop for k in range(count)]


@alternative(task="window_starts")
def walking(samples: int, *, window: int, hop: int) -> list:
    starts = [0]
    while starts[-1] + window < samples:
        starts.append(starts[-1] + hop)
    return starts


# ---------------------------------------------------------------- 1.7 stitching


@alternative(task="stitch_words")
def with_a_table(left: list, right: list, *, max_shared: int) -> list:
    first = max(len(left) - max_shared, 0)

    @cache
    def run(i: int, j: int) -> int:
        """Length of the common run that ends before word i on the left and word j on the right."""
        if i <= first or j == 0 or left[i - 1] != right[j - 1]:
            return 0
        return 1 + run(i - 1, j - 1)

    best = (0, len(left), 0)
    for i in range(len(left), first, -1):
        for j in range(1, min(max_shared, len(right)) + 1):
            if run(i, j) > best[0]:
                best = (run(i, j), i, j)
    return left[: best[1]] + right[best[2] :]


@alternative(task="stitch_words")
def longest_first(left: list, right: list, *, max_shared: int) -> list:
    head, first = right[:max_shared], max(len(left) - max_shared, 0)
    for length in range(min(len(left) - first, len(head)), 0, -1):
        for i in range(len(left) - length, first - 1, -1):
            for j in range(len(head) - length + 1):
                if left[i : i + length] == head[j : j + length]:
                    return left[: i + length] + right[j + length :]
    return left + right


# ---------------------------------------------------------------- 1.8 join_windows (open)


@alternative(task="join_windows")
def by_place_in_the_last_text(windows: list) -> list:
    """Align each window with the text so far by dynamic programming; let every place vote in the end."""

    def fit(slot: Counter, word: str) -> float:
        likeness = max(difflib.SequenceMatcher(None, word, other).quick_ratio() for other in slot)
        return 2.0 if word in slot else 1.0 if likeness > 0.7 else -0.5

    slots: list[Counter] = []
    for k, words in enumerate(windows):
        inner = range(3 if k else 0, len(words) - (3 if k < len(windows) - 1 else 0))
        weight = [1.0 if n in inner else 0.25 for n in range(len(words))]
        base = max(len(slots) - 40, 0)
        tail = slots[base:]
        score = np.zeros((len(tail) + 1, len(words) + 1))
        for i in range(1, len(tail) + 1):
            for j in range(1, len(words) + 1):
                same = fit(tail[i - 1], words[j - 1])
                score[i, j] = max(score[i - 1, j - 1] + same, score[i - 1, j] - 0.5, score[i, j - 1] - 0.5)
        i, j = len(tail), int(np.argmax(score[-1]))
        new = [Counter({word: w}) for word, w in list(zip(words, weight, strict=True))[: j - 1 if j else None : -1]]
        while i and j:
            same = fit(tail[i - 1], words[j - 1])
            if np.isclose(score[i, j], score[i - 1, j - 1] + same):
                i, j = i - 1, j - 1
                tail[i][words[j]] += weight[j]
                new.append(tail[i])
            elif np.isclose(score[i, j], score[i - 1, j] - 0.5):
                i -= 1
                tail[i][""] += 1.0
                new.append(tail[i])
            else:
                j -= 1
                new.append(Counter({words[j]: weight[j], "": sum(tail[i - 1].values())}))
        slots = slots[: base + i] + new[::-1]
    spoken = [slot.most_common(1)[0][0] for slot in slots]
    return [word for word in spoken if word]
