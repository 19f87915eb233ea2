"""Misconceptions about sample formats, zero crossings and detection rates, as answers that people really give."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import mutant

# ---------------------------------------------------------------- 4a.1 from float to 16 bits


@mutant(
    task="to_pcm16",
    name="samples that wrap around",
    hint="An int16 counts to 32767. Which value comes after that, and what would it sound like?",
)
def wraps_around(y: np.ndarray) -> np.ndarray:
    return np.round(y * 32767).astype(np.int32).astype(np.int16)  # numpy goes the same way from float to int16


@mutant(
    task="to_pcm16",
    name="truncation instead of rounding",
    hint="Which integer is nearest to 0.9, and which one does astype give?",
)
def cut_off(y: np.ndarray) -> np.ndarray:
    return (np.clip(y, -1, 1) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="a scale of 32768 that overflows at full scale",
    hint="Where does a sample of exactly 1.0 land, and is there such an int16?",
)
def one_too_far(y: np.ndarray) -> np.ndarray:
    return np.round(np.clip(y, -1, 1) * 32768).astype(np.int32).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="a scale of 32768, clipped at the ends of int16",
    hint="Turn a wave upside down. Do its 16-bit samples only change their sign?",
)
def uneven_ends(y: np.ndarray) -> np.ndarray:
    return np.clip(np.round(y * 32768), -32768, 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="samples clipped at the ends of int16 instead of at −1 and 1",
    hint="Samples of −1 and of −2 both belong at the lowest value. Do they get the same integer?",
)
def held_too_late(y: np.ndarray) -> np.ndarray:
    return np.clip(np.round(y * 32767), -32768, 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="normalisation to full scale",
    hint="A whisper and a shout come out equally loud. Does the task ask for that?",
)
def normalised(y: np.ndarray) -> np.ndarray:
    return np.round(y / np.max(np.abs(y)) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="a dtype other than int16",
    hint="How many bytes does each of your samples take, and how many does an int16 take?",
)
def type_forgotten(y: np.ndarray) -> np.ndarray:
    return np.round(np.clip(y, -1, 1) * 32767)


@mutant(
    task="to_pcm16",
    name="a conversion to int16 before scaling",
    hint="Which integers lie between −1 and 1? How many of your samples survive that?",
)
def type_before_scale(y: np.ndarray) -> np.ndarray:
    return np.clip(y, -1, 1).astype(np.int16) * np.int16(32767)


@mutant(
    task="to_pcm16",
    name="samples that wrap around, and are truncated instead of rounded",
    hint="Which value does an int16 take after 32767? And which integer is nearest to 0.9?",
)
def wraps_and_cuts(y: np.ndarray) -> np.ndarray:
    return (y * 32767).astype(np.int32).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="truncation instead of rounding, and a dtype other than int16",
    hint="How many bytes does astype(int) take for each sample, and which integer does it give for 0.9?",
)
def sixty_four_bits_cut(y: np.ndarray) -> np.ndarray:
    return (np.clip(y, -1, 1) * 32767).astype(np.int64)


@mutant(
    task="to_pcm16",
    name="samples rounded down",
    hint="np.floor of −0.1 is −1. Is that the nearest integer?",
)
def rounded_down(y: np.ndarray) -> np.ndarray:
    return np.floor(np.clip(y, -1, 1) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="0.5 added to every sample before truncation",
    hint="−0.9 + 0.5 is −0.4. Which integer does astype make of that, and which is nearest to −0.9?",
)
def half_added(y: np.ndarray) -> np.ndarray:
    return (np.clip(y, -1, 1) * 32767 + 0.5).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="rounding before scaling",
    hint="Which integers lie between −1 and 1? How many of your samples survive the rounding?",
)
def rounded_before_scale(y: np.ndarray) -> np.ndarray:
    return (np.round(np.clip(y, -1, 1)) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="the whole sound turned down instead of its peaks clipped",
    hint="A single sample exceeds full scale. Do the others change as well, and does the task ask for that?",
)
def turned_down(y: np.ndarray) -> np.ndarray:
    return np.round(y / max(1.0, float(np.max(np.abs(y)))) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="clipping at the upper end only",
    hint="A sample of −1.4 is as far beyond full scale as one of 1.4. Which of them do you limit?",
)
def upper_end_only(y: np.ndarray) -> np.ndarray:
    return np.round(np.minimum(y, 1) * 32767).astype(np.int32).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="a scale of 32768, and truncation",
    hint="A sample of exactly 1.0: is there an int16 of 32768? And does your conversion round?",
)
def cut_off_at_32768(y: np.ndarray) -> np.ndarray:
    return (np.clip(y, -1, 1) * 32768).astype(np.int32).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="samples rounded up",
    hint="np.ceil of 0.1 is 1. Is that the nearest integer?",
)
def rounded_up(y: np.ndarray) -> np.ndarray:
    return np.ceil(np.clip(y, -1, 1) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="samples clipped to −1 and 1 after scaling",
    hint="Full scale is 32767 after the multiplication. At which values do you clip then?",
)
def held_after_scale(y: np.ndarray) -> np.ndarray:
    return np.round(np.clip(y * 32767, -1, 1)).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="samples clipped at the ends of int16, and truncated",
    hint="Which integer is nearest to 0.9? And do samples of −1 and of −2 get the same integer?",
)
def held_too_late_and_cut(y: np.ndarray) -> np.ndarray:
    return np.clip(y * 32767, -32768, 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="a scale of 65535",
    hint="An int16 has 65536 values, but how many of them are positive?",
)
def unsigned_scale(y: np.ndarray) -> np.ndarray:
    return np.round(np.clip(y, -1, 1) * 65535).astype(np.int32).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="an upper limit one step below full scale",
    hint="1.0 is a sample like any other. On which step does it land when you hold it at 1 − 1/32768?",
)
def held_below_one(y: np.ndarray) -> np.ndarray:
    return np.round(np.clip(y, -1, 1 - 1 / 32768) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="samples held between 0 and 1",
    hint="A wave swings to both sides of 0. What becomes of its lower half?",
)
def lower_half_lost(y: np.ndarray) -> np.ndarray:
    return np.round(np.clip(y, 0, 1) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="16 bits without a sign",
    hint="A uint16 counts from 0 to 65535. How does it write a sample of −1?",
)
def without_a_sign(y: np.ndarray) -> np.ndarray:
    return np.round(np.clip(y, -1, 1) * 32767).astype(np.int32).astype(np.uint16)


@mutant(
    task="to_pcm16",
    name="a scale of its own for negative samples",
    hint="Turn a wave upside down. Do its 16-bit samples only change their sign?",
)
def two_scales(y: np.ndarray) -> np.ndarray:
    held = np.clip(y, -1, 1)
    return np.round(np.where(held < 0, held * 32768, held * 32767)).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="samples beyond full scale set to 0",
    hint="A peak of 1.2 is too loud. Is it silent in your result, and what does a hole in a peak sound like?",
)
def peaks_to_zero(y: np.ndarray) -> np.ndarray:
    return np.round(np.where(np.abs(y) > 1, 0, y) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="a soft limiter that changes every sample",
    hint="A sample of 0.5 is far from the limit. What does tanh make of it?",
)
def soft_limit(y: np.ndarray) -> np.ndarray:
    return np.round(np.tanh(y) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="samples in half precision",
    hint="A float16 keeps eleven bits. How many does a 16-bit sample need?",
)
def half_precision(y: np.ndarray) -> np.ndarray:
    return np.round(np.clip(y, -1, 1).astype(np.float16).astype(np.float32) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="a mean subtracted before scaling",
    hint="No one asked for a different sound. Where does a sample of 0 land when the mean is not 0?",
)
def mean_taken_away(y: np.ndarray) -> np.ndarray:
    return np.round(np.clip(y - np.mean(y), -1, 1) * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="a limit written into the sound itself",
    hint="The caller still needs what it gave you. Which array does your function write into?",
)
def held_in_place(y: np.ndarray) -> np.ndarray:
    np.clip(y, -1, 1, out=y)
    return np.round(y * 32767).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="a scale written into the sound itself",
    hint="The caller still needs what it gave you. Which array does your function write into?",
)
def scaled_in_place(y: np.ndarray) -> np.ndarray:
    y *= 32767
    return np.round(np.clip(y, -32767, 32767)).astype(np.int16)


@mutant(
    task="to_pcm16",
    name="bytes where numbers are asked for",
    hint="The detector wants bytes, but the task asks for an array. What does tobytes() take away?",
)
def bytes_of_the_samples(y: np.ndarray) -> bytes:
    return np.round(np.clip(y, -1, 1) * 32767).astype(np.int16).tobytes()


# ---------------------------------------------------------------- 4a.2 zero crossings


@mutant(
    task="zero_crossing_rate",
    name="a constant offset that is not removed",
    hint="A microphone adds 0.5 to every sample of a soft voice. Does the voice still cross zero?",
)
def offset_forgotten(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(frames < 0, axis=0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="one mean for all frames",
    hint="The offset may differ from frame to frame. Over which samples do you take the mean?",
)
def mean_of_everything(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(frames - frames.mean() < 0, axis=0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="a division by N instead of N − 1",
    hint="How many gaps lie between four fence posts? What is the rate when every sample differs in sign from the "
    "next?",
)
def divided_by_samples(frames: np.ndarray) -> np.ndarray:
    return np.sum(np.diff(frames - frames.mean(axis=0) < 0, axis=0), axis=0) / len(frames)


@mutant(
    task="zero_crossing_rate",
    name="a count instead of a share",
    hint="The same noise in frames of twice the length: should the rate double?",
)
def count(frames: np.ndarray) -> np.ndarray:
    return np.sum(np.diff(frames - frames.mean(axis=0) < 0, axis=0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="signs compared between neighbouring frames instead of neighbouring samples",
    hint="A column is one frame. Do you compare a sample with the next sample, or with the next frame?",
)
def across_frames(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(frames - frames.mean(axis=0) < 0, axis=1), axis=1)


@mutant(
    task="zero_crossing_rate",
    name="zero treated as a third sign",
    hint="Samples 1, 0, 1: np.sign gives two different answers. Has the wave crossed zero?",
)
def three_signs(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(np.sign(frames - frames.mean(axis=0)), axis=0) != 0, axis=0)


@mutant(
    task="zero_crossing_rate",
    name="a crossing that is lost when a sample is exactly zero",
    hint="Samples 1, 0, −1: the wave goes from plus to minus. What are the products of neighbouring samples?",
)
def negative_products(frames: np.ndarray) -> np.ndarray:
    centred = frames - frames.mean(axis=0)
    return np.mean(centred[:-1] * centred[1:] < 0, axis=0)


@mutant(
    task="zero_crossing_rate",
    name="half a crossing at every zero",
    hint="Samples 1, 0, 1: does the wave cross zero at all? Which sign does the docstring give to 0?",
)
def half_crossings(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.abs(np.diff(np.sign(frames - frames.mean(axis=0)), axis=0)) / 2, axis=0)


@mutant(
    task="zero_crossing_rate",
    name="a zero counted as negative",
    hint="Which sign does the docstring give to a sample of exactly 0?",
)
def zero_is_negative(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(frames - frames.mean(axis=0) > 0, axis=0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="crossings counted in one direction only",
    hint="A wave goes up through zero and down again. How many times has it crossed in one period?",
)
def upward_only(frames: np.ndarray) -> np.ndarray:
    below = frames - frames.mean(axis=0) < 0
    return np.mean(below[:-1] & ~below[1:], axis=0)


@mutant(
    task="zero_crossing_rate",
    name="differences between neighbouring frames instead of neighbouring samples",
    hint="np.diff works along the last axis if you name none. Which axis runs through the samples of one frame?",
)
def along_the_frames(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(frames - frames.mean(axis=0) < 0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="half a crossing at every zero, and the offset left in",
    hint="A microphone adds 0.5 to every sample. What is the sign of all of them then? And what is the sign of a 0?",
)
def half_crossings_with_offset(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.abs(np.diff(np.sign(frames), axis=0)) / 2, axis=0)


@mutant(
    task="zero_crossing_rate",
    name="zero treated as a third sign, and the offset left in",
    hint="A microphone adds 0.5 to every sample. What is the sign of all of them then? And what is the sign of a 0?",
)
def three_signs_with_offset(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(np.sign(frames), axis=0) != 0, axis=0)


@mutant(
    task="zero_crossing_rate",
    name="negative products, and the offset left in",
    hint="A microphone adds 0.5 to every sample. Can a product of two neighbours be negative then?",
)
def negative_products_with_offset(frames: np.ndarray) -> np.ndarray:
    return np.mean(frames[:-1] * frames[1:] < 0, axis=0)


@mutant(
    task="zero_crossing_rate",
    name="a mean across frames instead of within each frame",
    hint="A column is one frame. Over which samples do you take the mean: those of one frame, or those at one "
    "position in all frames?",
)
def mean_across_the_frames(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(frames - frames.mean(axis=1, keepdims=True) < 0, axis=0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="every crossing counted twice",
    hint="np.sign jumps from −1 to 1. By how much does it change at one crossing?",
)
def counted_twice(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.abs(np.diff(np.sign(frames - frames.mean(axis=0)), axis=0)), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="a product of zero counted as a crossing",
    hint="Samples 1, 0, 1: what are the products of neighbouring samples, and does the wave cross zero?",
)
def products_not_positive(frames: np.ndarray) -> np.ndarray:
    centred = frames - frames.mean(axis=0)
    return np.mean(centred[:-1] * centred[1:] <= 0, axis=0)


@mutant(
    task="zero_crossing_rate",
    name="a count divided by the number of frames",
    hint="A frame of N samples has N − 1 pairs. Which entry of the shape is N?",
)
def divided_by_the_frames(frames: np.ndarray) -> np.ndarray:
    return np.sum(np.diff(frames - frames.mean(axis=0) < 0, axis=0), axis=0) / frames.shape[1]


@mutant(
    task="zero_crossing_rate",
    name="one rate for all frames together",
    hint="The task asks for a rate for each frame. How many numbers do you return?",
)
def one_rate_for_all(frames: np.ndarray) -> np.ndarray:
    return np.asarray(np.mean(np.diff(frames - frames.mean(axis=0) < 0, axis=0)))


@mutant(
    task="zero_crossing_rate",
    name="the share of samples below zero",
    hint="How many samples are negative, and how often does the sign change: is that the same question?",
)
def share_below_zero(frames: np.ndarray) -> np.ndarray:
    return np.mean(frames - frames.mean(axis=0) < 0, axis=0)


@mutant(
    task="zero_crossing_rate",
    name="the share of pairs that do not cross",
    hint="A steady tone of 50 Hz crosses rarely. Is your rate for it near 0 or near 1?",
)
def pairs_that_stay(frames: np.ndarray) -> np.ndarray:
    return np.mean(~np.diff(frames - frames.mean(axis=0) < 0, axis=0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="crossings counted downwards only",
    hint="A wave goes up through zero and down again. How many times has it crossed in one period?",
)
def downward_only(frames: np.ndarray) -> np.ndarray:
    below = frames - frames.mean(axis=0) < 0
    return np.mean(~below[:-1] & below[1:], axis=0)


@mutant(
    task="zero_crossing_rate",
    name="upward and downward changes that cancel",
    hint="A step from −1 to 1 is +2, and a step back is −2. What is the mean of the two?",
)
def changes_that_cancel(frames: np.ndarray) -> np.ndarray:
    negative = frames - frames.mean(axis=0) < 0
    return np.mean(np.diff(np.where(negative, -1.0, 1.0), axis=0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="a search for samples that are exactly zero",
    hint="A sampled sine may jump from 0.1 to −0.1. Is any sample exactly 0 where it crosses?",
)
def exact_zeros(frames: np.ndarray) -> np.ndarray:
    return np.mean(frames - frames.mean(axis=0) == 0, axis=0)


@mutant(
    task="zero_crossing_rate",
    name="the textbook's formula ½ Σ |Δ sign| / N, with the offset left in",
    hint="A microphone adds 0.5 to every sample: what are their signs then? And how many pairs do N samples have?",
)
def textbook_formula(frames: np.ndarray) -> np.ndarray:
    return np.sum(np.abs(np.diff(np.sign(frames), axis=0)), axis=0) / (2 * len(frames))


@mutant(
    task="zero_crossing_rate",
    name="the textbook's formula ½ Σ |Δ sign| / N",
    hint="What is the sign of a sample of exactly 0, and what does the docstring say? And how many pairs do N samples "
    "have?",
)
def textbook_formula_centred(frames: np.ndarray) -> np.ndarray:
    return np.sum(np.abs(np.diff(np.sign(frames - frames.mean(axis=0)), axis=0)), axis=0) / (2 * len(frames))


@mutant(
    task="zero_crossing_rate",
    name="a median subtracted instead of the mean",
    hint="Half of the samples lie above the median. Is that the constant that the microphone added?",
)
def median_subtracted(frames: np.ndarray) -> np.ndarray:
    return np.mean(np.diff(frames - np.median(frames, axis=0) < 0, axis=0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="negative products divided by N",
    hint="Samples 1, 0, −1: what are the products of neighbouring samples? And how many pairs do N samples have?",
)
def negative_products_over_samples(frames: np.ndarray) -> np.ndarray:
    centred = frames - frames.mean(axis=0)
    return np.sum(centred[:-1] * centred[1:] < 0, axis=0) / len(frames)


@mutant(
    task="zero_crossing_rate",
    name="a step from −1 to 1 counted as 2",
    hint="A sign that turns from −1 to 1 changes by 2. How many crossings is that?",
)
def steps_of_two(frames: np.ndarray) -> np.ndarray:
    sign = np.where(frames - frames.mean(axis=0) >= 0, 1, -1)
    return np.mean(np.abs(np.diff(sign, axis=0)), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="crossings per second",
    hint="A share lies between 0 and 1. By what do you multiply, and does the function know the sample rate?",
)
def per_second(frames: np.ndarray) -> np.ndarray:
    negative = frames - frames.mean(axis=0) < 0
    return np.mean(negative[1:] != negative[:-1], axis=0) * 16_000


@mutant(
    task="zero_crossing_rate",
    name="a result that keeps two dimensions",
    hint="One number for each frame has the shape (frames,). Which shape has yours, and what does keepdims keep?",
)
def two_dimensions_kept(frames: np.ndarray) -> np.ndarray:
    negative = frames - frames.mean(axis=0) < 0
    return np.mean(negative[1:] != negative[:-1], axis=0, keepdims=True)


@mutant(
    task="zero_crossing_rate",
    name="a count divided by the number of frames less one",
    hint="A frame has N samples, so N − 1 pairs. Which of the two numbers in `shape` is N?",
)
def divided_by_frames_less_one(frames: np.ndarray) -> np.ndarray:
    negative = frames - frames.mean(axis=0) < 0
    return np.sum(negative[1:] != negative[:-1], axis=0) / max(1, frames.shape[1] - 1)


@mutant(
    task="zero_crossing_rate",
    name="a first sample subtracted instead of the mean",
    hint="The first sample may lie anywhere on the wave. Around which value does the wave swing?",
)
def first_sample_subtracted(frames: np.ndarray) -> np.ndarray:
    negative = frames - frames[0] < 0
    return np.mean(negative[1:] != negative[:-1], axis=0)


@mutant(
    task="zero_crossing_rate",
    name="every second pair left out",
    hint="Samples 0 and 1 are a pair, and 2 and 3. What about 1 and 2?",
)
def every_second_pair(frames: np.ndarray) -> np.ndarray:
    negative = frames - frames.mean(axis=0) < 0
    return np.sum((negative[1:] != negative[:-1])[::2], axis=0) / (len(frames) - 1)


@mutant(
    task="zero_crossing_rate",
    name="a last pair that the loop leaves out",
    hint="N samples have N − 1 pairs. With which pair does your loop end?",
)
def last_pair_left_out(frames: np.ndarray) -> np.ndarray:
    negative = frames - frames.mean(axis=0) < 0
    return np.sum((negative[1:] != negative[:-1])[:-1], axis=0) / (len(frames) - 1)


@mutant(
    task="zero_crossing_rate",
    name="a division that gives whole numbers",
    hint="8 crossings in 20 pairs: what is 8 // 20, and what is 8 / 20?",
)
def whole_numbers(frames: np.ndarray) -> np.ndarray:
    negative = frames - frames.mean(axis=0) < 0
    return np.sum(negative[1:] != negative[:-1], axis=0) // (len(frames) - 1)


@mutant(
    task="zero_crossing_rate",
    name="the last sample paired with the first",
    hint="np.roll moves the last sample to the front. Which pair does that add, and are the two neighbours?",
)
def round_the_end(frames: np.ndarray) -> np.ndarray:
    negative = frames - frames.mean(axis=0) < 0
    return np.mean(negative != np.roll(negative, 1, axis=0), axis=0)


@mutant(
    task="zero_crossing_rate",
    name="a zero that takes the sign of the sample before",
    hint="A sample of exactly 0 counts as positive. Which sign has yours after a negative one?",
)
def zero_keeps_the_sign(frames: np.ndarray) -> np.ndarray:
    sign = np.sign(frames - frames.mean(axis=0))
    sign[0] = np.where(sign[0] == 0, 1, sign[0])
    for n in range(1, len(sign)):
        sign[n] = np.where(sign[n] == 0, sign[n - 1], sign[n])
    return np.mean(sign[1:] != sign[:-1], axis=0)


@mutant(
    task="zero_crossing_rate",
    name="a mean subtracted in the frames themselves",
    hint="The caller still needs what it gave you. Which array does your function write into?",
)
def mean_off_in_place(frames: np.ndarray) -> np.ndarray:
    frames -= frames.mean(axis=0)
    negative = frames < 0
    return np.mean(negative[1:] != negative[:-1], axis=0)


# ---------------------------------------------------------------- 4a.3 hits and false alarms


@mutant(
    task="roc_point",
    name="the hit rate returned before the false alarm rate",
    hint="A ROC curve has false alarms on its x axis. Which coordinate of a point comes first?",
)
def exchanged_rates(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(decided[truth])), float(np.mean(decided[~truth]))


@mutant(
    task="roc_point",
    name="shares of all frames",
    hint="A detector that always says yes has a hit rate of 1. What is yours when speech is rare?",
)
def shares_of_all_frames(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(decided & ~truth)), float(np.mean(decided & truth))


@mutant(
    task="roc_point",
    name="shares of the frames in which the detector says yes",
    hint="Ten frames contain speech, and the detector says yes in five. By which of these two numbers do you divide "
    "the hits?",
)
def shares_of_the_alarms(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(~truth[decided])), float(np.mean(truth[decided]))


@mutant(
    task="roc_point",
    name="truth and decision swapped",
    hint="Which of the two arrays divides the frames into two kinds, and in which do you count the yes?",
)
def exchanged_arrays(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(truth[~decided])), float(np.mean(truth[decided]))


@mutant(
    task="roc_point",
    name="the miss rate instead of the hit rate",
    hint="A detector that always says yes: how often does it hit, and how often does it miss?",
)
def misses(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(decided[~truth])), float(np.mean(~decided[truth]))


@mutant(
    task="roc_point",
    name="correct rejections instead of false alarms",
    hint="Among the frames without speech, do you count those that say no or those that say yes?",
)
def correct_rejections(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(~decided[~truth])), float(np.mean(decided[truth]))


@mutant(
    task="roc_point",
    name="the accuracy instead of the hit rate",
    hint="No one speaks in most frames, and the detector always says no. How many of the frames with speech does it "
    "hit?",
)
def accuracy(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(decided[~truth])), float(np.mean(decided == truth))


@mutant(
    task="roc_point",
    name="counts of frames instead of rates",
    hint="A recording of twice the length with the same detector: should its rates double?",
)
def counts(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.sum(decided[~truth])), float(np.sum(decided[truth]))


@mutant(
    task="roc_point",
    name="precision instead of the hit rate",
    hint="Precision asks: of the frames that say yes, how many hold speech? Which frames does the hit rate ask about?",
)
def precision_for_hits(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(decided[~truth])), float(np.mean(truth[decided]))


@mutant(
    task="roc_point",
    name="false alarms as a share of the frames that say yes",
    hint="FP / (FP + TP) asks how many of the frames that say yes are wrong. Which frames does the task divide by?",
)
def false_discoveries(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(~truth[decided])), float(np.mean(decided[truth]))


@mutant(
    task="roc_point",
    name="false alarms as a share of all frames",
    hint="An hour of speech is added to a recording. Should its false alarm rate fall? What do you divide by?",
)
def false_alarms_of_all(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(decided & ~truth)), float(np.mean(decided[truth]))


@mutant(
    task="roc_point",
    name="hits as a share of all frames",
    hint="A detector that always says yes has a hit rate of 1. What is yours when speech is rare?",
)
def hits_of_all(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(decided[~truth])), float(np.mean(decided & truth))


@mutant(
    task="roc_point",
    name="the two denominators swapped",
    hint="There are 20 frames with speech and 180 without. By which of these numbers do you divide the hits?",
)
def exchanged_denominators(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    false_alarms, hits = np.sum(decided & ~truth), np.sum(decided & truth)
    return float(false_alarms / np.sum(truth)), float(hits / np.sum(~truth))


@mutant(
    task="roc_point",
    name="rates in percent",
    hint="Write a share of 100 % as a number between 0 and 1. What do you return for a detector that always says yes?",
)
def in_percent(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return 100 * float(np.mean(decided[~truth])), 100 * float(np.mean(decided[truth]))


@mutant(
    task="roc_point",
    name="a false alarm rate computed as 1 − hit rate",
    hint="Hits and false alarms are counted in different frames. Must they add up to 1?",
)
def rest_of_the_hits(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return 1 - float(np.mean(decided[truth])), float(np.mean(decided[truth]))


@mutant(
    task="roc_point",
    name="the share of yes among all frames",
    hint="How often does the detector say yes among the frames without speech? In which frames do you count?",
)
def all_yes(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(decided)), float(np.mean(decided[truth]))


@mutant(
    task="roc_point",
    name="the accuracy in both places",
    hint="Accuracy mixes both kinds of frames. Which kind does each of the two rates look at?",
)
def accuracy_twice(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(decided != truth)), float(np.mean(decided == truth))


@mutant(
    task="roc_point",
    name="the miss rate before the false alarm rate",
    hint="A ROC curve shows hits over false alarms. Is a miss a yes where no one speaks?",
)
def misses_and_hits(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.mean(~decided[truth])), float(np.mean(decided[~truth]))


@mutant(
    task="roc_point",
    name="zeros and ones taken for positions",
    hint="An array of whole numbers picks elements 0 and 1; an array of bool picks those that are yes. Which is yours?",
)
def positions_picked(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    places = truth.astype(int)
    return float(decided[~places].mean()), float(decided[places].mean())


@mutant(
    task="roc_point",
    name="a Boolean product that never exceeds one",
    hint="@ between arrays of bool asks whether there is any pair of yes. How many are there?",
)
def any_instead_of_a_count(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float((decided @ ~truth) / np.sum(~truth)), float((decided @ truth) / np.sum(truth))


@mutant(
    task="roc_point",
    name="a division that gives whole numbers",
    hint="3 hits in 4 frames: what is 3 // 4, and what is 3 / 4?",
)
def whole_rates(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.sum(decided & ~truth) // np.sum(~truth)), float(np.sum(decided & truth) // np.sum(truth))


@mutant(
    task="roc_point",
    name="rates rounded to hundredths",
    hint="One false alarm in a thousand frames: what is left of it after rounding?",
)
def rounded_rates(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return round(float(decided[~truth].mean()), 2), round(float(decided[truth].mean()), 2)


@mutant(
    task="roc_point",
    name="speech among the decisions instead of decisions among speech",
    hint="You ask, of the frames decided yes, how many hold speech. Of which frames is the hit rate a share?",
)
def shares_of_the_decisions(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    no, yes = max(1, np.sum(~decided)), max(1, np.sum(decided))
    return float(np.sum(truth & ~decided) / no), float(np.sum(truth & decided) / yes)


@mutant(
    task="roc_point",
    name="both counts divided by the frames with speech",
    hint="A false alarm happens in a frame without speech. How many of those are there?",
)
def both_by_speech(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.sum(decided & ~truth) / np.sum(truth)), float(np.sum(decided & truth) / np.sum(truth))


@mutant(
    task="roc_point",
    name="false alarms forgiven next to speech",
    hint="A yes one frame after the word: is anyone speaking in that frame?",
)
def forgiven_beside_speech(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    near = truth.copy()
    near[1:] |= truth[:-1]
    near[:-1] |= truth[1:]
    return float(np.sum(decided & ~near) / np.sum(~truth)), float(decided[truth].mean())


@mutant(
    task="roc_point",
    name="a last frame that is not counted",
    hint="range(n − 1) ends before n − 1. Is the last frame among those that you divide by?",
)
def last_frame_not_counted(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    seen = decided.copy()
    seen[-1] = False
    return float(np.sum(seen & ~truth) / np.sum(~truth)), float(np.sum(seen & truth) / np.sum(truth))


@mutant(
    task="roc_point",
    name="frames where both say yes, as a share of those where either does",
    hint="A false alarm makes your hit rate smaller. Of which frames is the hit rate a share?",
)
def overlap_of_the_union(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(decided[~truth].mean()), float(np.sum(decided & truth) / np.sum(decided | truth))


@mutant(
    task="roc_point",
    name="one frame added to each kind",
    hint="Both kinds of frames occur, so nothing divides by 0. What is your hit rate when every frame is hit?",
)
def one_frame_more(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    quiet, spoken = np.sum(~truth), np.sum(truth)
    return float(np.sum(decided & ~truth) / (quiet + 1)), float(np.sum(decided & truth) / (spoken + 1))


@mutant(
    task="roc_point",
    name="words counted instead of frames",
    hint="A word of 50 frames with a single yes: which share of its frames is hit?",
)
def words_counted(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    edges = np.flatnonzero(np.diff(truth, prepend=False, append=False))
    hit = [decided[first:end].any() for first, end in zip(edges[::2], edges[1::2], strict=True)]
    return float(decided[~truth].mean()), float(np.mean(hit))


@mutant(
    task="roc_point",
    name="misses counted as false alarms",
    hint="A frame of speech decided no is wrong as well. Is it a false alarm?",
)
def misses_as_false_alarms(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    return float(np.sum(decided ^ truth) / np.sum(~truth)), float(decided[truth].mean())


@mutant(
    task="roc_point",
    name="a count that goes no further than 127",
    hint="How far does an int8 count? A recording of two seconds has 200 frames.",
)
def counted_in_int8(truth: np.ndarray, decided: np.ndarray) -> tuple[float, float]:
    false_alarms, hits = np.sum(decided & ~truth, dtype=np.int8), np.sum(decided & truth, dtype=np.int8)
    return float(false_alarms / np.sum(~truth)), float(hits / np.sum(truth))


@mutant(
    task="zero_crossing_rate",
    name="crossings counted only where the step is large enough",
    hint="A soft hiss crosses zero as often as a loud one. How large is a step of a signal at −80 dB?",
)
def large_steps_alone(frames: np.ndarray) -> np.ndarray:
    x = frames - frames.mean(axis=0)
    crossed = (x[1:] >= 0) != (x[:-1] >= 0)
    return np.mean(crossed & (np.abs(np.diff(x, axis=0)) > 0.01), axis=0)
