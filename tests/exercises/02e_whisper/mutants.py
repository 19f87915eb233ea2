"""Misconceptions about prompts, temperature and loops, as answers that people really give."""

from __future__ import annotations

import gzip
import zlib

import numpy as np

from audiocourse.learn.checking.authoring import mutant

# ---------------------------------------------------------------- 2e.1 the prompt


@mutant(
    task="forced_prompt",
    name="a language without a task",
    hint="The decoder then has to guess whether to transcribe or to translate. Which token tells it?",
)
def no_task(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="a prompt without its beginning",
    hint="Some libraries add the first token by themselves. What does a decoder see if it gets only this list?",
)
def no_start(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = [language, task, *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="timestamps the wrong way round",
    hint="Read the token aloud: no timestamps. Does it belong there when times are wanted, or when they are not?",
)
def inverted_timestamps(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, task, *(["notimestamps"] if timestamps else [])]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="no timestamps, even where they are asked for",
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
    name="transcribe, even where a translation is asked for",
    hint="Ask your function for a translation. Does its prompt differ from that of a transcript?",
)
def always_transcribe(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, "transcribe", *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="English, even where another language is spoken",
    hint="Is the language in your prompt the one that was passed?",
)
def always_english(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", "en", task, *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="a prompt that is closed before the text",
    hint="The end token says that the text is complete. Where should the text be that the decoder has to write?",
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
    name="a task token only for translation",
    hint="Is “transcribe” the decoder's default, or a token that has to be there?",
)
def only_translate(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, *([task] if task == "translate" else [])]
    names += [] if timestamps else ["notimestamps"]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="numbers counted up from that of the start",
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
    name="translate, even where a transcript is asked for",
    hint="Ask for a transcript. Does your prompt differ from that of a translation?",
)
def always_translate(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, "translate", *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


def prompt_of(ids: dict, language: str, task: str, timestamps: bool) -> list:
    """The correct prompt."""
    names = ["startoftranscript", language, task, *([] if timestamps else ["notimestamps"])]
    return [ids[f"<|{name}|>"] for name in names]


@mutant(
    task="forced_prompt",
    name="English for every translation",
    hint="The language token names the language that is spoken. Which one is that when you want a translation?",
)
def english_for_translations(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    return prompt_of(ids, "en" if task == "translate" else language, task, timestamps)


@mutant(
    task="forced_prompt",
    name="a place kept empty where times are wanted",
    hint="How many entries does a prompt with timestamps have: three, or three and None?",
)
def none_at_the_end(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    return [*prompt_of(ids, language, task, timestamps=True), None if timestamps else ids["<|notimestamps|>"]]


@mutant(
    task="forced_prompt",
    name="transcribe and translate exchanged",
    hint="Ask for a transcript. Which task does the third token name?",
)
def tasks_exchanged(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    return prompt_of(ids, language, "translate" if task == "transcribe" else "transcribe", timestamps)


@mutant(
    task="forced_prompt",
    name="numbers sorted by size",
    hint="The order of the tokens tells the decoder what is what. Does the table promise that their numbers rise?",
)
def sorted_by_size(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    return sorted(prompt_of(ids, language, task, timestamps))


@mutant(
    task="forced_prompt",
    name="the first time put into the prompt",
    hint="With timestamps the decoder writes the times itself. Is <|0.00|> forced, or the first thing it may write?",
)
def time_zero_forced(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    return [*prompt_of(ids, language, task, timestamps=True), ids["<|0.00|>" if timestamps else "<|notimestamps|>"]]


@mutant(
    task="forced_prompt",
    name="languages cut to two letters",
    hint="Is the code of every language two letters long? Try Hawaiian, haw.",
)
def two_letters(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    return prompt_of(ids, language[:2], task, timestamps)


@mutant(
    task="forced_prompt",
    name="a tuple instead of a list",
    hint="Which type does the docstring promise? You have parentheses where brackets should be.",
)
def tuple_of_numbers(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    return tuple(prompt_of(ids, language, task, timestamps))


@mutant(
    task="forced_prompt",
    name="a prompt without its language",
    hint="The decoder then has to guess what is spoken. Which token tells it?",
)
def no_language(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    prompt = prompt_of(ids, language, task, timestamps)
    return [prompt[0], *prompt[2:]]


@mutant(
    task="forced_prompt",
    name="an array instead of a list",
    hint="Which type does the docstring promise?",
)
def array_of_numbers(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    return np.array(prompt_of(ids, language, task, timestamps))


@mutant(
    task="forced_prompt",
    name="the prompt in reverse",
    hint="Which token begins every prompt?",
)
def in_reverse(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    return prompt_of(ids, language, task, timestamps)[::-1]


@mutant(
    task="forced_prompt",
    name="the text of the prompt instead of its numbers",
    hint="The decoder looks up a row of a table for each token. What could it do with one string?",
)
def one_string(ids: dict, language: str, *, task: str = "transcribe", timestamps: bool = False) -> list:
    names = ["startoftranscript", language, task, *([] if timestamps else ["notimestamps"])]
    return "".join(f"<|{name}|>" for name in names)


# ---------------------------------------------------------------- 2e.2 temperature


@mutant(
    task="sampling_probabilities",
    name="logits multiplied by the temperature",
    hint="Raise T in your function. Do the tokens become more equal, or less?",
)
def multiplied(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp(logits * temperature - np.max(logits * temperature))
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="a temperature that is missing, or cancels in the sum",
    hint="Call your function with T = 0.5 and with T = 2. Where does T enter the formula?",
)
def without_temperature(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp(logits - np.max(logits))
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="probabilities divided by the temperature",
    hint="If every probability is divided by the same number and the sum is scaled to 1 again, what has changed?",
)
def divided_too_late(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp(logits - np.max(logits))
    return powers / powers.sum() / temperature


@mutant(
    task="sampling_probabilities",
    name="exponentials that overflow",
    hint="What is exp(1000) in floating point? Only the distances between logits count: subtract the largest first.",
)
def overflowing(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp(logits / temperature)
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="probabilities scaled so that the largest is 1",
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
    name="all the probability given to the most probable token",
    hint="That is greedy decoding. How probable is the second best token, at T = 1?",
)
def winner_takes_all(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    return np.eye(len(logits))[int(np.argmax(logits))]


@mutant(
    task="sampling_probabilities",
    name="logits from which the largest is subtracted, but not divided by T",
    hint="You subtract max(z) from z / T. What is left of the largest, at T = 0.005?",
)
def largest_not_divided(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(logits / temperature - np.max(logits))
        return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="the mean subtracted instead of the largest",
    hint="A forbidden token has a logit of −∞. What is the mean of the logits then?",
)
def mean_taken_away(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp((logits - np.mean(logits)) / temperature)
        return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="the smallest subtracted instead of the largest",
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
    hint="Look at both exponentials of the formula: in which of them do you have T?",
)
def numerator_only(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    z = logits - np.max(logits)
    return np.exp(z / temperature) / np.exp(z).sum()


@mutant(
    task="sampling_probabilities",
    name="powers of ten instead of e",
    hint="Which base does the exponential of the formula have, and which does yours?",
)
def powers_of_ten(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    z = (logits - np.max(logits)) / temperature
    return 10.0**z / (10.0**z).sum()


def softmax(logits: np.ndarray, temperature: float) -> np.ndarray:
    """The correct probabilities."""
    powers = np.exp((logits - np.max(logits)) / temperature)
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="logits clipped to ±50",
    hint="You clip to avoid overflow. What becomes of logits of 1000 and 1001? What else helps?",
)
def clipped(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp(np.clip(logits, -50, 50) / temperature)
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="logits divided by the largest, which should be subtracted",
    hint="Does a division keep the distances between logits? And what if the largest is negative?",
)
def divided_by_largest_logit(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp(logits / np.max(logits) / temperature)
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="a logit of 0 for forbidden tokens",
    hint="Is a logit of 0 impossible, or is it an ordinary one? What is exp(0)?",
)
def zero_for_forbidden(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    return softmax(np.where(np.isneginf(logits), 0.0, logits), temperature)


@mutant(
    task="sampling_probabilities",
    name="logits never below −1000",
    hint="Subtract 1000 from every logit, and nothing should change. What does your lower bound do then?",
)
def bounded_below(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    return softmax(np.maximum(logits, -1000.0), temperature)


@mutant(
    task="sampling_probabilities",
    name="powers of two instead of e",
    hint="Which base does the exponential of the formula have, and which does yours?",
)
def powers_of_two(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = 2.0 ** ((logits - np.max(logits)) / temperature)
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="probabilities sorted, the largest first",
    hint="To which token does your first probability belong?",
)
def sorted_probabilities(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    return np.sort(softmax(logits, temperature))[::-1]


@mutant(
    task="sampling_probabilities",
    name="logits divided by the root of T",
    hint="At T = 4, are the distances between logits a half or a quarter of what they were?",
)
def root_of_temperature(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    return softmax(logits, np.sqrt(temperature))


@mutant(
    task="sampling_probabilities",
    name="logits divided by T twice",
    hint="At T = 2, are the distances between logits a half or a quarter of what they were?",
)
def temperature_twice(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    return softmax(logits, temperature**2)


@mutant(
    task="sampling_probabilities",
    name="the largest absolute value subtracted",
    hint="All logits may be far below 0. Which is the largest then, and which has the largest absolute value?",
)
def largest_absolute_value(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp((logits - np.max(np.abs(logits))) / temperature)
        return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="forbidden tokens left out of the result",
    hint="Nine logits, three of them forbidden: how many probabilities do you return? Which token is number 5?",
)
def forbidden_left_out(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    return softmax(logits[np.isfinite(logits)], temperature)


@mutant(
    task="sampling_probabilities",
    name="distances rounded down to whole multiples of T",
    hint="What is −1.7 // 0.8 in Python, and what is −1.7 / 0.8?",
)
def whole_distances(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp((logits - np.max(logits)) // temperature)
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="probabilities rounded to three digits",
    hint="An improbable token is not an impossible one. What does rounding leave of 0.0003?",
)
def rounded_to_three(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    return np.round(softmax(logits, temperature), 3)


@mutant(
    task="sampling_probabilities",
    name="probabilities rounded to two digits",
    hint="Do your probabilities still add up to 1? What does rounding leave of 0.003?",
)
def rounded_to_two(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    return np.round(softmax(logits, temperature), 2)


@mutant(
    task="sampling_probabilities",
    name="something for every token, forbidden ones too",
    hint="Which small number do you add, and does it keep a forbidden token at 0? When can your sum be 0 without it?",
)
def something_for_everyone(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp((logits - np.max(logits)) / temperature) + 1e-6
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="only the fifty most probable tokens",
    hint="Some libraries keep fifty tokens by default. Does the formula leave any out?",
)
def fifty_kept(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = np.exp((logits - np.max(logits)) / temperature)
    powers[np.argsort(powers)[:-50]] = 0
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="all the probability given to the most probable token below T = 0.1",
    hint="Two tokens are equally probable, and T is small. Which of them should have it all?",
)
def greedy_when_cold(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    if temperature < 0.1:
        return np.eye(len(logits))[int(np.argmax(logits))]
    return softmax(logits, temperature)


@mutant(
    task="sampling_probabilities",
    name="powers of probabilities that are 0 already",
    hint="A token 2000 below the best: what is its probability at T = 1, and what can T = 3000 make of that number?",
)
def powers_of_probabilities(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    powers = softmax(logits, 1.0) ** (1 / temperature)
    return powers / powers.sum()


@mutant(
    task="sampling_probabilities",
    name="percent instead of shares",
    hint="Do your numbers add up to 1, or to 100?",
)
def percent(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    return 100 * softmax(logits, temperature)


@mutant(
    task="sampling_probabilities",
    name="logarithms of probabilities to the base ten",
    hint="Can a probability be negative? Which step is the last one of the formula?",
)
def decades(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log10(softmax(logits, temperature))


@mutant(
    task="sampling_probabilities",
    name="the number of the most probable token",
    hint="What does the task ask for: a probability for each token, or one token?",
)
def number_of_the_likeliest(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    return int(np.argmax(logits))


@mutant(
    task="sampling_probabilities",
    name="the probability of the most probable token alone",
    hint="How many probabilities are asked for, and how many do you return?",
)
def largest_alone(logits: np.ndarray, *, temperature: float) -> np.ndarray:
    return float(softmax(logits, temperature).max())


# ---------------------------------------------------------------- 2e.3 belief


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
    name="one byte for each letter, with an accent or without",
    hint="How many bytes does ö have in UTF-8? How many do you count?",
)
def letters(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    ratio = len(text) / len(zlib.compress(text.encode("utf-8")))
    return bool(ratio <= compression and np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="a text that is believed after one passed test",
    hint="A loop is written with great confidence. Does your function believe it?",
)
def either_test(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    raw = text.encode("utf-8")
    ratio = len(raw) / len(zlib.compress(raw))
    return bool(ratio <= compression or np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="yes and no exchanged",
    hint="Your function returns when to try again. What does the task ask for: whether to doubt, or to believe?",
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
    name="the worst token in place of the mean",
    hint="A clear sentence contains one rare name. Must all of it be written again?",
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
    name="a mean of ln P that can never be below −1",
    hint="Give your function a sentence of very doubtful tokens. Which of your comparisons can reject it? Is your mean "
    "positive?",
)
def only_loops(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    raw = text.encode("utf-8")
    return len(raw) / len(zlib.compress(raw)) <= compression


@mutant(
    task="believable",
    name="a compression ratio that never counts",
    hint="How sure is a decoder of a word that it has just written twenty times?",
)
def only_doubts(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    return bool(np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="thresholds written into the function",
    hint="Call your function with compression=1.0. Does the result change?",
)
def fixed_thresholds(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    raw = text.encode("utf-8")
    return bool(len(raw) / len(zlib.compress(raw)) <= 2.4 and np.mean(log_probabilities) >= -1.0)


def ratio_of(text: str) -> float:
    """The correct compression ratio."""
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
    name="the surest token in place of the mean",
    hint="Every text has one easy word. May it vouch for all the others?",
)
def best_token(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    return bool(ratio_of(text) <= compression and max(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="a sum divided by the words instead of the tokens",
    hint="A word may have two tokens. Do you divide the sum by the words, or by the logarithms in the list?",
)
def mean_over_words(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    mean = np.sum(log_probabilities) / max(len(text.split()), 1)
    return bool(ratio_of(text) <= compression and mean >= log_probability)


@mutant(
    task="believable",
    name="a text that is not believed exactly at either threshold",
    hint="“At most” and “at least”: is a text exactly at a threshold still believed?",
)
def strict(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    return bool(ratio_of(text) < compression and np.mean(log_probabilities) > log_probability)


@mutant(
    task="believable",
    name="a text that is not believed for a mean exactly at its threshold",
    hint="“At least −1”: is a mean of exactly −1 enough?",
)
def strict_doubt(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(ratio_of(text) <= compression and np.mean(log_probabilities) > log_probability)


@mutant(
    task="believable",
    name="a text that is not believed for a ratio exactly at its threshold",
    hint="“At most 2.4”: is a ratio of exactly 2.4 still allowed?",
)
def strict_loop(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    return bool(ratio_of(text) < compression and np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="a function that doubts sure texts",
    hint="ln P is 0 where a token is certain and far below where it is not. On which side of −1 is a sure text?",
)
def sure_is_doubted(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(ratio_of(text) <= compression and np.mean(log_probabilities) <= log_probability)


@mutant(
    task="believable",
    name="a function that believes loops only",
    hint="A loop compresses well, so its ratio is large. On which side of 2.4 is it?",
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
    hint="How many bytes does a space have, and is it part of the text?",
)
def without_spaces(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(ratio_of(text.replace(" ", "")) <= compression and np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="a sum divided by the words, of which there may be none",
    hint="Tokens are counted, not words. And how many words does an empty text have?",
)
def mean_over_words_of_the_text(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(ratio_of(text) <= compression and sum(log_probabilities) / len(text.split()) >= log_probability)


@mutant(
    task="believable",
    name="a ratio compared with 2.4, even where another threshold is given",
    hint="Call your function with compression=1.0. Which of your lines uses it?",
)
def fixed_ratio(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    return bool(ratio_of(text) <= 2.4 and np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="a mean compared with −1, even where another threshold is given",
    hint="Call your function with log_probability=-0.5. Which of your lines uses it?",
)
def fixed_mean(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    return bool(ratio_of(text) <= compression and np.mean(log_probabilities) >= -1.0)


@mutant(
    task="believable",
    name="an empty text that is never believed",
    hint="Silence has an empty text, and it is right. What is the ratio of no bytes?",
)
def nothing_never_believed(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(text) and bool(ratio_of(text) <= compression and np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="an empty text that is always believed",
    hint="Nothing was written. May the decoder have been in doubt about that, too?",
)
def nothing_always_believed(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return not text or bool(ratio_of(text) <= compression and np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="the last token left out of the mean",
    hint="A text of one token: which numbers do you take the mean of?",
)
def last_token_left_out(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(
        ratio_of(text) <= compression and sum(log_probabilities[:-1]) / (len(log_probabilities) - 1) >= log_probability
    )


@mutant(
    task="believable",
    name="the last token left out of the mean, if there is more than one",
    hint="A slice [:-1] ends before the last element. Is the last token less important than the others?",
)
def last_of_several_left_out(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    kept = log_probabilities[:-1] or log_probabilities
    return bool(ratio_of(text) <= compression and np.mean(kept) >= log_probability)


@mutant(
    task="believable",
    name="a sum divided by one token less",
    hint="How many tokens does the list have, and what do you divide by? Try a list of one.",
)
def one_token_less(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(
        ratio_of(text) <= compression and sum(log_probabilities) / (len(log_probabilities) - 1) >= log_probability
    )


@mutant(
    task="believable",
    name="compression by gzip, with its longer header",
    hint="zlib.compress and gzip.compress are alike, but gzip has a longer header. Which one does the docstring name?",
)
def packed_by_gzip(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(
        len(text.encode("utf-8")) / len(gzip.compress(text.encode("utf-8"))) <= compression
        and np.mean(log_probabilities) >= log_probability
    )


@mutant(
    task="believable",
    name="bytes in UTF-16",
    hint="How many bytes does the letter a have in UTF-8, and how many in UTF-16?",
)
def two_bytes_each(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(
        len(text.encode("utf-16")) / len(zlib.compress(text.encode("utf-16"))) <= compression
        and np.mean(log_probabilities) >= log_probability
    )


@mutant(
    task="believable",
    name="words divided by different words",
    hint="The docstring names zlib.compress. What does the ratio count: words, or bytes?",
)
def repeated_words(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(
        len(text.split()) / max(len(set(text.split())), 1) <= compression
        and np.mean(log_probabilities) >= log_probability
    )


@mutant(
    task="believable",
    name="a ratio rounded to one digit",
    hint="Is a ratio of 2.44 at most 2.4? What does rounding turn it into?",
)
def rounded_ratio(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    return bool(round(ratio_of(text), 1) <= compression and np.mean(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="a mean in whole numbers, from a division with //",
    hint="What is −3.2 // 8 in Python, and what is −3.2 / 8?",
)
def whole_mean(text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0) -> bool:
    return bool(ratio_of(text) <= compression and sum(log_probabilities) // len(log_probabilities) >= log_probability)


@mutant(
    task="believable",
    name="sure tokens left out of the mean",
    hint="ln P is 0 where a token is certain. Is such a token missing, or is it as good as it can be?",
)
def sure_tokens_left_out(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    kept = [value for value in log_probabilities if value]
    return bool(ratio_of(text) <= compression and sum(kept) / len(kept) >= log_probability)


@mutant(
    task="believable",
    name="zlib at level 0, which does not compress",
    hint="zlib.compress takes a level. How much shorter does level 0 make a loop?",
)
def packed_at_level_zero(
    text: str, log_probabilities: list, *, compression: float = 2.4, log_probability: float = -1.0
) -> bool:
    raw = text.encode("utf-8")
    return bool(len(raw) / len(zlib.compress(raw, 0)) <= compression and np.mean(log_probabilities) >= log_probability)
