"""The models that can be loaded: the published ones that the course uses, and those bundled with it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from audiocourse.errors import AudioCourseError
from audiocourse.zoo.cards import CARD_FILE, Card, read_card

BUNDLED = Path(__file__).with_name("bundled")

_WHISPER = "Radford et al., Robust Speech Recognition via Large-Scale Weak Supervision, 2022, arXiv:2212.04356"
_SPEECHT5 = "Ao et al., SpeechT5, ACL 2022, arXiv:2110.07205"


def _whisper(size: str, *, parameters: int, weights: int, expect: str, licence: str = "Apache-2.0") -> Card:
    return Card(
        name=f"openai/whisper-{size}",
        task="speech-recognition",
        model="transformers:WhisperForConditionalGeneration",
        processor="transformers:WhisperProcessor",
        parameters=parameters,
        size=weights,
        licence=licence,
        source=_WHISPER,
        expect=f"{expect} It processes windows of 30 s, however short the recording, and can invent words in silence.",
        url=f"https://huggingface.co/openai/whisper-{size}",
    )


def _speecht5(
    name: str, *, task: str, model: str, parameters: int, size: int, expect: str, spoken: bool = True
) -> Card:
    return Card(
        name=f"microsoft/{name}",
        task=task,
        model=f"transformers:{model}",
        processor="transformers:SpeechT5Processor" if spoken else None,
        weights="pytorch_model.bin",
        parameters=parameters,
        size=size,
        licence="MIT",
        source=_SPEECHT5,
        expect=expect,
        url=f"https://huggingface.co/microsoft/{name}",
    )


PUBLISHED = (
    _whisper(
        "tiny",
        parameters=37_760_640,
        weights=151_061_672,
        expect="The smallest and fastest; 99 languages; about 7.5 % word errors on LibriSpeech test-clean.",
    ),
    _whisper(
        "base",
        parameters=72_593_920,
        weights=290_403_936,
        expect="Twice as large as tiny; 5.0 % word errors on LibriSpeech test-clean.",
    ),
    _whisper(
        "small",
        parameters=241_734_912,
        weights=966_995_080,
        expect="The largest that is pleasant on a laptop; 3.4 % word errors on LibriSpeech test-clean.",
    ),
    _whisper(
        "medium",
        parameters=763_857_920,
        weights=3_055_544_304,
        expect="Slow without a GPU; better than small above all in languages with little training data.",
    ),
    _whisper(
        "large-v2",
        parameters=1_543_304_960,
        weights=6_173_370_152,
        expect="For a GPU with 10 GB; 3.0 % word errors on LibriSpeech test-clean.",
    ),
    _whisper(
        "large-v3",
        parameters=1_543_490_560,
        weights=3_087_130_976,
        expect="128 mel bands instead of 80, 10 to 20 % fewer errors than large-v2; the file has 16 bits per weight.",
    ),
    _whisper(
        "large-v3-turbo",
        parameters=808_878_080,
        weights=1_617_824_864,
        licence="MIT",
        expect="large-v3 with 4 decoder layers instead of 32: much faster, hardly worse, not trained to translate.",
    ),
    Card(
        name="facebook/wav2vec2-base-960h",
        task="speech-recognition",
        model="transformers:Wav2Vec2ForCTC",
        processor="transformers:Wav2Vec2Processor",
        parameters=94_396_320,
        size=377_607_901,
        licence="Apache-2.0",
        source="Baevski et al., wav2vec 2.0, NeurIPS 2020, arXiv:2006.11477",
        expect="English read aloud, capital letters without punctuation; 3.4 % word errors on LibriSpeech test-clean, "
        "8.6 % on test-other, many more on spontaneous speech.",
        url="https://huggingface.co/facebook/wav2vec2-base-960h",
    ),
    _speecht5(
        "speecht5_tts",
        task="text-to-speech",
        model="SpeechT5ForTextToSpeech",
        parameters=144_431_684,
        size=585_000_000,
        expect="English at 16 kHz in the voice that a speaker embedding of 512 numbers describes; random numbers are "
        "not a voice. It returns a mel spectrogram, which microsoft/speecht5_hifigan turns into sound.",
    ),
    _speecht5(
        "speecht5_asr",
        task="speech-recognition",
        model="SpeechT5ForSpeechToText",
        parameters=151_165_056,
        size=606_000_000,
        expect="English read aloud, trained on LibriSpeech.",
    ),
    _speecht5(
        "speecht5_vc",
        task="voice-conversion",
        model="SpeechT5ForSpeechToSpeech",
        parameters=153_685_187,
        size=621_000_000,
        expect="The same words in another voice, trained on the few speakers of CMU ARCTIC; it returns a mel "
        "spectrogram, which microsoft/speecht5_hifigan turns into sound.",
    ),
    _speecht5(
        "speecht5_hifigan",
        task="vocoder",
        model="SpeechT5HifiGan",
        parameters=12_656_257,
        size=50_700_000,
        expect="Sound at 16 kHz from the mel spectrograms of SpeechT5, and of no other model.",
        spoken=False,
    ),
    Card(
        name="MIT/ast-finetuned-audioset-10-10-0.4593",
        task="audio-tagging",
        model="transformers:ASTForAudioClassification",
        processor="transformers:ASTFeatureExtractor",
        parameters=86_594_063,
        size=346_404_948,
        licence="BSD-3-Clause",
        source="Gong, Chung, Glass, AST: Audio Spectrogram Transformer, Interspeech 2021, arXiv:2104.01778",
        expect="527 kinds of sound in clips of 10 s, without their times; mean average precision 0.459 on AudioSet.",
        url="https://huggingface.co/MIT/ast-finetuned-audioset-10-10-0.4593",
    ),
    Card(
        name="microsoft/resnet-18",
        task="image-classification",
        model="transformers:ResNetForImageClassification",
        parameters=11_689_512,
        size=46_810_000,
        licence="Apache-2.0",
        source="He et al., Deep residual learning for image recognition, CVPR 2016, arXiv:1512.03385",
        expect="1000 classes of photographs (ImageNet). It has never seen a spectrogram: with its first convolution "
        "folded to one channel and a new last layer it is a start for a classifier of sounds, not a finished one.",
        url="https://huggingface.co/microsoft/resnet-18",
    ),
)


def bundled_cards() -> list[Card]:
    """Read the cards of the models that come with the course, sorted by name."""
    return [read_card(path.parent) for path in sorted(BUNDLED.glob(f"*/{CARD_FILE}"))]


def bundled_folder(name: str) -> Path | None:
    """Return the folder of a model that comes with the course; None for a published one."""
    folder = BUNDLED / name
    return folder if (folder / CARD_FILE).is_file() else None


def list_models(task: str | None = None, *, bundled: bool | None = None) -> list[Card]:
    """List the cards of all models, those that come with the course first.

    Parameters
    ----------
    task : str, optional
        Only models for this task, for example ``speech-recognition``.
    bundled : bool, optional
        Only models that come with the course, or only those that do not.

    Raises
    ------
    AudioCourseError
        If no model is for that task.
    """
    own = bundled_cards()
    tasks = sorted({card.task for card in (*own, *PUBLISHED)})
    if task is not None and task not in tasks:
        raise AudioCourseError(
            f"There is no model for {task!r}{_nearest(task, tasks)}; the tasks are {_listed(tasks)}."
        )
    chosen = {None: [*own, *PUBLISHED], True: own, False: [*PUBLISHED]}[bundled]
    return [card for card in chosen if task in (None, card.task)]


def card(name: str) -> Card:
    """Return the card of a model.

    Raises
    ------
    AudioCourseError
        If there is no model of that name.
    """
    cards = {card.name: card for card in list_models()}
    if name not in cards:
        near = _nearest(name, cards)
        advice = near or f"; there are {_listed(list(cards))}"
        raise AudioCourseError(f"There is no model called {name!r}{advice}.")
    return cards[name]


def _nearest(name: str, names: Iterable[str]) -> str:
    """Suggest similar names; the publisher before the slash may be missing."""
    by_model = {full.rpartition("/")[2].lower(): full for full in names}
    near = [by_model[match] for match in get_close_matches(name.rpartition("/")[2].lower(), by_model, cutoff=0.5)]
    return f" (did you mean {' or '.join(near)}?)" if near else ""


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
