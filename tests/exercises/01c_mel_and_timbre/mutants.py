"""Misconceptions about mel bands, the cepstrum and rolloff, as answers that people really give."""

from __future__ import annotations

import numpy as np

from audiocourse.learn.checking.authoring import mutant

# ---------------------------------------------------------------- 1c.1 triangles


def triangles(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The right shape, for mistakes made before or after it."""
    left, top, right = (edges[i : len(edges) - 2 + i, None].astype(float) for i in range(3))
    return np.maximum(0, np.minimum((frequencies - left) / (top - left), (right - frequencies) / (right - top)))


@mutant(
    task="mel_triangles",
    name="triangles of equal area instead of equal height",
    hint="How high is each of your triangles at its top, and how high should it be?",
)
def equal_area(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return triangles(frequencies, edges) * (2 / (edges[2:] - edges[:-2]))[:, None]


@mutant(
    task="mel_triangles",
    name="weights of each band that add up to one",
    hint="Does the height of a triangle at its top depend on how many frequencies happen to lie below it?",
)
def rows_add_up_to_one(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    heights = triangles(frequencies, edges)
    total = heights.sum(axis=1, keepdims=True)
    return np.divide(heights, total, out=np.zeros_like(heights), where=total > 0)


@mutant(
    task="mel_triangles",
    name="sides that go on below zero",
    hint="What does a band say about a frequency far outside it? Can a weight of a power be negative?",
)
def negative_weights(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    return np.minimum((frequencies - left) / (top - left), (right - frequencies) / (right - top))


@mutant(
    task="mel_triangles",
    name="the larger of the two sides",
    hint="Left of the top, which side is the triangle's: the one below 1 or the one above 1?",
)
def larger_side(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    return np.maximum(0, np.maximum((frequencies - left) / (top - left), (right - frequencies) / (right - top)))


@mutant(
    task="mel_triangles",
    name="rectangles instead of triangles",
    hint="How much does a frequency close to the end of a band count, compared with one at its top?",
)
def rectangles(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return ((frequencies > edges[:-2, None]) & (frequencies < edges[2:, None])).astype(float)


@mutant(
    task="mel_triangles",
    name="a top half-way between the two ends",
    hint="The edges lie further apart the higher they are. Is edge b + 1 in the middle between its neighbours?",
)
def top_half_way(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, right = edges[:-2, None], edges[2:, None]
    middle, reach = (left + right) / 2, (right - left) / 2
    return np.maximum(0, 1 - np.abs(frequencies - middle) / reach)


@mutant(
    task="mel_triangles",
    name="triangles that do not overlap",
    hint="A frequency right on an inner edge: is there a band whose top it is?",
)
def no_overlap(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, right = edges[:-2, None], edges[1:-1, None]
    return np.maximum(0, 1 - np.abs(frequencies - (left + right) / 2) / ((right - left) / 2))


@mutant(
    task="mel_triangles",
    name="sides that are straight in mel instead of in Hz",
    hint="Half-way in Hz between two edges: how high are the two triangles there?",
)
def straight_in_mel(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return triangles(np.log1p(frequencies / 700), np.log1p(edges / 700))


@mutant(
    task="mel_triangles",
    name="sides that are straight on Slaney's mel scale instead of in Hz",
    hint="Half-way in Hz between two edges above 1000 Hz: how high are the two triangles there?",
)
def straight_in_slaneys_mel(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    def mel(hz: np.ndarray) -> np.ndarray:
        return np.where(hz < 1000, hz * 3 / 200, 15 + 27 * np.log(np.maximum(hz, 1000) / 1000) / np.log(6.4))

    return triangles(mel(frequencies), mel(edges))


@mutant(
    task="mel_triangles",
    name="edges moved to the nearest frequency",
    hint="The edges are given in Hz. Does the height at one frequency depend on which other frequencies you ask for?",
)
def edges_snapped(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    snapped = frequencies[np.argmin(np.abs(edges[:, None] - frequencies), axis=1)].astype(float)
    rows = []
    for left, top, right in zip(snapped[:-2], snapped[1:-1], snapped[2:], strict=True):
        row = (frequencies == top).astype(float)
        rising, falling = (frequencies > left) & (frequencies < top), (frequencies > top) & (frequencies < right)
        row[rising] = (frequencies[rising] - left) / (top - left)
        row[falling] = (right - frequencies[falling]) / (right - top)
        rows.append(row)
    return np.array(rows)


@mutant(
    task="mel_triangles",
    name="a column for each band instead of a row",
    hint="The result is to be multiplied by a spectrum of shape (frequencies, frames). Which axis must come last?",
)
def transposed(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return triangles(frequencies, edges).T


@mutant(
    task="mel_triangles",
    name="rising sides only",
    hint="Right of its top, what does your triangle do, and what does it do at edge b + 2?",
)
def saw_teeth(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top = edges[:-2, None], edges[1:-1, None]
    rising = (frequencies - left) / (top - left)
    return np.where((rising >= 0) & (rising <= 1), rising, 0.0)


@mutant(
    task="mel_triangles",
    name="triangles divided by their width",
    hint="How high is each of your triangles at its top, and how high should it be?",
)
def divided_by_their_width(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return triangles(frequencies, edges) / (edges[2:] - edges[:-2])[:, None]


@mutant(
    task="mel_triangles",
    name="rows divided by their largest weight",
    hint="Does the height of a triangle depend on whether one of the frequencies happens to lie on its top?",
)
def largest_weight_one(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    heights = triangles(frequencies, edges)
    return heights / np.maximum(heights.max(axis=1, keepdims=True), 1e-12)


@mutant(
    task="mel_triangles",
    name="rectangles that include both ends",
    hint="How much does a frequency close to the end of a band count, compared with one at its top?",
)
def closed_rectangles(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return ((frequencies >= edges[:-2, None]) & (frequencies <= edges[2:, None])).astype(float)


@mutant(
    task="mel_triangles",
    name="a row for each edge",
    hint="Each triangle needs three edges. How many triangles do five edges give?",
)
def a_row_for_each_edge(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return np.vstack([triangles(frequencies, edges), np.zeros((2, len(frequencies)))])


@mutant(
    task="mel_triangles",
    name="a last band that is missing",
    hint="Triangle b ends at edge b + 2. Which is the last b for which that edge exists?",
)
def last_band_forgotten(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return triangles(frequencies, edges)[:-1]


@mutant(
    task="mel_triangles",
    name="a triangle in each gap between two edges",
    hint="A triangle spans three edges. Where does yours have its top, and how many do you get?",
)
def a_triangle_for_each_gap(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, right = edges[:-1, None], edges[1:, None]
    return np.maximum(0, 1 - np.abs(frequencies - (left + right) / 2) / ((right - left) / 2))


@mutant(
    task="mel_triangles",
    name="a top that belongs to neither side",
    hint="Exactly at the top: which of your two conditions holds, < or >?",
)
def top_left_out(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    heights = triangles(frequencies, edges)
    return np.where(frequencies == edges[1:-1, None], 0.0, heights)


@mutant(
    task="mel_triangles",
    name="a falling side that goes on below zero",
    hint="Where does the falling side end? Can a weight of a power be negative?",
)
def falls_below_zero(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = np.where((frequencies >= left) & (frequencies <= top), (frequencies - left) / (top - left), 0.0)
    return np.where(frequencies > top, (right - frequencies) / (right - top), rising)


@mutant(
    task="mel_triangles",
    name="two sides that both rise",
    hint="Right of its top, does your triangle fall from 1 to 0, or rise from 0 to 1?",
)
def rises_twice(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = np.where((frequencies >= left) & (frequencies <= top), (frequencies - left) / (top - left), 0.0)
    return np.where((frequencies > top) & (frequencies <= right), (frequencies - top) / (right - top), rising)


@mutant(
    task="mel_triangles",
    name="falling sides only",
    hint="Left of its top, what does your triangle do, and where does it begin to rise?",
)
def falling_sides_only(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    top, right = edges[1:-1, None], edges[2:, None]
    falling = (right - frequencies) / (right - top)
    return np.where((frequencies >= top) & (frequencies <= right), falling, 0.0)


@mutant(
    task="mel_triangles",
    name="both sides added",
    hint="Left of the top, which side is the triangle's: the one below 1 or the one above 1? Are both needed at once?",
)
def sides_added(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (frequencies - left) / (top - left), (right - frequencies) / (right - top)
    return np.clip(rising, 0, 1) + np.clip(falling, 0, 1)


@mutant(
    task="mel_triangles",
    name="sides with a slope of 1",
    hint="The rise is 1 over the whole side. How wide is the side, and what is the slope?",
)
def slope_of_one(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return np.maximum(0, np.minimum(frequencies - edges[:-2, None], edges[2:, None] - frequencies))


@mutant(
    task="mel_triangles",
    name="sides divided by the width of the whole triangle",
    hint="How long is the rising side alone: from the left edge to the right one, or to the top?",
)
def whole_width_below_the_line(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, right = edges[:-2, None], edges[2:, None]
    return np.maximum(0, np.minimum(frequencies - left, right - frequencies) / (right - left))


@mutant(
    task="mel_triangles",
    name="sides that are straight in octaves instead of in Hz",
    hint="Half-way in Hz between two edges: how high are the two triangles there?",
)
def straight_in_octaves(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return triangles(np.log(np.maximum(frequencies, 1e-3)), np.log(edges))


@mutant(
    task="mel_triangles",
    name="a falling side divided by the width of the rising one",
    hint="How wide is the falling side: from the left edge to the top, or from the top to the right edge?",
)
def falls_as_it_rises(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = np.where((frequencies >= left) & (frequencies < top), (frequencies - left) / (top - left), 0.0)
    return np.where((frequencies >= top) & (frequencies < right), (right - frequencies) / (top - left), rising)


@mutant(
    task="mel_triangles",
    name="a falling side divided by the whole width",
    hint="How wide is the falling side: from the left edge to the right one, or from the top to the right edge?",
)
def falls_over_the_whole_width(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    return np.maximum(0, np.minimum((frequencies - left) / (top - left), (right - frequencies) / (right - left)))


@mutant(
    task="mel_triangles",
    name="distances without their sign",
    hint="Far outside of the band: what does an absolute value make of a side that has gone below zero?",
)
def sides_that_rise_again(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    return np.minimum(np.abs(frequencies - left) / (top - left), np.abs(right - frequencies) / (right - top))


@mutant(
    task="mel_triangles",
    name="a top that belongs to both sides",
    hint="Exactly at the top: how many of your two conditions hold, and what is their sum?",
)
def top_twice(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising = np.where((frequencies >= left) & (frequencies <= top), (frequencies - left) / (top - left), 0.0)
    return rising + np.where((frequencies >= top) & (frequencies <= right), (right - frequencies) / (right - top), 0.0)


@mutant(
    task="mel_triangles",
    name="a falling side with the wrong sign",
    hint="Half-way between the top and the right edge: is (f − right) positive or negative?",
)
def falls_upwards(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    return np.maximum(0, np.minimum((frequencies - left) / (top - left), (frequencies - right) / (right - top)))


def sides(frequencies: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both slopes of each triangle, as straight lines without end."""
    left, top, right = (edges[i : len(edges) - 2 + i, None].astype(float) for i in range(3))
    return (frequencies - left) / (top - left), (right - frequencies) / (right - top)


@mutant(
    task="mel_triangles",
    name="both sides multiplied",
    hint="Half-way up, one side is ½. What is the other side there, and what do you get when you multiply them?",
)
def sides_multiplied(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    rising, falling = sides(frequencies, edges)
    return np.maximum(0, rising) * np.maximum(0, falling)


@mutant(
    task="mel_triangles",
    name="weights that add up to one, and NaN for a band without any",
    hint="A band may lie between two frequencies. What is 0 / 0? And is it the sum that should be 1, or the top?",
)
def rows_add_up_to_one_or_nan(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    heights = triangles(frequencies, edges)
    with np.errstate(invalid="ignore"):
        return heights / heights.sum(axis=1, keepdims=True)


@mutant(
    task="mel_triangles",
    name="a triangle that is its own mirror image, as wide as its rising side",
    hint="Where does your falling side reach 0: at edge b + 2, or as far from the top as edge b lies?",
)
def mirrored_at_the_top(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top = edges[:-2, None], edges[1:-1, None]
    return np.maximum(0, 1 - np.abs(frequencies - top) / (top - left))


@mutant(
    task="mel_triangles",
    name="the same slope on both sides: one over half the width",
    hint="Are both sides of a triangle equally wide here? Where do yours reach 0?",
)
def half_the_width_on_both_sides(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    return np.maximum(0, 1 - np.abs(frequencies - top) / ((right - left) / 2))


@mutant(
    task="mel_triangles",
    name="triangles that begin where the one before ends",
    hint="Where does triangle 1 begin: at the end of triangle 0, or at its top? How many bands do twelve edges give?",
)
def steps_of_two_edges(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return triangles(frequencies, edges)[::2]


@mutant(
    task="mel_triangles",
    name="heights that are squared",
    hint="How high is your triangle half-way up its side? Powers are squares, but are weights?",
)
def heights_squared(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return triangles(frequencies, edges) ** 2


@mutant(
    task="mel_triangles",
    name="a rising side that stays at 1",
    hint="What does your weight do between the top and the right edge, and what far above it?",
)
def rises_and_stays(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    rising, _ = sides(frequencies, edges)
    return np.clip(rising, 0, 1)


@mutant(
    task="mel_triangles",
    name="a falling side that was 1 all the way before",
    hint="What is your weight far below the left edge?",
)
def falls_from_one(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    _, falling = sides(frequencies, edges)
    return np.clip(falling, 0, 1)


@mutant(
    task="mel_triangles",
    name="the last triangle in every row",
    hint="You fill one array again and again. How many arrays are in your list at the end, and what do they contain?",
)
def one_buffer_for_all_rows(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    heights = triangles(frequencies, edges)
    return np.repeat(heights[-1:], len(heights), axis=0)


@mutant(
    task="mel_triangles",
    name="triangles one edge too low",
    hint="At which edge is the top of triangle 0: edge 0 or edge 1? What is edges[-1] in Python?",
)
def one_edge_too_low(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top, right = edges[[-1, *range(len(edges) - 3)], None], edges[:-2, None], edges[1:-1, None]
    return np.maximum(0, np.minimum((frequencies - left) / (top - left), (right - frequencies) / (right - top)))


@mutant(
    task="mel_triangles",
    name="sides in whole numbers, from a division with //",
    hint="What is 3 // 4 in Python, and what is 3 / 4?",
)
def whole_division(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    left, top, right = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    return np.maximum(0, np.minimum((frequencies - left) // (top - left), (right - frequencies) // (right - top)))


@mutant(
    task="mel_triangles",
    name="heights stored in the type of the frequencies",
    hint="What becomes of 0.75 in an array of whole numbers? Which dtype has the array that you fill?",
)
def type_of_the_frequencies(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return triangles(frequencies, edges).astype(frequencies.dtype)


@mutant(
    task="mel_triangles",
    name="a first triangle that begins at 0 Hz",
    hint="Where does triangle 0 begin: at edge 0, or at 0 Hz?",
)
def first_begins_at_zero(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return triangles(frequencies, np.array([0.0, *edges[1:]]))


@mutant(
    task="mel_triangles",
    name="triangles scaled by half their width",
    hint="How high is each of your triangles at its top, and how high should it be?",
)
def times_half_the_width(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return triangles(frequencies, edges) * ((edges[2:] - edges[:-2]) / 2)[:, None]


@mutant(
    task="mel_triangles",
    name="a first band that is missing",
    hint="Which is the first triangle: the one that begins at edge 0 or at edge 1?",
)
def first_band_forgotten(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return triangles(frequencies, edges)[1:]


@mutant(
    task="mel_triangles",
    name="columns that add up to one",
    hint="Between the outer tops the triangles add up to 1 by themselves. And outside of them?",
)
def columns_add_up_to_one(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    heights = triangles(frequencies, edges)
    total = heights.sum(axis=0)
    return np.divide(heights, total, out=np.zeros_like(heights), where=total > 0)


@mutant(
    task="mel_triangles",
    name="a bell instead of a triangle",
    hint="Half-way up the side, how high is a triangle, and how high is your curve? Which word says “straight”?",
)
def raised_cosine(frequencies: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return 0.5 - 0.5 * np.cos(np.pi * triangles(frequencies, edges))


# ---------------------------------------------------------------- 1c.2 cepstrum


def cosines(count: int, bands: int) -> np.ndarray:
    """cos(π·i·(b + ½) / B) for the first i."""
    return np.cos(np.pi * np.arange(count)[:, None] * (np.arange(bands) + 0.5) / bands)


def scales(count: int, bands: int) -> np.ndarray:
    """The factors s_i, as a column."""
    return np.sqrt(np.where(np.arange(count) == 0, 1, 2) / bands)[:, None]


@mutant(
    task="cepstrum",
    name="cosines along the time axis",
    hint="The curve that is taken apart is one frame's levels over the bands. Which axis of levels is that?",
)
def along_time(levels: np.ndarray, *, n: int) -> np.ndarray:
    frames = levels.shape[1]
    basis = cosines(frames, frames) * scales(frames, frames)
    return (levels @ basis.T)[:n]


@mutant(
    task="cepstrum",
    name="bare sums of cosines",
    hint="Add up the squares of all B coefficients of a frame. Do they equal the sum of the squares of its levels?",
)
def without_factors(levels: np.ndarray, *, n: int) -> np.ndarray:
    return cosines(n, len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="twice the sums of cosines, as libraries give without a norm",
    hint="What is the first coefficient of a frame whose levels are all 1, by the formula and by your answer?",
)
def twice_the_sums(levels: np.ndarray, *, n: int) -> np.ndarray:
    return 2 * cosines(n, len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="the same factor for all coefficients",
    hint="The squares of a constant row add up to B, those of a cosine to B/2. Can one factor make both of length 1?",
)
def one_factor(levels: np.ndarray, *, n: int) -> np.ndarray:
    return np.sqrt(2 / len(levels)) * cosines(n, len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="a coefficient 0 that is left out",
    hint="Which coefficient holds the mean level of the frame, and is it in your result?",
)
def constant_dropped(levels: np.ndarray, *, n: int) -> np.ndarray:
    return (cosines(n + 1, len(levels)) * scales(n + 1, len(levels)) @ levels)[1:]


@mutant(
    task="cepstrum",
    name="bands counted without the half",
    hint="The middle of the first band lies half a band after the beginning. Where does your cosine begin?",
)
def half_forgotten(levels: np.ndarray, *, n: int) -> np.ndarray:
    bands = len(levels)
    basis = np.cos(np.pi * np.arange(n)[:, None] * np.arange(bands) / bands)
    return basis * scales(n, bands) @ levels


@mutant(
    task="cepstrum",
    name="cosines that reach from the first band to the last",
    hint="Your cosine has its extremes at band 0 and band B − 1. Over how many bands does half a swing last here?",
)
def from_end_to_end(levels: np.ndarray, *, n: int) -> np.ndarray:
    bands = len(levels)
    basis = np.cos(np.pi * np.arange(n)[:, None] * np.arange(bands) / max(1, bands - 1))
    return basis * scales(n, bands) @ levels


@mutant(
    task="cepstrum",
    name="whole swings instead of half ones",
    hint="How many swings does the cosine with i = 1 make over all bands: a half, or a whole one?",
)
def whole_swings(levels: np.ndarray, *, n: int) -> np.ndarray:
    bands = len(levels)
    basis = np.cos(2 * np.pi * np.arange(n)[:, None] * (np.arange(bands) + 0.5) / bands)
    return basis * scales(n, bands) @ levels


@mutant(
    task="cepstrum",
    name="only the first n bands",
    hint="n is how many coefficients are kept. How many bands does each of them sum up?",
)
def first_bands_only(levels: np.ndarray, *, n: int) -> np.ndarray:
    part = levels[:n]
    return cosines(n, len(part)) * scales(n, len(part)) @ part


@mutant(
    task="cepstrum",
    name="a logarithm of what is already in dB",
    hint="The levels are in dB. How many logarithms have been taken before they reach you?",
)
def second_logarithm(levels: np.ndarray, *, n: int) -> np.ndarray:
    again = 20 * np.log10(np.maximum(np.abs(levels.astype(float)), 1e-5))
    return cosines(n, len(levels)) * scales(n, len(levels)) @ again


@mutant(
    task="cepstrum",
    name="levels turned back into powers",
    hint="Which curve is taken apart here: the levels in dB, or the powers behind them?",
)
def powers_instead(levels: np.ndarray, *, n: int) -> np.ndarray:
    return cosines(n, len(levels)) * scales(n, len(levels)) @ 10 ** (levels.astype(float) / 10)


@mutant(
    task="cepstrum",
    name="the way back instead of the way there",
    hint="In your sum, does i or b count the bands? Try a frame in which only one band is not 0.",
)
def inverse_transform(levels: np.ndarray, *, n: int) -> np.ndarray:
    bands = len(levels)
    return ((cosines(bands, bands) * scales(bands, bands)).T @ levels)[:n]


@mutant(
    task="cepstrum",
    name="the factor of C[0] for all coefficients",
    hint="The squares of a constant row add up to B, those of a cosine to B/2. Can one factor make both of length 1?",
)
def factor_of_a_constant(levels: np.ndarray, *, n: int) -> np.ndarray:
    return np.sqrt(1 / len(levels)) * cosines(n, len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="the two factors exchanged",
    hint="Which of the rows has the larger sum of squares, the constant or a cosine? Which needs the smaller factor?",
)
def factors_exchanged(levels: np.ndarray, *, n: int) -> np.ndarray:
    factors = np.sqrt(np.where(np.arange(n) == 0, 2, 1) / len(levels))[:, None]
    return factors * cosines(n, len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="factors without the root",
    hint="Add up the squares of your factor times a cosine. Is the sum 1?",
)
def factors_without_root(levels: np.ndarray, *, n: int) -> np.ndarray:
    return scales(n, len(levels)) ** 2 * cosines(n, len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="factors of n instead of B",
    hint="How many bands does each coefficient sum up: n or B?",
)
def factors_of_n(levels: np.ndarray, *, n: int) -> np.ndarray:
    return scales(n, n) * cosines(n, len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="cosines that swing over n instead of B bands",
    hint="Over how many bands does the first cosine take half a swing?",
)
def swings_over_n(levels: np.ndarray, *, n: int) -> np.ndarray:
    basis = np.cos(np.pi * np.arange(n)[:, None] * (np.arange(len(levels)) + 0.5) / n)
    return scales(n, len(levels)) * basis @ levels


@mutant(
    task="cepstrum",
    name="bands counted from 1",
    hint="The middle of the first band lies half a band after the beginning. Where does yours lie?",
)
def bands_from_one(levels: np.ndarray, *, n: int) -> np.ndarray:
    basis = np.cos(np.pi * np.arange(n)[:, None] * (np.arange(len(levels)) + 1) / len(levels))
    return scales(n, len(levels)) * basis @ levels


@mutant(
    task="cepstrum",
    name="the half added to i instead of b",
    hint="Row 0 is to be constant. Is cos(π · ½ · b / B)?",
)
def half_at_the_wrong_place(levels: np.ndarray, *, n: int) -> np.ndarray:
    basis = np.cos(np.pi * (np.arange(n)[:, None] + 0.5) * np.arange(len(levels)) / len(levels))
    return scales(n, len(levels)) * basis @ levels


@mutant(
    task="cepstrum",
    name="sines instead of cosines",
    hint="What is your row 0, and what should it measure?",
)
def sines(levels: np.ndarray, *, n: int) -> np.ndarray:
    basis = np.sin(np.pi * np.arange(n)[:, None] * (np.arange(len(levels)) + 0.5) / len(levels))
    return scales(n, len(levels)) * basis @ levels


@mutant(
    task="cepstrum",
    name="a Fourier transform instead of a cosine transform",
    hint="A Fourier transform takes the bands as if they went round in a circle. Does band B − 1 lie beside band 0?",
)
def fourier_instead(levels: np.ndarray, *, n: int) -> np.ndarray:
    return np.fft.rfft(levels, axis=0)[:n].real


@mutant(
    task="cepstrum",
    name="magnitudes of a Fourier transform",
    hint="Can a cosine transform give a negative number, and can a magnitude?",
)
def fourier_magnitudes(levels: np.ndarray, *, n: int) -> np.ndarray:
    return np.abs(np.fft.fft(levels, axis=0)[:n])


@mutant(
    task="cepstrum",
    name="a row for each frame",
    hint="Which shape is wanted: (n, frames) or (frames, n)?",
)
def a_row_for_each_frame(levels: np.ndarray, *, n: int) -> np.ndarray:
    return (scales(n, len(levels)) * cosines(n, len(levels)) @ levels).T


@mutant(
    task="cepstrum",
    name="all B coefficients",
    hint="How many coefficients were asked for, and how many do you return?",
)
def nothing_left_out(levels: np.ndarray, *, n: int) -> np.ndarray:
    return scales(len(levels), len(levels)) * cosines(len(levels), len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="levels without their mean",
    hint="Which coefficient holds the mean level, and what is left of it?",
)
def mean_removed(levels: np.ndarray, *, n: int) -> np.ndarray:
    return scales(n, len(levels)) * cosines(n, len(levels)) @ (levels - levels.mean(axis=0))


@mutant(
    task="cepstrum",
    name="coefficients 1 to n of all",
    hint="Which coefficient is your first? Which one holds the mean level?",
)
def cut_out_from_one(levels: np.ndarray, *, n: int) -> np.ndarray:
    return (scales(len(levels), len(levels)) * cosines(len(levels), len(levels)) @ levels)[1 : n + 1]


@mutant(
    task="cepstrum",
    name="means instead of sums",
    hint="The factors √(1/B) and √(2/B) already look after the length. Is there a second division by B in your answer?",
)
def means_instead_of_sums(levels: np.ndarray, *, n: int) -> np.ndarray:
    return scales(n, len(levels)) * cosines(n, len(levels)) @ levels / len(levels)


@mutant(
    task="cepstrum",
    name="13 coefficients, whatever was asked for",
    hint="Which line of yours looks at n?",
)
def always_thirteen(levels: np.ndarray, *, n: int) -> np.ndarray:
    return scales(13, len(levels)) * cosines(13, len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="the number of frames as B",
    hint="Which axis of levels counts the bands, and what does levels.shape[1] count?",
)
def frames_for_bands(levels: np.ndarray, *, n: int) -> np.ndarray:
    frames = levels.shape[1]
    basis = np.cos(np.pi * np.arange(n)[:, None] * (np.arange(len(levels)) + 0.5) / frames)
    return scales(n, frames) * basis @ levels


@mutant(
    task="cepstrum",
    name="cosines along the time axis, and columns cut off",
    hint="The curve that is taken apart is one frame's levels over the bands. Which axis of levels is that?",
)
def columns_cut_off(levels: np.ndarray, *, n: int) -> np.ndarray:
    frames = levels.shape[1]
    return (levels @ (cosines(frames, frames) * scales(frames, frames)).T)[:, :n]


@mutant(
    task="cepstrum",
    name="a natural logarithm of what is already in dB",
    hint="The levels are in dB. How many logarithms have been taken before they reach you?",
)
def second_natural_logarithm(levels: np.ndarray, *, n: int) -> np.ndarray:
    return scales(n, len(levels)) * cosines(n, len(levels)) @ np.log(np.abs(levels.astype(float)) + 1e-10)


@mutant(
    task="cepstrum",
    name="a sum that begins with the second band",
    hint="The sum runs from b = 0. Which band is your first?",
)
def first_band_skipped(levels: np.ndarray, *, n: int) -> np.ndarray:
    bands = len(levels)
    return scales(n, bands) * cosines(n, bands)[:, 1:] @ levels[1:]


@mutant(
    task="cepstrum",
    name="factors without the number of bands",
    hint="Twice as many bands, the same levels: is your C[0] √2 times as large, or twice?",
)
def without_the_length(levels: np.ndarray, *, n: int) -> np.ndarray:
    return np.where(np.arange(n) == 0, np.sqrt(0.5), 1)[:, None] * cosines(n, len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="a cosine without π",
    hint="Half a swing is how many radians? And where is that number in your cosine?",
)
def without_pi(levels: np.ndarray, *, n: int) -> np.ndarray:
    bands = len(levels)
    return scales(n, bands) * np.cos(np.arange(n)[:, None] * (np.arange(bands) + 0.5) / bands) @ levels


@mutant(
    task="cepstrum",
    name="one coefficient too many",
    hint="C[0], …, C[n − 1]: how many are these, and how many do you return?",
)
def one_more_coefficient(levels: np.ndarray, *, n: int) -> np.ndarray:
    return scales(n + 1, len(levels)) * cosines(n + 1, len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="a coefficient 0 without a factor",
    hint="The squares of a row of ones add up to B. By what must the row be multiplied to have length 1?",
)
def no_factor_for_the_mean(levels: np.ndarray, *, n: int) -> np.ndarray:
    factors = np.where(np.arange(n) == 0, 1, np.sqrt(2 / len(levels)))[:, None]
    return factors * cosines(n, len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="cosines that swing over B − 1 bands, the half included",
    hint="Over how many bands does half a swing last: over all B, or over one less?",
)
def one_band_less(levels: np.ndarray, *, n: int) -> np.ndarray:
    basis = np.cos(np.pi * np.arange(n)[:, None] * (np.arange(len(levels)) + 0.5) / max(1, len(levels) - 1))
    return scales(n, len(levels)) * basis @ levels


@mutant(
    task="cepstrum",
    name="a mean level as C[0]",
    hint="What is C[0] of a flat spectrum: its level, or √B times its level? Where is a root missing?",
)
def mean_as_coefficient_zero(levels: np.ndarray, *, n: int) -> np.ndarray:
    factors = np.where(np.arange(n) == 0, 1 / len(levels), np.sqrt(2 / len(levels)))[:, None]
    return factors * cosines(n, len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="cosines counted from 1, factors from 0",
    hint="Your first row is to be constant. How much does its cosine swing?",
)
def cosines_from_one(levels: np.ndarray, *, n: int) -> np.ndarray:
    return scales(n, len(levels)) * cosines(n + 1, len(levels))[1:] @ levels


@mutant(
    task="cepstrum",
    name="bands counted from 1, and half a band added",
    hint="The middle of band 0 lies half a band after the beginning. Where does yours lie?",
)
def one_band_and_a_half(levels: np.ndarray, *, n: int) -> np.ndarray:
    basis = np.cos(np.pi * np.arange(n)[:, None] * (np.arange(len(levels)) + 1.5) / len(levels))
    return scales(n, len(levels)) * basis @ levels


@mutant(
    task="cepstrum",
    name="an axis lost where it has length 1",
    hint="One frame is a table with one column. What does squeeze make of it?",
)
def squeezed(levels: np.ndarray, *, n: int) -> np.ndarray:
    return np.squeeze(scales(n, len(levels)) * cosines(n, len(levels)) @ levels)


@mutant(
    task="cepstrum",
    name="never more than 13 coefficients",
    hint="Ask for 24 coefficients. How many do you return?",
)
def thirteen_at_most(levels: np.ndarray, *, n: int) -> np.ndarray:
    return scales(min(n, 13), len(levels)) * cosines(min(n, 13), len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="factors of the number of frames",
    hint="Does a frame's C[0] depend on how many other frames there are? What does levels.shape[1] count?",
)
def factors_of_frames(levels: np.ndarray, *, n: int) -> np.ndarray:
    return scales(n, levels.shape[1]) * cosines(n, len(levels)) @ levels


@mutant(
    task="cepstrum",
    name="the last n coefficients instead of the first",
    hint="Which coefficients describe the broad shape of the spectrum: the first or the last?",
)
def last_coefficients(levels: np.ndarray, *, n: int) -> np.ndarray:
    return (scales(len(levels), len(levels)) * cosines(len(levels), len(levels)) @ levels)[-n:]


@mutant(
    task="cepstrum",
    name="decibels taken of what is already in dB",
    hint="The levels are in dB. How many logarithms have been taken before they reach you?",
)
def decibels_of_decibels(levels: np.ndarray, *, n: int) -> np.ndarray:
    again = 10 * np.log10(np.maximum(np.abs(levels.astype(float)), 1e-10))
    return scales(n, len(levels)) * cosines(n, len(levels)) @ again


@mutant(
    task="cepstrum",
    name="coefficients weighted by a lifter",
    hint="Some recognisers make higher coefficients larger afterwards. Does the formula here?",
)
def liftered(levels: np.ndarray, *, n: int) -> np.ndarray:
    lifter = 1 + 11 * np.sin(np.pi * np.arange(n)[:, None] / 22)
    return lifter * scales(n, len(levels)) * cosines(n, len(levels)) @ levels


# ---------------------------------------------------------------- 1c.3 rolloff


def amounts(magnitude: np.ndarray, of: str) -> np.ndarray:
    """What is added up: |X| or |X|²."""
    return magnitude.astype(float) ** (2 if of == "energy" else 1)


def first_that_reaches(running: np.ndarray, goal: np.ndarray, frequencies: np.ndarray) -> np.ndarray:
    """The lowest frequency at which the running sum is at least the goal."""
    return frequencies[np.argmax(running >= goal, axis=0)]


@mutant(
    task="spectral_rolloff",
    name="magnitude, whatever is asked for",
    hint='A caller asks for a share of the energy. Which of your lines looks at "of"?',
)
def always_magnitude(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, "magnitude"), axis=0)
    return np.where(running[-1] > 0, first_that_reaches(running, share * running[-1], frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="energy, whatever is asked for",
    hint='Most pages say "energy". What does the caller say?',
)
def always_energy(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, "energy"), axis=0)
    return np.where(running[-1] > 0, first_that_reaches(running, share * running[-1], frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="magnitude and energy exchanged",
    hint="Which of the two is a square: the magnitude or the energy?",
)
def exchanged(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, "magnitude" if of == "energy" else "energy"), axis=0)
    return np.where(running[-1] > 0, first_that_reaches(running, share * running[-1], frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="a running sum that is squared instead of squares that are summed",
    hint="Two rows of magnitude 1: is their energy together 2 or 4?",
)
def squared_too_late(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(magnitude.astype(float), axis=0) ** (2 if of == "energy" else 1)
    return np.where(running[-1] > 0, first_that_reaches(running, share * running[-1], frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="a sum that runs down from the top",
    hint="With a share close to 1, should the answer be near the top of the spectrum or near the bottom?",
)
def from_the_top(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of)[::-1], axis=0)
    return np.where(running[-1] > 0, first_that_reaches(running, share * running[-1], frequencies[::-1]), 0.0)


@mutant(
    task="spectral_rolloff",
    name="a share that must be exceeded",
    hint="Four equal rows and a share of a half: after which row is it reached?",
)
def must_exceed(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)
    row = np.minimum(np.sum(running <= share * running[-1], axis=0), len(frequencies) - 1)
    return np.where(running[-1] > 0, frequencies[row], 0.0)


@mutant(
    task="spectral_rolloff",
    name="the last frequency before the share is reached",
    hint="At the frequency that you return, is the running sum already large enough?",
)
def one_row_early(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)
    row = np.maximum(np.argmax(running >= share * running[-1], axis=0) - 1, 0)
    return np.where(running[-1] > 0, frequencies[row], 0.0)


@mutant(
    task="spectral_rolloff",
    name="the number of a row instead of a frequency",
    hint="In which unit is your answer, and in which is it wanted?",
)
def row_number(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)
    return np.argmax(running >= share * running[-1], axis=0).astype(float)


@mutant(
    task="spectral_rolloff",
    name="one total for all frames",
    hint="A soft frame after a loud one: 85 % of whose total does it have to reach?",
)
def total_of_everything(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)
    return np.where(running[-1] > 0, first_that_reaches(running, share * running[-1].sum(), frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="the first frequency for silence",
    hint="All rows are 0: 0 >= 0 is true, and 0 / 0 is not a number. What does your search find, and what is wanted?",
)
def silence_forgotten(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)
    return first_that_reaches(running, share * running[-1], frequencies).astype(float)


@mutant(
    task="spectral_rolloff",
    name="a share of the loudest row instead of the total",
    hint="Many soft rows beside one loud one: which of them does your rule never see?",
)
def share_of_the_loudest(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    amount = amounts(magnitude, of)
    loudest = amount.max(axis=0)
    return np.where(loudest > 0, first_that_reaches(amount, share * loudest, frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="85 %, whatever is asked for",
    hint="Half the energy and nearly all of it: do you give the same answer for both?",
)
def share_ignored(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)
    return np.where(running[-1] > 0, first_that_reaches(running, 0.85 * running[-1], frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="a frequency between two of the given ones",
    hint="The lowest of the given frequencies is wanted. Is yours one of them?",
)
def interpolated(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)
    return np.array([np.interp(share * sums[-1], sums, frequencies) if sums[-1] > 0 else 0.0 for sums in running.T])


@mutant(
    task="spectral_rolloff",
    name="the frequency after the one that reaches the share",
    hint="Does the row that you return reach the share, or did the one before it do so already?",
)
def one_row_late(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)
    row = np.minimum(np.argmax(running >= share * running[-1], axis=0) + 1, len(frequencies) - 1)
    return np.where(running[-1] > 0, frequencies[row], 0.0)


@mutant(
    task="spectral_rolloff",
    name="what is left over instead of the share",
    hint="With a share of 0.9, is your answer near the top of the spectrum or near the bottom?",
)
def rest_of_the_share(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)
    return np.where(running[-1] > 0, first_that_reaches(running, (1 - share) * running[-1], frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="one frequency for all frames together",
    hint="How many frames are there, and how many numbers do you return?",
)
def all_frames_together(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of).sum(axis=1))
    return float(frequencies[np.argmax(running >= share * running[-1])])


@mutant(
    task="spectral_rolloff",
    name="the frequency at which the sum is nearest to the share",
    hint="At the frequency that you return, has the sum reached the share, or is it only close to it?",
)
def nearest_to_the_share(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)
    row = np.argmin(np.abs(running - share * running[-1]), axis=0)
    return np.where(running[-1] > 0, frequencies[row], 0.0)


@mutant(
    task="spectral_rolloff",
    name="NaN for silence",
    hint="What is wanted for a frame in which all is 0?",
)
def silence_not_a_number(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)
    return np.where(running[-1] > 0, first_that_reaches(running, share * running[-1], frequencies), np.nan)


@mutant(
    task="spectral_rolloff",
    name="a share of the rows instead of the sum",
    hint="A low whistle and a hiss: do they have the same rolloff? Where do the magnitudes enter your answer?",
)
def share_of_the_rows(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    return np.full(magnitude.shape[1], frequencies[int(share * len(frequencies))], dtype=float)


@mutant(
    task="spectral_rolloff",
    name="a sum along time",
    hint="Which axis of magnitude counts the frequencies?",
)
def summed_along_time(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    amount = amounts(magnitude, of)
    running = np.cumsum(amount, axis=1)
    row = np.argmax(running >= share * amount.sum(axis=1, keepdims=True), axis=0)
    return frequencies[row]


@mutant(
    task="spectral_rolloff",
    name="the centroid instead of the rolloff",
    hint="Where is your share? A mean frequency is another descriptor.",
)
def centre_of_mass(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    return (frequencies[:, None] * magnitude).sum(axis=0) / np.maximum(magnitude.sum(axis=0), 1e-12)


@mutant(
    task="spectral_rolloff",
    name="a share that is squared along with the magnitudes",
    hint="Energy is a square of magnitudes. Is 85 % of the energy 0.85 or 0.85² of its total?",
)
def share_squared(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)
    goal = (share**2 if of == "energy" else share) * running[-1]
    return np.where(running[-1] > 0, first_that_reaches(running, goal, frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="magnitudes weighted by their frequency",
    hint="What is added up: how strong each row is, or how strong times how high?",
)
def weighted_by_frequency(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude * frequencies[:, None], of), axis=0)
    return np.where(running[-1] > 0, first_that_reaches(running, share * running[-1], frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="the last frequency at which the share is not yet exceeded",
    hint="At the frequency that you return, has the sum reached the share, or is it still on its way?",
)
def last_before_or_at(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)
    row = np.maximum(np.sum(running <= share * running[-1], axis=0) - 1, 0)
    return np.where(running[-1] > 0, frequencies[row], 0.0)


@mutant(
    task="spectral_rolloff",
    name="a running sum compared with the loudest row",
    hint="85 % of what is to be reached: of the loudest row, or of all rows together?",
)
def sum_against_the_loudest(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    amount = amounts(magnitude, of)
    running = np.cumsum(amount, axis=0)
    return np.where(running[-1] > 0, first_that_reaches(running, share * amount.max(axis=0), frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="a total of magnitudes for a sum of energies",
    hint="85 % of what has your running sum to reach: is the total a sum of the same numbers?",
)
def total_of_magnitudes(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    amount = amounts(magnitude, of)
    goal = share * magnitude.sum(axis=0)
    return np.where(amount.sum(axis=0) > 0, first_that_reaches(np.cumsum(amount, axis=0), goal, frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="a sum along time, and the last row as the total",
    hint="Which axis of magnitude counts the frequencies? In which direction does your cumsum run?",
)
def along_time_with_last_row(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=1)
    return np.where(running[-1] > 0, first_that_reaches(running, share * running[-1], frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="a row's number times the distance of the first two frequencies",
    hint="Do the frequencies begin at 0 Hz, and are they all equally far apart?",
)
def row_times_distance(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)

    row = np.argmax(running >= share * running[-1], axis=0)
    return np.where(running[-1] > 0, row * (frequencies[1] - frequencies[0]), 0.0)


@mutant(
    task="spectral_rolloff",
    name="the lowest row left out",
    hint="Is the lowest of the given frequencies always 0 Hz? Does its row count?",
)
def lowest_row_left_out(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    amount = amounts(magnitude, of)
    amount[0] = 0
    running = np.cumsum(amount, axis=0)
    return np.where(running[-1] > 0, first_that_reaches(running, share * running[-1], frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="silent frames left out of the result",
    hint="Eight frames go in, two of them silent. How many numbers come out?",
)
def silent_frames_left_out(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)

    return first_that_reaches(running, share * running[-1], frequencies)[running[-1] > 0]


@mutant(
    task="spectral_rolloff",
    name="a running share that is rounded first",
    hint="Is 84.6 % as good as 85 %? What does rounding make of it?",
)
def rounded_share(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)

    parts = np.round(running / np.where(running[-1] > 0, running[-1], 1), 2)
    return np.where(running[-1] > 0, first_that_reaches(parts, np.array(share), frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="the rolloff of the mean spectrum for every frame",
    hint="Each frame has a spectrum of its own. Why do all your numbers agree?",
)
def rolloff_of_the_mean(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of).mean(axis=1))
    value = frequencies[np.argmax(running >= share * running[-1])] if running[-1] > 0 else 0.0
    return np.full(magnitude.shape[1], float(value))


@mutant(
    task="spectral_rolloff",
    name="a soft frame taken for silence",
    hint="A recording may be soft throughout. Which sums are exactly 0?",
)
def soft_is_silent(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)

    return np.where(running[-1] > 1e-3, first_that_reaches(running, share * running[-1], frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="whole numbers of Hz",
    hint="Must a frequency be a whole number? What does astype(int) leave of 15.625 Hz?",
)
def whole_hertz(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)

    found = np.where(running[-1] > 0, first_that_reaches(running, share * running[-1], frequencies), 0.0)
    return found.astype(int)


@mutant(
    task="spectral_rolloff",
    name="rows weighted by the distance of their frequencies",
    hint="The docstring adds up |X|. Where in it do distances between frequencies occur?",
)
def integrated(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of) * np.gradient(frequencies.astype(float))[:, None], axis=0)
    return np.where(running[-1] > 0, first_that_reaches(running, share * running[-1], frequencies), 0.0)


@mutant(
    task="spectral_rolloff",
    name="the highest frequency for silence",
    hint="All rows are 0. What is wanted for such a frame?",
)
def silence_at_the_top(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)

    return np.where(running[-1] > 0, first_that_reaches(running, share * running[-1], frequencies), frequencies[-1])


@mutant(
    task="spectral_rolloff",
    name="the loudest frequency",
    hint="Where is your share? The peak of a spectrum says little about its width.",
)
def loudest_frequency(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    return np.where(magnitude.any(axis=0), frequencies[np.argmax(magnitude, axis=0)], 0.0)


@mutant(
    task="spectral_rolloff",
    name="a share of all frequencies in Hz",
    hint="85 % of 8000 Hz is 6800 Hz for every sound. Where do the magnitudes enter your answer?",
)
def share_of_the_highest(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    return np.full(magnitude.shape[1], share * frequencies[-1], dtype=float)


@mutant(
    task="spectral_rolloff",
    name="the first frame's frequency for all frames",
    hint="Each frame has a spectrum of its own. Why do all your numbers agree?",
)
def first_frame_for_all(magnitude: np.ndarray, frequencies: np.ndarray, *, share: float, of: str) -> np.ndarray:
    running = np.cumsum(amounts(magnitude, of), axis=0)

    found = np.where(running[-1] > 0, first_that_reaches(running, share * running[-1], frequencies), 0.0)
    return np.full(magnitude.shape[1], found[0])
