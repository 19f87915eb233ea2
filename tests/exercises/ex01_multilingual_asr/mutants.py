"""Misconceptions about recognisers and their scores, as answers that people really give."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from audiocourse.learn.authoring import mutant
from audiocourse.signal import mel_spectrogram

# ---------------------------------------------------------------- 1.1 log-mel


def power_of(y: np.ndarray, sr: int, n_fft: int, hop_length: int, n_mels: int, *, scale: str = "slaney") -> np.ndarray:
    """Mel power of the mirrored sound, with the one frame too many."""
    mirrored = np.pad(y, n_fft // 2, mode="reflect")
    sizes = {"sr": sr, "n_fft": n_fft, "hop_length": hop_length, "n_mels": n_mels}
    return mel_spectrogram(mirrored, center=False, scale=scale, **sizes)


def scaled(decades: np.ndarray) -> np.ndarray:
    """Whisper's range."""
    return (np.maximum(decades, decades.max() - 8) + 4) / 4


def log_of(power: np.ndarray) -> np.ndarray:
    """Decades, never below −10."""
    return np.log10(np.maximum(power, 1e-10))


@mutant(
    task="whisper_log_mel",
    name="one frame too many",
    hint="A second at a hop of 10 ms: how many hops are there, and how many centres from 0 s to 1 s, both included?",
)
def last_frame_kept(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return scaled(log_of(power_of(y, sr, n_fft, hop_length, n_mels)))


@mutant(
    task="whisper_log_mel",
    name="silence instead of a mirror at the ends",
    hint="Look at your first and your last frame. What does a frame centred at sample 0 find on its left side?",
)
def zeros_at_the_ends(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    power = mel_spectrogram(y, sr=sr, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels)
    return scaled(log_of(power[:, : y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="the first frame dropped instead of the last",
    hint="Frame m is to be centred at m hops. Where is your frame 0 centred?",
)
def first_frame_dropped(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    power = power_of(y, sr, n_fft, hop_length, n_mels)
    return scaled(log_of(power[:, 1 : 1 + y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="the natural logarithm",
    hint="Eight decades are eight powers of ten. To which base does np.log count?",
)
def natural_logarithm(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    power = power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length]
    return scaled(np.log(np.maximum(power, 1e-10)))


@mutant(
    task="whisper_log_mel",
    name="decibels",
    hint="The network was trained on decades, not on tenths of them. By which factor are your numbers larger?",
)
def decibels(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    power = power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length]
    return scaled(10 * log_of(power))


@mutant(
    task="whisper_log_mel",
    name="a floor under each frame instead of one under all",
    hint="With a floor of its own, a silent frame looks as detailed as a loud one. Whose maximum is in the formula?",
)
def floor_per_frame(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (np.maximum(decades, decades.max(axis=0) - 8) + 4) / 4


@mutant(
    task="whisper_log_mel",
    name="no floor eight decades down",
    hint="Fade a sound into silence. How far below its loudest band may the softest lie?",
)
def no_floor(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return (log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length]) + 4) / 4


@mutant(
    task="whisper_log_mel",
    name="a floor at −8 instead of eight below the loudest",
    hint="Play the sound ten times as loud. Does your floor rise with it?",
)
def floor_at_minus_eight(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (np.maximum(decades, -8.0) + 4) / 4


@mutant(
    task="whisper_log_mel",
    name="every band normalised to mean 0 and spread 1",
    hint="Other recognisers do that. Does the formula here take a mean away?",
)
def normalised(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (decades - decades.mean(axis=1, keepdims=True)) / (decades.std(axis=1, keepdims=True) + 1e-8)


@mutant(
    task="whisper_log_mel",
    name="the other mel scale",
    hint="There are two formulas for the mel scale, and Whisper's is the one that is straight up to 1000 Hz.",
)
def htk_scale(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return scaled(log_of(power_of(y, sr, n_fft, hop_length, n_mels, scale="htk")[:, : y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="the floor before the last frame is left out",
    hint="Step 3 comes before step 5. Whose loudness sets your floor: also that of a frame nobody will see?",
)
def cut_after_the_floor(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    return scaled(log_of(power_of(y, sr, n_fft, hop_length, n_mels)))[:, : y.size // hop_length]


@mutant(
    task="whisper_log_mel",
    name="a mirror that doubles the sample at the edge",
    hint="Write down what stands left of y[0]: is it y[0] once more, or y[1]? np.pad has a mode for each.",
)
def edge_doubled(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    mirrored = np.pad(y, n_fft // 2, mode="symmetric")
    sizes = {"sr": sr, "n_fft": n_fft, "hop_length": hop_length, "n_mels": n_mels}
    power = mel_spectrogram(mirrored, center=False, **sizes)
    return scaled(log_of(power[:, : y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="samples put before the beginning twice",
    hint="You mirror, and mel_spectrogram with center=True puts samples before the beginning once more. Who should?",
)
def padded_twice(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    mirrored = np.pad(y, n_fft // 2, mode="reflect")
    power = mel_spectrogram(mirrored, sr=sr, n_fft=n_fft, hop_length=hop_length, n_mels=n_mels)
    return scaled(log_of(power[:, : y.size // hop_length]))


@mutant(
    task="whisper_log_mel",
    name="a floor under each band instead of one under all",
    hint="A band without any sound gets a floor of its own, far below the others. Whose maximum is in the formula?",
)
def floor_per_band(y: np.ndarray, *, sr: int, n_fft: int, hop_length: int, n_mels: int) -> np.ndarray:
    decades = log_of(power_of(y, sr, n_fft, hop_length, n_mels)[:, : y.size // hop_length])
    return (np.maximum(decades, decades.max(axis=1, keepdims=True) - 8) + 4) / 4


# ---------------------------------------------------------------- 1.2 which language


@mutant(
    task="language_probabilities",
    name="a share among all tokens",
    hint="Do your probabilities add up to 1? Whom does a language compete with: other languages, or all words too?",
)
def among_all(logits: np.ndarray, languages: dict) -> dict:
    powers = np.exp(logits - np.max(logits))
    return {language: float(powers[token] / powers.sum()) for language, token in languages.items()}


@mutant(
    task="language_probabilities",
    name="the first logits instead of those of the language tokens",
    hint="The dict says which number each language's token has. Which places of the logits did you read?",
)
def first_places(logits: np.ndarray, languages: dict) -> dict:
    z = logits[: len(languages)]
    powers = np.exp(z - np.max(z))
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="the logits of sorted tokens, given to unsorted languages",
    hint="You took the right logits in the order of their numbers. Does the dict list its languages in that order?",
)
def in_token_order(logits: np.ndarray, languages: dict) -> dict:
    z = logits[sorted(languages.values())]
    powers = np.exp(z - np.max(z))
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="exponentials that overflow",
    hint="exp(5000) is infinite in floating point. Take the largest of the logits away first: it changes no ratio.",
)
def overflowing(logits: np.ndarray, languages: dict) -> dict:
    powers = {language: np.exp(logits[token]) for language, token in languages.items()}
    total = sum(powers.values())
    return {language: float(power / total) for language, power in powers.items()}


@mutant(
    task="language_probabilities",
    name="the largest of all logits taken away",
    hint="A word may have a logit thousands above every language. What is exp of minus thousands, and what is 0 / 0?",
)
def largest_of_all(logits: np.ndarray, languages: dict) -> dict:
    powers = np.exp(np.array([logits[token] for token in languages.values()]) - np.max(logits))
    return dict(zip(languages, (powers / powers.sum()).tolist(), strict=True))


@mutant(
    task="language_probabilities",
    name="the winner takes all",
    hint="Which is the second likeliest language, and how sure is the model? Your answer cannot say.",
)
def winner_takes_all(logits: np.ndarray, languages: dict) -> dict:
    best = max(languages, key=lambda language: logits[languages[language]])
    return {language: float(language == best) for language in languages}


@mutant(
    task="language_probabilities",
    name="logits taken for probabilities",
    hint="Logits may be negative. Which function makes them positive, and their distances ratios?",
)
def no_exponential(logits: np.ndarray, languages: dict) -> dict:
    z = {language: float(logits[token]) for language, token in languages.items()}
    return {language: value / sum(z.values()) for language, value in z.items()}


@mutant(
    task="language_probabilities",
    name="a sigmoid for each language alone",
    hint="A sigmoid asks for every language: yes or no? Here exactly one is spoken. Do your numbers add up to 1?",
)
def each_alone(logits: np.ndarray, languages: dict) -> dict:
    return {language: float(1 / (1 + np.exp(-logits[token]))) for language, token in languages.items()}


# ---------------------------------------------------------------- 1.3 greedy decoding

NextScores = Callable[[list], np.ndarray]


@mutant(
    task="greedy_decode",
    name="a limit that counts the prompt",
    hint="How many new tokens do you write with a prompt of four and most = 5?",
)
def limit_counts_the_prompt(next_scores: NextScores, prompt: list, *, end: int, most: int) -> list:
    tokens = list(prompt)
    while len(tokens) < most:
        best = int(np.argmax(next_scores(tokens)))
        if best == end:
            break
        tokens.append(best)
    return tokens[len(prompt) :]


@mutant(
    task="greedy_decode",
    name="a decoder that sees only the last token",
    hint="Which language was forced, four tokens ago? Whoever sees the last token only cannot know.",
)
def last_token_only(next_scores: NextScores, prompt: list, *, end: int, most: int) -> list:
    tokens = list(prompt)
    while len(tokens) < len(prompt) + most:
        best = int(np.argmax(next_scores(tokens[-1:])))
        if best == end:
            break
        tokens.append(best)
    return tokens[len(prompt) :]


@mutant(
    task="greedy_decode",
    name="the prompt forgotten after the first token",
    hint="What do you pass on the second call: the new tokens alone, or the prompt and the new tokens?",
)
def prompt_forgotten(next_scores: NextScores, prompt: list, *, end: int, most: int) -> list:
    text: list = []
    while len(text) < most:
        best = int(np.argmax(next_scores(text or list(prompt))))
        if best == end:
            break
        text.append(best)
    return text


@mutant(
    task="greedy_decode",
    name="the best few tokens of one step as a text",
    hint="The second word depends on the first. How often did you ask what comes next?",
)
def all_from_one_step(next_scores: NextScores, prompt: list, *, end: int, most: int) -> list:
    order = np.argsort(next_scores(list(prompt)))[::-1].tolist()
    return order[: min(most, order.index(end))]


@mutant(
    task="greedy_decode",
    name="the prompt in the text",
    hint="Nobody said <|startoftranscript|>. Which part of your list was written, which was forced?",
)
def prompt_kept(next_scores: NextScores, prompt: list, *, end: int, most: int) -> list:
    tokens = list(prompt)
    while len(tokens) < len(prompt) + most:
        best = int(np.argmax(next_scores(tokens)))
        if best == end:
            break
        tokens.append(best)
    return tokens


@mutant(
    task="greedy_decode",
    name="the end token in the text",
    hint="The end token says that the text is over. Is it a part of what was said?",
)
def end_kept(next_scores: NextScores, prompt: list, *, end: int, most: int) -> list:
    tokens = list(prompt)
    while len(tokens) < len(prompt) + most:
        tokens.append(int(np.argmax(next_scores(tokens))))
        if tokens[-1] == end:
            break
    return tokens[len(prompt) :]


@mutant(
    task="greedy_decode",
    name="a decoder that never ends",
    hint="What does your loop do when the likeliest token is the end?",
)
def never_ends(next_scores: NextScores, prompt: list, *, end: int, most: int) -> list:
    tokens = list(prompt)
    for _ in range(most):
        tokens.append(int(np.argmax(next_scores(tokens))))
    return tokens[len(prompt) :]


@mutant(
    task="greedy_decode",
    name="the end left out, and the text goes on",
    hint="You skip the end token and write what follows it. What does the decoder mean by it?",
)
def ends_are_skipped(next_scores: NextScores, prompt: list, *, end: int, most: int) -> list:
    tokens = list(prompt)
    for _ in range(most):
        scores = np.array(next_scores(tokens), dtype=float)
        scores[end] = -np.inf
        tokens.append(int(np.argmax(scores)))
    return tokens[len(prompt) :]


@mutant(
    task="greedy_decode",
    name="a decoder that sees the prompt, then only the newest token",
    hint="This decoder remembers nothing between two calls. What must it be told each time?",
)
def newest_token_only(next_scores: NextScores, prompt: list, *, end: int, most: int) -> list:
    text: list = []
    while len(text) < most:
        best = int(np.argmax(next_scores(text[-1:] or list(prompt))))
        if best == end:
            break
        text.append(best)
    return text


@mutant(
    task="greedy_decode",
    name="no limit",
    hint="What stops your loop when the end token never comes?",
)
def without_a_limit(next_scores: NextScores, prompt: list, *, end: int, most: int) -> list:
    tokens = list(prompt)
    while (best := int(np.argmax(next_scores(tokens)))) != end:
        tokens.append(best)
    return tokens[len(prompt) :]


@mutant(
    task="greedy_decode",
    name="one token more than the limit",
    hint="With most = 1, how often does your loop run? Look at where you compare, before or after you append.",
)
def one_more_than_most(next_scores: NextScores, prompt: list, *, end: int, most: int) -> list:
    return without_a_limit(next_scores, prompt, end=end, most=most)[: most + 1]


# ---------------------------------------------------------------- 1.4 counting errors


@mutant(
    task="edit_distance",
    name="the same small problems again and again",
    hint="Every call asks three more. How often is the distance of two beginnings computed? Keep each in a table.",
)
def without_a_table(reference: list, hypothesis: list) -> int:
    if not reference or not hypothesis:
        return len(reference) + len(hypothesis)
    if reference[-1] == hypothesis[-1]:
        return without_a_table(reference[:-1], hypothesis[:-1])
    shorter = ((reference[:-1], hypothesis), (reference, hypothesis[:-1]), (reference[:-1], hypothesis[:-1]))
    return 1 + min(without_a_table(*pair) for pair in shorter)


@mutant(
    task="edit_distance",
    name="word beside word at the same place",
    hint="Leave out the first word of ten. How many of the other nine does your function call wrong, and are they?",
)
def place_by_place(reference: list, hypothesis: list) -> int:
    pairs = zip(reference, hypothesis, strict=False)
    return sum(a != b for a, b in pairs) + abs(len(reference) - len(hypothesis))


@mutant(
    task="edit_distance",
    name="words as sets, without their order",
    hint="“dog bites man” and “man bites dog” have the same words. Is there no error?",
)
def bags_of_words(reference: list, hypothesis: list) -> int:
    return len(set(reference) ^ set(hypothesis))


@mutant(
    task="edit_distance",
    name="a replaced word counts twice",
    hint="You leave the wrong word out and put the right one in: two edits. Which single edit does the same?",
)
def without_substitutions(reference: list, hypothesis: list) -> int:
    row = list(range(len(hypothesis) + 1))
    for i, said in enumerate(reference, start=1):
        before, row = row, [i]
        for j, heard in enumerate(hypothesis):
            row.append(before[j] if said == heard else 1 + min(before[j + 1], row[j]))
    return row[-1]


@mutant(
    task="edit_distance",
    name="only lost words count",
    hint="A recogniser that invents a sentence in silence: how many errors do you count?",
)
def only_lost_words(reference: list, hypothesis: list) -> int:
    table = np.zeros((len(reference) + 1, len(hypothesis) + 1), dtype=int)
    for (i, said), (j, heard) in itertools.product(enumerate(reference), enumerate(hypothesis)):
        table[i + 1, j + 1] = table[i, j] + 1 if said == heard else max(table[i, j + 1], table[i + 1, j])
    return len(reference) - int(table[-1, -1])


@mutant(
    task="edit_distance",
    name="a table whose first row and column are 0",
    hint="What does it cost to turn nothing into three words, and three words into nothing?",
)
def free_beginnings(reference: list, hypothesis: list) -> int:
    table = np.zeros((len(reference) + 1, len(hypothesis) + 1), dtype=int)
    for (i, said), (j, heard) in itertools.product(enumerate(reference), enumerate(hypothesis)):
        table[i + 1, j + 1] = min(table[i, j] + (said != heard), table[i, j + 1] + 1, table[i + 1, j] + 1)
    return int(table[-1, -1])


@mutant(
    task="edit_distance",
    name="letters instead of words",
    hint="“see” for “sea” is one wrong word. How many wrong letters are in a word that is altogether wrong?",
)
def letters(reference: list, hypothesis: list) -> int:
    a, b = " ".join(reference), " ".join(hypothesis)
    row = list(range(len(b) + 1))
    for i, said in enumerate(a, start=1):
        before, row = row, [i]
        for j, heard in enumerate(b):
            row.append(min(before[j + 1] + 1, row[j] + 1, before[j] + (said != heard)))
    return row[-1]


@mutant(
    task="edit_distance",
    name="a word matched without looking at its neighbours' cost",
    hint="You always go on from the diagonal. When is it cheaper to leave a word out first?",
)
def only_diagonals(reference: list, hypothesis: list) -> int:
    errors = 0
    i = j = 0
    while i < len(reference) and j < len(hypothesis):
        if reference[i] == hypothesis[j]:
            i, j = i + 1, j + 1
            continue
        errors += 1
        if len(reference) - i > len(hypothesis) - j:
            i += 1
        elif len(reference) - i < len(hypothesis) - j:
            j += 1
        else:
            i, j = i + 1, j + 1
    return errors + len(reference) - i + len(hypothesis) - j


@mutant(
    task="edit_distance",
    name="a rate instead of a number of errors",
    hint="Dividing by the words comes later, once for all texts together. What is asked here is a count.",
)
def already_divided(reference: list, hypothesis: list) -> float:
    row = list(range(len(hypothesis) + 1))
    for i, said in enumerate(reference, start=1):
        before, row = row, [i]
        for j, heard in enumerate(hypothesis):
            row.append(min(before[j + 1] + 1, row[j] + 1, before[j] + (said != heard)))
    return row[-1] / max(len(reference), 1)


# ---------------------------------------------------------------- 1.5 rates by group


@mutant(
    task="rates_by_group",
    name="a mean of rates",
    hint="One wrong word in a text of one, none in a text of twenty: is the recogniser wrong half of the time?",
)
def mean_of_rates(groups: list, errors: list, words: list) -> dict:
    rates: dict = {}
    for group, bad, said in zip(groups, errors, words, strict=True):
        rates.setdefault(group, []).append(bad / said)
    return {group: float(np.mean(values)) for group, values in rates.items()}


@mutant(
    task="rates_by_group",
    name="errors a text instead of errors a word",
    hint="By what do you divide: by the number of texts, or by the number of words that were said?",
)
def errors_per_text(groups: list, errors: list, words: list) -> dict:
    return {
        group: float(np.mean([bad for other, bad in zip(groups, errors, strict=True) if other == group]))
        for group in dict.fromkeys(groups)
    }


@mutant(
    task="rates_by_group",
    name="the last text of each group only",
    hint="A dict keeps one value for a key. What happens when the second text of a group arrives?",
)
def last_text_only(groups: list, errors: list, words: list) -> dict:
    return {group: bad / said for group, bad, said in zip(groups, errors, words, strict=True)}


@mutant(
    task="rates_by_group",
    name="divided by the words of all groups",
    hint="A group with few texts would always look good. Whose words belong under the fraction?",
)
def all_words_below(groups: list, errors: list, words: list) -> dict:
    rates = dict.fromkeys(groups, 0.0)
    for group, bad in zip(groups, errors, strict=True):
        rates[group] += bad / sum(words)
    return rates


@mutant(
    task="rates_by_group",
    name="rates that stop at 100 %",
    hint="A recogniser may invent more words than were said. Is there an upper limit to what can be invented?",
)
def at_most_one(groups: list, errors: list, words: list) -> dict:
    wrong, said = dict.fromkeys(groups, 0), dict.fromkeys(groups, 0)
    for group, bad, count in zip(groups, errors, words, strict=True):
        wrong[group] += bad
        said[group] += count
    return {group: min(1.0, wrong[group] / said[group]) for group in wrong}


@mutant(
    task="rates_by_group",
    name="the share of right words",
    hint="A perfect recogniser has an error rate of 0. What do you return for it?",
)
def accuracies(groups: list, errors: list, words: list) -> dict:
    wrong, said = dict.fromkeys(groups, 0), dict.fromkeys(groups, 0)
    for group, bad, count in zip(groups, errors, words, strict=True):
        wrong[group] += bad
        said[group] += count
    return {group: 1 - wrong[group] / said[group] for group in wrong}


# ---------------------------------------------------------------- 1.6 where windows begin


@mutant(
    task="window_starts",
    name="the end of the recording is never heard",
    hint="Which samples come after the last whole window, and in which window are they?",
)
def whole_windows_only(samples: int, *, window: int, hop: int) -> list:
    return list(range(0, samples - window + 1, hop))


@mutant(
    task="window_starts",
    name="windows up to the very last sample",
    hint="Does your last window hold a sample that the one before does not?",
)
def idle_windows(samples: int, *, window: int, hop: int) -> list:
    return list(range(0, samples, hop))


@mutant(
    task="window_starts",
    name="the first window only",
    hint="That is what a feature extractor does with a long recording. What becomes of the rest?",
)
def first_window_only(samples: int, *, window: int, hop: int) -> list:
    return [0]


@mutant(
    task="window_starts",
    name="windows that do not overlap",
    hint="A word across the border of two windows is heard by neither. How far apart are your windows to begin?",
)
def no_overlap(samples: int, *, window: int, hop: int) -> list:
    return list(range(0, max(samples - window, 0) + window, window))


@mutant(
    task="window_starts",
    name="a last window moved back to fit",
    hint="A good idea, but not what is asked: each window begins one hop after the one before.",
)
def last_one_moved(samples: int, *, window: int, hop: int) -> list:
    starts = list(range(0, max(samples - window, 0) + 1, hop))
    rest = samples - window
    return [*starts, rest] if rest > starts[-1] else starts


@mutant(
    task="window_starts",
    name="one window more than needed",
    hint="Take a recording as long as one window. How many windows hear all of it?",
)
def one_too_many(samples: int, *, window: int, hop: int) -> list:
    return list(range(0, max(samples - window, 0) + hop + 1, hop))


# ---------------------------------------------------------------- 1.7 stitching


def ends(words: list, most: int) -> tuple[list, list]:
    """What cannot and what can be in the overlap, on the left."""
    cut = max(len(words) - most, 0)
    return words[:cut], words[cut:]


@mutant(
    task="stitch_words",
    name="one window after the other",
    hint="Read the result aloud. How often is said what was spoken in the overlap?",
)
def one_after_the_other(left: list, right: list, *, most: int) -> list:
    return left + right


@mutant(
    task="stitch_words",
    name="every word once",
    hint="“no no no” is three words. What is left of it?",
)
def every_word_once(left: list, right: list, *, most: int) -> list:
    return list(dict.fromkeys(left + right))


@mutant(
    task="stitch_words",
    name="only an end that equals the beginning word for word",
    hint="The last word of a window is often half a word. Which run do the two windows share nevertheless?",
)
def exact_overlap(left: list, right: list, *, most: int) -> list:
    for length in range(min(len(left), len(right), most), 0, -1):
        if left[-length:] == right[:length]:
            return left + right[length:]
    return left + right


@mutant(
    task="stitch_words",
    name="the last common word instead of the longest run",
    hint="“the” stands nearly everywhere. Which proves more that two places are the same: one word, or five in a row?",
)
def last_common_word(left: list, right: list, *, most: int) -> list:
    before, tail = ends(left, most)
    for i in range(len(tail) - 1, -1, -1):
        if tail[i] in right[:most]:
            return before + tail[: i + 1] + right[right.index(tail[i]) + 1 :]
    return left + right


def seam(left: list, right: list, most: int, better: Callable[[tuple, tuple], bool]) -> tuple[int, int, int]:
    """The run that is better than all others: length, its end on the left, its end on the right."""
    best = (0, len(left), 0)
    first = max(len(left) - most, 0)
    for i, j in itertools.product(range(first, len(left)), range(min(most, len(right)))):
        length = 0
        while i + length < len(left) and j + length < min(most, len(right)) and left[i + length] == right[j + length]:
            length += 1
        found = (length, i + length, j + length)
        if length and better(found, best):
            best = found
    return best


@mutant(
    task="stitch_words",
    name="the run left out altogether",
    hint="What was spoken in the overlap is heard twice and to be written once. How often do you write it?",
)
def run_left_out(left: list, right: list, *, most: int) -> list:
    length, i, j = seam(left, right, most, lambda a, b: (a[0], a[1], -a[2]) > (b[0], b[1] if b[0] else -1, -b[2]))
    return left[: i - length] + right[j:]


@mutant(
    task="stitch_words",
    name="the rest of the left window kept",
    hint="After the common run the left window has only what its edge cut off. Which window heard that place better?",
)
def left_rest_kept(left: list, right: list, *, most: int) -> list:
    _, _, j = seam(left, right, most, lambda a, b: (a[0], a[1], -a[2]) > (b[0], b[1] if b[0] else -1, -b[2]))
    return left + right[j:]


@mutant(
    task="stitch_words",
    name="an overlap of any length",
    hint="A word from the beginning of the left window cannot have been spoken in the overlap. What is `most` for?",
)
def most_ignored(left: list, right: list, *, most: int) -> list:
    better = lambda a, b: (a[0], a[1], -a[2]) > (b[0], b[1] if b[0] else -1, -b[2])  # noqa: E731
    _, i, j = seam(left, right, len(left) + len(right), better)
    return left[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="the first of the longest runs on the left",
    hint="Two runs are equally long. If you take the earlier one, what becomes of the words between them?",
)
def first_on_the_left(left: list, right: list, *, most: int) -> list:
    _, i, j = seam(left, right, most, lambda a, b: a[0] > b[0])
    return left[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="the last of the longest runs on the right",
    hint="Two runs on the right are equally long. If you take the later one, which words are lost?",
)
def last_on_the_right(left: list, right: list, *, most: int) -> list:
    _, i, j = seam(left, right, most, lambda a, b: a > b)
    return left[:i] + right[j:]


@mutant(
    task="stitch_words",
    name="a run that begins before the overlap",
    hint="The whole run must lie within the last `most` words on the left, not only its end.",
)
def run_begins_too_early(left: list, right: list, *, most: int) -> list:
    def run(keep: int, skip: int) -> int:
        length = 0
        while length < min(keep, skip) and left[keep - 1 - length] == right[skip - 1 - length]:
            length += 1
        return length

    keeps, skips = range(max(len(left) - most, 0), len(left) + 1), range(min(most, len(right)) + 1)
    _, keep, skip = max((run(keep, skip), keep, -skip) for keep in keeps for skip in skips)
    return left[:keep] + right[-skip:]


@mutant(
    task="stitch_words",
    name="a run that ends after the overlap",
    hint="The whole run must lie within the first `most` words on the right, not only its beginning.",
)
def run_ends_too_late(left: list, right: list, *, most: int) -> list:
    best = (0, len(left), 0)
    for i, j in itertools.product(range(max(len(left) - most, 0), len(left)), range(min(most, len(right)))):
        pairs = zip(left[i:], right[j:], strict=False)
        length = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
        if length:
            best = max(best, (length, i + length, -j - length), key=lambda one: (one[0], one[1] * bool(one[0]), one[2]))
    return left[: best[1]] + right[-best[2] :]


@mutant(
    task="stitch_words",
    name="the words before the overlap lost",
    hint="Words outside the overlap stay in the text. What becomes of those before the last `most` on the left?",
)
def beginning_lost(left: list, right: list, *, most: int) -> list:
    _, i, j = seam(left, right, most, lambda a, b: (a[0], a[1], -a[2]) > (b[0], b[1] if b[0] else -1, -b[2]))
    return left[max(len(left) - most, 0) : i] + right[j:]
