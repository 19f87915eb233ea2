"""Misconceptions about prompts, temperature and loops, as answers that people really give."""

from __future__ import annotations

import zlib

import numpy as np

from audiocourse.learn.authoring import mutant

# ---------------------------------------------------------------- 2c.1 the prompt


@mutant(
    task="forced_prompt",
    name="a language without a task",
    hint="The decoder then has to guess whether it shall transcribe or translate. Which token tells it?",
)
def no_task(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="a prompt without its beginning",
    hint="Some libraries add the first token by themselves. What does a decoder see that gets only this list?",
)
def no_start(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = [language, task, *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="timestamps the wrong way round",
    hint="Read the token aloud: no timestamps. Does it stand there when times are wanted, or when they are not?",
)
def inverted_timestamps(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, task, *(["notimestamps"] if timestamps else [])]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="no timestamps, whatever is asked",
    hint="Your prompt is the same with timestamps=True and with False. What should differ?",
)
def never_timestamps(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    return [ids[f"<|{name}|>"] for name in ("startoftranscript", language, task, "notimestamps")]


@mutant(
    task="forced_prompt",
    name="the task before the language",
    hint="Training always showed the same order. What comes right after the start: which language, or which task?",
)
def task_first(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", task, language, *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="transcribe, whatever is asked",
    hint="Ask your function for a translation. Does its prompt differ from that of a transcript?",
)
def always_transcribe(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, "transcribe", *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="English, whatever is spoken",
    hint="Is the language in your prompt the one that was passed?",
)
def always_english(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", "en", task, *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="a prompt that is closed before the text",
    hint="The end token says that all is written. Where does the text stand that the decoder is to write?",
)
def with_the_end(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, task, *([] if timestamps else ["notimestamps"]), "endoftext"]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="the names of the tokens instead of their numbers",
    hint="The decoder looks up a row of a table for each token. Can a word be the number of a row?",
)
def spelt(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, task, *([] if timestamps else ["notimestamps"])]
    return [f"<|{name}|>" for name in names]


# ---------------------------------------------------------------- 2c.2 temperature


@mutant(
    task="sampling_probabilities",
    name="multiplied by the temperature",
    hint="Raise T in your function. Do the tokens become more equal, or less?",
)
def multiplied(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp(logits * temperature - np.max(logits * temperature))
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="no temperature at all",
    hint="Call your function with T = 0.5 and with T = 2. Where does T enter the formula?",
)
def without_temperature(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp(logits - np.max(logits))
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="probabilities divided by the temperature",
    hint="If every probability is divided by the same number and all is made to add up to 1 again, what has changed?",
)
def divided_too_late(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp(logits - np.max(logits))
    return powers / powers.sum() / temperature


@mutant(
    task="sampling_probabilities",
    name="exponentials that overflow",
    hint="What is exp(1000) in floating point? Only the distances between logits count: take their largest away first.",
)
def overflowing(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp(logits / temperature)
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="the largest becomes 1",
    hint="Do your probabilities add up to 1?",
)
def divided_by_the_largest(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp((logits - np.max(logits)) / temperature)
    return powers / powers.max()


@mutant(
    task="sampling_probabilities",
    name="logits taken for probabilities",
    hint="A logit may be negative. Which function turns any number into a positive one, and distances into ratios?",
)
def no_exponential(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    scaled = logits / temperature
    return scaled / scaled.sum()


@mutant(
    task="sampling_probabilities",
    name="the likeliest takes all",
    hint="That is greedy decoding. How likely is the second best token, at T = 1?",
)
def winner_takes_all(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    return np.eye(len(logits))[int(np.argmax(logits))]


# ---------------------------------------------------------------- 2c.3 belief


@mutant(
    task="believable",
    name="the ratio upside down",
    hint="A text that repeats itself becomes much shorter. Is your number for it large or small?",
)
def upside_down(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    raw = text.encode("utf-8")
    ratio = len(zlib.compress(raw)) / max(len(raw), 1)
    return bool(ratio <= compression and np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="letters instead of bytes",
    hint="How many bytes does ö have in UTF-8, and which does zlib count?",
)
def letters(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    ratio = len(text) / len(zlib.compress(text.encode("utf-8")))
    return bool(ratio <= compression and np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="one passed test is enough",
    hint="A loop is written with great confidence. Does your function believe it?",
)
def either_test(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    raw = text.encode("utf-8")
    ratio = len(raw) / len(zlib.compress(raw))
    return bool(ratio <= compression or np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="yes and no exchanged",
    hint="Your function says when to try again. What is asked: to doubt, or to believe?",
)
def doubts(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    raw = text.encode("utf-8")
    ratio = len(raw) / len(zlib.compress(raw))
    return not bool(ratio <= compression and np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="the sum of the logarithms",
    hint="A long sentence has a small sum, however sure each word was. What makes long and short texts comparable?",
)
def sum_of_logarithms(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    raw = text.encode("utf-8")
    ratio = len(raw) / len(zlib.compress(raw))
    return bool(ratio <= compression and np.sum(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="the worst token decides",
    hint="One rare name in a clear sentence: is all of it to be written again?",
)
def worst_token(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    raw = text.encode("utf-8")
    ratio = len(raw) / len(zlib.compress(raw))
    return bool(ratio <= compression and np.min(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="the mean of the probabilities",
    hint="Half of the tokens were certain, half nearly impossible: 50 %? Take the mean before you leave the logarithm.",
)
def mean_of_probabilities(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    raw = text.encode("utf-8")
    ratio = len(raw) / len(zlib.compress(raw))
    return bool(ratio <= compression and np.mean(np.exp(log_probabilities)) >= np.exp(log_probability))


@mutant(
    task="believable",
    name="only the loops",
    hint="A text that nobody would believe, not even the decoder, may be free of repetition. Which number tells?",
)
def only_loops(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    raw = text.encode("utf-8")
    return len(raw) / len(zlib.compress(raw)) <= compression


@mutant(
    task="believable",
    name="only the doubts",
    hint="What does a decoder think of a word that it has just written twenty times?",
)
def only_doubts(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    return bool(np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="thresholds written into the function",
    hint="Call your function with compression=1.0. Does it listen?",
)
def fixed_thresholds(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    raw = text.encode("utf-8")
    return bool(len(raw) / len(zlib.compress(raw)) <= 2.4 and np.mean(log_probabilities) >= -1.0)
