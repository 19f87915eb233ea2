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


@mutant(
    task="forced_prompt",
    name="no timestamps before the task",
    hint="What is the third place of the table: the task, or the token about times?",
)
def times_before_task(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, *([] if timestamps else ["notimestamps"]), task]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="the language before the start",
    hint="Which token begins every prompt?",
)
def language_first(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = [language, "startoftranscript", task, *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="never the token for no timestamps",
    hint="Your prompt has three tokens with timestamps=True and with False. Which one is missing without times?",
)
def always_timestamps(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, task]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="a task only where it is translate",
    hint="Is “transcribe” the decoder's habit, or a token that has to stand there?",
)
def only_translate(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, *([task] if task == "translate" else [])]
    names += [] if timestamps else ["notimestamps"]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="numbers counted on from the start",
    hint="Is there a rule that the number of a language follows that of the start? What is the dict for?",
)
def counted_on(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    start = ids["<|startoftranscript|>"]
    return [start, start + 1, start + 2] if timestamps else [start, start + 1, start + 2, start + 3]


@mutant(
    task="forced_prompt",
    name="the first tokens of the table, in its order",
    hint="Your prompt is the same for every language. Which entries of the dict did you read?",
)
def first_of_the_table(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    return list(ids.values())[: 3 if timestamps else 4]


@mutant(
    task="forced_prompt",
    name="translate, whatever is asked",
    hint="Ask for a transcript. Does your prompt differ from that of a translation?",
)
def always_translate(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, "translate", *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


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


@mutant(
    task="sampling_probabilities",
    name="the largest taken away, but not divided by T",
    hint="You take away max(z) from z / T. What is left of the largest, at T = 0.005?",
)
def largest_not_divided(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(logits / temperature - np.max(logits))
        return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="the mean taken away instead of the largest",
    hint="A forbidden token has a logit of −∞. What is the mean of the logits then?",
)
def mean_taken_away(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp((logits - np.mean(logits)) / temperature)
        return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="the smallest taken away instead of the largest",
    hint="Which difference keeps every exponent at 0 or below: z minus the smallest, or z minus the largest?",
)
def smallest_taken_away(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp((logits - np.min(logits)) / temperature)
        return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="whole-number division by the temperature",
    hint="What is 1.7 // 0.8 in Python, and what is 1.7 / 0.8?",
)
def whole_division(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    z = logits // temperature
    powers = np.exp(z - z.max())
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="logarithms of probabilities",
    hint="Can a probability be negative? Which step is the last one of the formula?",
)
def logarithms(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    z = (logits - np.max(logits)) / temperature
    return z - np.log(np.exp(z).sum())


@mutant(
    task="sampling_probabilities",
    name="a sigmoid for each token alone",
    hint="Exactly one token is drawn. Do your probabilities add up to 1?",
)
def sigmoids(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-logits / temperature))


@mutant(
    task="sampling_probabilities",
    name="T in the numerator only",
    hint="Look at both exponentials of the formula: in which of them does your T stand?",
)
def numerator_only(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    z = logits - np.max(logits)
    return np.exp(z / temperature) / np.exp(z).sum()


@mutant(
    task="sampling_probabilities",
    name="powers of ten instead of e",
    hint="Which base has the exponential of the formula, and which has yours?",
)
def powers_of_ten(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    z = (logits - np.max(logits)) / temperature
    return 10.0**z / (10.0**z).sum()


# ---------------------------------------------------------------- 2c.3 belief


@mutant(
    task="believable",
    name="the ratio upside down",
    hint="A text that repeats itself becomes much shorter. Is your number for it large or small?",
)
def upside_down(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    raw = text.encode("utf-8")
    ratio = len(zlib.compress(raw)) / len(raw)
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
    name="a doubt that never counts",
    hint="Give your function a sentence of very doubtful tokens. Which of your comparisons can say no to it?",
)
def only_loops(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    raw = text.encode("utf-8")
    return len(raw) / len(zlib.compress(raw)) <= compression


@mutant(
    task="believable",
    name="a loop that never counts",
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


def ratio_of(text: str) -> float:
    """The compression ratio, as it is right."""
    raw = text.encode("utf-8")
    return len(raw) / len(zlib.compress(raw))


@mutant(
    task="believable",
    name="the median of the logarithms",
    hint="Four of thirteen tokens are nearly impossible. Does a median see them, and does the formula take one?",
)
def median_of_logarithms(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(ratio_of(text) <= compression and np.median(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="the surest token decides",
    hint="Every text has one easy word. May it vouch for all the others?",
)
def best_token(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    return bool(ratio_of(text) <= compression and max(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="divided by the words instead of the tokens",
    hint="A word may have two tokens. Do you divide the sum by the words, or by the logarithms in the list?",
)
def mean_over_words(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    mean = np.sum(log_probabilities) / max(len(text.split()), 1)
    return bool(ratio_of(text) <= compression and mean >= log_probability)


@mutant(
    task="believable",
    name="exactly at both thresholds no more",
    hint="“At most” and “at least”: is a text exactly at a threshold still believed?",
)
def strict(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    return bool(ratio_of(text) < compression and np.mean(log_probabilities) > log_probability)


@mutant(
    task="believable",
    name="a mean exactly at its threshold no more",
    hint="“At least −1”: is a mean of exactly −1 enough?",
)
def strict_doubt(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(ratio_of(text) <= compression and np.mean(log_probabilities) > log_probability)


@mutant(
    task="believable",
    name="a ratio exactly at its threshold no more",
    hint="“At most 2.4”: is a ratio of exactly 2.4 still allowed?",
)
def strict_loop(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    return bool(ratio_of(text) < compression and np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="sure texts are doubted",
    hint="ln P is 0 where a token is certain and far below where it is not. On which side of −1 is a sure text?",
)
def sure_is_doubted(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(ratio_of(text) <= compression and np.mean(log_probabilities) <= log_probability)


@mutant(
    task="believable",
    name="only loops are believed",
    hint="A loop is packed well, so its ratio is large. On which side of 2.4 is it?",
)
def loops_believed(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(ratio_of(text) >= compression and np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="a logarithm of the logarithms",
    hint="The list already holds ln P. What is the logarithm of a negative number?",
)
def logarithm_twice(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    with np.errstate(invalid="ignore"):
        return bool(ratio_of(text) <= compression and np.mean(np.log(log_probabilities)) >= log_probability)


@mutant(
    task="believable",
    name="the ratio of the letters alone",
    hint="How many bytes has a space, and is it part of the text?",
)
def without_spaces(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(ratio_of(text.replace(" ", "")) <= compression and np.mean(log_probabilities) >= log_probability)
