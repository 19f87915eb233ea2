"""Cards of the published data sets: licence, citation, size, where it comes from, and what is wrong with it.

Checksums are those of the publisher where one is published (Zenodo, OpenSLR) or recorded alike by two libraries
(torchaudio and TensorFlow Datasets, for LJ Speech and LibriSpeech). Archives that GitHub packs on demand, and the copy
of GTZAN, have none: they are only known to be damaged if they cannot be unpacked.
"""

from dataclasses import dataclass

from audiocourse.require import require_choice


@dataclass(frozen=True)
class Part:
    """An archive of a data set.

    makes ∈ unpacked archive

    Parameters
    ----------
    name : str
        What to ask for.
    url : str
        Where it is.
    makes : str
        The folder that is there when it is unpacked, from the folder it was downloaded to.
    size : int
        Bytes to download; rounded to a million where nobody states them.
    checksum : str, optional
        ``sha256:…`` or ``md5:…`` as published; None if there is none.
    wrapped : bool
        Whether the archive has that folder; otherwise its files are put into it.
    """

    name: str
    url: str
    makes: str
    size: int
    checksum: str | None = None
    wrapped: bool = True


@dataclass(frozen=True)
class Card:
    """What to know about a data set before using it.

    size = Σ size of the parts

    Parameters
    ----------
    name, title : str
        What `load` calls it, and what its authors call it.
    use : str
        What it is for.
    licence : str
        Under which it is published.
    home : str
        The publisher's page.
    citation : str
        BibTeX.
    root : str
        What the folder for `load` holds.
    splits : str
        Where the splits come from.
    faults : str
        What is known to be wrong with it.
    parts : tuple of Part
        What can be downloaded; empty if one has to register.
    registration : str
        Where to register, if one has to.
    """

    name: str
    title: str
    use: str
    licence: str
    home: str
    citation: str
    root: str
    splits: str
    faults: str
    parts: tuple[Part, ...] = ()
    registration: str = ""

    @property
    def size(self) -> int | None:
        """Bytes of all archives together; None if one has to register to learn it."""
        return sum(part.size for part in self.parts) or None


def _librispeech(name: str, size: int, sha256: str) -> Part:
    url = f"https://www.openslr.org/resources/12/{name}.tar.gz"
    return Part(name, url, makes=f"LibriSpeech/{name}", size=size, checksum=f"sha256:{sha256}")


_ESC = Part(
    "ESC-50",
    "https://github.com/karolpiczak/ESC-50/archive/master.zip",
    makes="ESC-50-master",
    size=646_000_000,
)
_ESC_CITATION = """@inproceedings{piczak2015esc,
  author = {Piczak, Karol J.}, title = {{ESC}: Dataset for Environmental Sound Classification},
  booktitle = {Proceedings of the 23rd ACM International Conference on Multimedia}, pages = {1015--1018},
  year = {2015}, doi = {10.1145/2733373.2806390}
}"""
_SARAGA_CITATION = """@dataset{bozkurt2018saraga,
  author = {Bozkurt, Barış and Srinivasamurthy, Ajay and Gulati, Sankalp and Serra, Xavier},
  title = {Saraga: research datasets of Indian Art Music}, version = {1.5}, year = {2018},
  publisher = {Zenodo}, doi = {10.5281/zenodo.4301737}
}"""
_SARAGA_FAULTS = (
    "Annotations are incomplete: many recordings lack a tonic, sections, phrases or the beginnings of cycles, and "
    "pitch is automatic. Some recordings name no rāga or several."
)

CARDS = {
    card.name: card
    for card in (
        Card(
            name="librispeech",
            title="LibriSpeech",
            use="Recognising read English: 1000 hours of audiobooks, 16 kHz, with their sentences.",
            licence="CC BY 4.0",
            home="https://www.openslr.org/12",
            citation="""@inproceedings{panayotov2015librispeech,
  author = {Panayotov, Vassil and Chen, Guoguo and Povey, Daniel and Khudanpur, Sanjeev},
  title = {{LibriSpeech}: an {ASR} corpus based on public domain audio books},
  booktitle = {IEEE International Conference on Acoustics, Speech and Signal Processing (ICASSP)},
  pages = {5206--5210}, year = {2015}, doi = {10.1109/ICASSP.2015.7178964}
}""",
            root="test-clean/SPEAKER/CHAPTER/SPEAKER-CHAPTER-0000.flac and SPEAKER-CHAPTER.trans.txt",
            splits="Official: the seven folders, each with speakers of its own.",
            faults="Read, not spoken freely. 'clean' and 'other' were told apart by a recogniser, not by listening.",
            parts=(
                _librispeech(
                    "dev-clean", 337_926_286, "76f87d090650617fca0cac8f88b9416e0ebf80350acb97b343a85fa903728ab3"
                ),
                _librispeech(
                    "dev-other", 314_305_928, "12661c48e8c3fe1de2c1caa4c3e135193bfb1811584f11f569dd12645aa84365"
                ),
                _librispeech(
                    "test-clean", 346_663_984, "39fde525e59672dc6d1551919b1478f724438a95aa55f874b576be21967e6c23"
                ),
                _librispeech(
                    "test-other", 328_757_843, "d09c181bba5cf717b3dee7d4d592af11a3ee3a09e08ae025c5506f6ebe961c29"
                ),
                _librispeech(
                    "train-clean-100",
                    6_387_309_499,
                    "d4ddd1d5a6ab303066f14971d768ee43278a5f2a0aa43dc716b0e64ecbbbf6e2",
                ),
                _librispeech(
                    "train-clean-360",
                    23_049_477_885,
                    "146a56496217e96c14334a160df97fffedd6e0a04e66b9c5af0d40be3c792ecf",
                ),
                _librispeech(
                    "train-other-500",
                    30_593_501_606,
                    "ddb22f27f96ec163645d53215559df6aa36515f26e01dd70798188350adcb6d2",
                ),
            ),
        ),
        Card(
            name="common_voice",
            title="Mozilla Common Voice",
            use="Recognising sentences read by volunteers in more than 100 languages, on their own microphones.",
            licence="CC0 1.0; whoever downloads it promises not to find out who speaks and not to pass it on",
            home="https://commonvoice.mozilla.org",
            citation="""@inproceedings{ardila2020common,
  author = {Ardila, Rosana and Branson, Megan and Davis, Kelly and Kohler, Michael and Meyer, Josh and Henretty, Michael
            and Morais, Reuben and Saunders, Lindsay and Tyers, Francis and Weber, Gregor},
  title = {Common Voice: A Massively-Multilingual Speech Corpus},
  booktitle = {Proceedings of the 12th Language Resources and Evaluation Conference (LREC)},
  pages = {4218--4222}, year = {2020}
}""",
            root="train.tsv, dev.tsv, test.tsv and clips/*.mp3: the folder of one language",
            splits="Official: the TSV files. train, dev and test share no speaker; validated holds them and more.",
            faults="Volunteers judged the clips: some are wrong or empty. Age and gender are often not given.",
            registration="https://datacollective.mozillafoundation.org",
        ),
        Card(
            name="gtzan",
            title="GTZAN genre collection",
            use="Classifying genres: 1000 pieces of 30 s in ten genres, 22.05 kHz. Known, small and faulty.",
            licence="none stated; the music belongs to others",
            home="https://huggingface.co/datasets/marsyas/gtzan",
            citation="""@article{tzanetakis2002musical,
  author = {Tzanetakis, George and Cook, Perry}, title = {Musical genre classification of audio signals},
  journal = {IEEE Transactions on Speech and Audio Processing}, volume = {10}, number = {5}, pages = {293--302},
  year = {2002}, doi = {10.1109/TSA.2002.800560}
}
@misc{sturm2013gtzan,
  author = {Sturm, Bob L.},
  title = {The {GTZAN} dataset: Its contents, its faults, their effects on evaluation, and its future use},
  year = {2013}, eprint = {1306.1461}, archiveprefix = {arXiv}
}
@article{kereliuk2015deep,
  author = {Kereliuk, Corey and Sturm, Bob L. and Larsen, Jan}, title = {Deep Learning and Music Adversaries},
  journal = {IEEE Transactions on Multimedia}, volume = {17}, number = {11}, pages = {2059--2071},
  year = {2015}, doi = {10.1109/TMM.2015.2478068}
}""",
            root="blues/blues.00000.wav (or .au) and nine more genres",
            splits=(
                "None official. train, validation and test are the fault-filtered lists of Kereliuk, Sturm and Larsen "
                "(2015): 443, 197 and 290 pieces without repetitions, no artist on two sides. Lists of your own "
                "(train_filtered.txt, valid_filtered.txt, test_filtered.txt, a name such as blues.00029 a line) in the "
                "folder come before them."
            ),
            faults=(
                "Sturm (2013): exact repetitions, several cuts of one recording, wrong labels, distortion, and artists "
                "that fill half a genre, so that a random split measures memory. jazz.00054 is damaged in the copies "
                "that go round, and it is on the training list."
            ),
            parts=(
                Part(
                    "genres",
                    "https://huggingface.co/datasets/marsyas/gtzan/resolve/main/data/genres.tar.gz",
                    makes="genres",
                    size=1_226_000_000,
                ),
            ),
        ),
        Card(
            name="urbansound8k",
            title="UrbanSound8K",
            use="Classifying ten sounds of the street: 8732 cuts of at most 4 s.",
            licence="CC BY-NC 3.0",
            home="https://urbansounddataset.weebly.com/urbansound8k.html",
            citation="""@inproceedings{salamon2014dataset,
  author = {Salamon, Justin and Jacoby, Christopher and Bello, Juan Pablo},
  title = {A Dataset and Taxonomy for Urban Sound Research},
  booktitle = {Proceedings of the 22nd ACM International Conference on Multimedia}, pages = {1041--1044},
  year = {2014}, doi = {10.1145/2647868.2655045}
}""",
            root="metadata/UrbanSound8K.csv and audio/fold1 to audio/fold10",
            splits=(
                "Official: ten folds, never reshuffled. Train on nine, test on the one left, ten times: cuts of one "
                "recording lie in one fold, and whoever shuffles them measures memory."
            ),
            faults="Rates, channels and loudness differ from file to file. Salience says whether others are heard too.",
            parts=(
                Part(
                    "UrbanSound8K",
                    "https://zenodo.org/records/1203745/files/UrbanSound8K.tar.gz",
                    makes="UrbanSound8K",
                    size=6_023_741_708,
                    checksum="md5:9aa69802bbf37fb986f71ec1483a196e",
                ),
            ),
        ),
        Card(
            name="ravdess",
            title="RAVDESS",
            use="Acted emotion: 24 actors say (speech) or sing (song) two sentences in eight emotions, 48 kHz.",
            licence="CC BY-NC-SA 4.0",
            home="https://zenodo.org/records/1188976",
            citation="""@article{livingstone2018ravdess,
  author = {Livingstone, Steven R. and Russo, Frank A.},
  title = {The {Ryerson} Audio-Visual Database of Emotional Speech and Song ({RAVDESS})},
  journal = {PLoS ONE}, volume = {13}, number = {5}, pages = {e0196391}, year = {2018},
  doi = {10.1371/journal.pone.0196391}
}""",
            root="Actor_01/03-01-01-01-01-01-01.wav to Actor_24",
            splits=(
                "None official. Here by actors: 1 to 20 train, 21 and 22 validation, 23 and 24 test; with held_out, "
                "one actor is tested and all others train."
            ),
            faults="Acted, not felt. Two sentences only. There are no songs of actor 18.",
            parts=(
                Part(
                    "speech",
                    "https://zenodo.org/records/1188976/files/Audio_Speech_Actors_01-24.zip",
                    makes="Audio_Speech_Actors_01-24",
                    size=208_468_073,
                    checksum="md5:bc696df654c87fed845eb13823edef8a",
                    wrapped=False,
                ),
                Part(
                    "song",
                    "https://zenodo.org/records/1188976/files/Audio_Song_Actors_01-24.zip",
                    makes="Audio_Song_Actors_01-24",
                    size=225_505_317,
                    checksum="md5:5411230427d67a21e18aa4d466e6d1b9",
                    wrapped=False,
                ),
            ),
        ),
        Card(
            name="voxceleb1",
            title="VoxCeleb1",
            use="Telling who speaks: 153,516 cuts of interviews with 1251 celebrities, 16 kHz.",
            licence="CC BY 4.0 for the lists; the recordings belong to their owners; for research",
            home="https://www.robots.ox.ac.uk/~vgg/data/voxceleb/vox1.html",
            citation="""@inproceedings{nagrani2017voxceleb,
  author = {Nagrani, Arsha and Chung, Joon Son and Zisserman, Andrew},
  title = {{VoxCeleb}: a large-scale speaker identification dataset},
  booktitle = {Proceedings of Interspeech}, pages = {2616--2620}, year = {2017},
  doi = {10.21437/Interspeech.2017-950}
}""",
            root="wav/id10001/VIDEO/00001.wav, iden_split.txt, veri_test.txt and, if you like, vox1_meta.csv",
            splits=(
                "Official, two of them. Identification (iden_split.txt): train, validation and test hold the same "
                "people in other videos. Verification (veri_test.txt): the people of verification-test are not heard "
                "in verification-train."
            ),
            faults="Gathered by machines: some cuts hold another person. Celebrities only, mostly in English.",
            registration="https://mm.kaist.ac.kr/datasets/voxceleb",
        ),
        Card(
            name="saraga_carnatic",
            title="Saraga, Carnatic music",
            use="Melody, rhythm and form of South Indian art music: 249 recordings of concerts, 44.1 kHz.",
            licence="CC BY-NC-SA 4.0",
            home="https://mtg.github.io/saraga",
            citation=_SARAGA_CITATION,
            root="CONCERT by ARTIST/TITLE/TITLE.mp3.mp3 and TITLE.json",
            splits="None. Split by artist or by concert, which is the item's `recording`.",
            faults=_SARAGA_FAULTS,
            parts=(
                Part(
                    "carnatic",
                    "https://zenodo.org/records/4301737/files/saraga1.5_carnatic.zip",
                    makes="saraga1.5_carnatic",
                    size=14_376_627_433,
                    checksum="md5:e4fcd380b4f6d025964cd16aee00273d",
                ),
            ),
        ),
        Card(
            name="saraga_hindustani",
            title="Saraga, Hindustani music",
            use="Melody, rhythm and form of North Indian art music: 108 recordings, 44.1 kHz.",
            licence="CC BY-NC-SA 4.0",
            home="https://mtg.github.io/saraga",
            citation=_SARAGA_CITATION,
            root="RELEASE by ARTIST/TITLE/TITLE.mp3.mp3 and TITLE.json",
            splits="None. Split by artist or by release, which is the item's `recording`.",
            faults=_SARAGA_FAULTS,
            parts=(
                Part(
                    "hindustani",
                    "https://zenodo.org/records/4301737/files/saraga1.5_hindustani.zip",
                    makes="saraga1.5_hindustani",
                    size=4_109_172_493,
                    checksum="md5:ea9ed2885ea37a1b10e42f60cf299702",
                ),
            ),
        ),
        Card(
            name="fsdd",
            title="Free Spoken Digit Dataset",
            use="Recognising one digit: 3000 takes by six speakers, 8 kHz. Small enough for a first model.",
            licence="CC BY-SA 4.0",
            home="https://github.com/Jakobovski/free-spoken-digit-dataset",
            citation="""@misc{jackson2018fsdd,
  author = {Jackson, Zohar and Souza, César and Flaks, Jason and Pan, Yuxin and Nicolas, Hereman and Thite, Adhish},
  title = {Free Spoken Digit Dataset}, version = {1.0.8}, year = {2018}, publisher = {Zenodo},
  doi = {10.5281/zenodo.1342401}
}""",
            root="recordings/0_george_0.wav, …: digit, speaker, index",
            splits=(
                "Official: index 0 to 4 test, the others train; the same speakers on both sides. With held_out, one "
                "speaker is tested and all others train, which is the harder question."
            ),
            faults="Six men; silence is cut away, sometimes with the first consonant; levels differ by speaker.",
            parts=(
                Part(
                    "v1.0.10",
                    "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/v1.0.10.tar.gz",
                    makes="free-spoken-digit-dataset-1.0.10",
                    size=16_000_000,
                ),
            ),
        ),
        Card(
            name="esc50",
            title="ESC-50",
            use="Classifying 50 sounds of the environment: 2000 cuts of 5 s, 44.1 kHz.",
            licence="CC BY-NC 3.0, and for each clip as in its LICENSE file",
            home="https://github.com/karolpiczak/ESC-50",
            citation=_ESC_CITATION,
            root="meta/esc50.csv and audio/1-100032-A-0.wav",
            splits="Official: five folds; cuts of one recording lie in one fold.",
            faults="Many clips are shorter sounds with digital silence after them, which a model can learn instead.",
            parts=(_ESC,),
        ),
        Card(
            name="esc10",
            title="ESC-10",
            use="Classifying ten sounds of the environment: 400 cuts of 5 s, ten classes of ESC-50.",
            licence="CC BY 3.0, and for each clip as in its LICENSE file",
            home="https://github.com/karolpiczak/ESC-50",
            citation=_ESC_CITATION,
            root="meta/esc50.csv and audio/, as ESC-50; or the older '001 - Dog bark/1-100032-A.ogg' and nine more",
            splits="Official: five folds; cuts of one recording lie in one fold.",
            faults="As ESC-50. 400 clips: one clip more or less is a quarter of a percent.",
            parts=(_ESC,),
        ),
        Card(
            name="ljspeech",
            title="LJ Speech",
            use="Synthesising English: 13,100 sentences from seven books read by one woman, 22.05 kHz, 24 hours.",
            licence="public domain",
            home="https://keithito.com/LJ-Speech-Dataset",
            citation="""@misc{ito2017ljspeech,
  author = {Ito, Keith and Johnson, Linda}, title = {The {LJ} {Speech} Dataset}, year = {2017},
  howpublished = {\\url{https://keithito.com/LJ-Speech-Dataset}}
}""",
            root="metadata.csv and wavs/LJ001-0001.wav",
            splits=(
                "None official, and papers differ: Tacotron 2's lists are random. Here by chapters: LJ001 and LJ002 "
                "test, LJ003 validation, LJ004 to LJ050 train."
            ),
            faults="One voice, one room; some sentences end in the middle, and numbers are written out by hand.",
            parts=(
                Part(
                    "LJSpeech-1.1",
                    "https://data.keithito.com/data/speech/LJSpeech-1.1.tar.bz2",
                    makes="LJSpeech-1.1",
                    size=2_748_572_632,
                    checksum="sha256:be1a30453f28eb8dd26af4101ae40cbf2c50413b1bb21936cbcdc6fae3de8aa5",
                ),
            ),
        ),
    )
}


def card(name: str) -> Card:
    """Look up what to know about a data set.

    Parameters
    ----------
    name : str
        One of `CARDS`.

    Returns
    -------
    Card
        Its card.

    Raises
    ------
    AudioCourseError
        If there is no such data set.

    Examples
    --------
    >>> card("fsdd").licence
    'CC BY-SA 4.0'
    """
    return CARDS[require_choice("data set", name, CARDS)]
