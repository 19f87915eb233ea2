"""Headers of sound files, where libsndfile believes a wrong one or does not know the format.

Every function takes the bytes of a file and nothing else.
"""

import struct

_UNKNOWN = {  # the format: the offset of its signature, and the signature
    "AAC in an MP4 file (.m4a, as phones write it)": (4, b"ftyp"),
    "a WebM or Matroska file (as browsers write it)": (0, b"\x1aE\xdf\xa3"),
    "a WMA file": (0, b"0&\xb2u\x8ef\xcf\x11"),
    "an AMR file (as old phones write it)": (0, b"#!AMR"),
}
_BITRATES = {  # kbit/s by their index, for MPEG-1 and for MPEG-2 and 2.5, layer III
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}  # Hz, by version bits


def unreadable_format(head: bytes) -> str | None:
    """Name the format of a file that libsndfile cannot read; None for a format that is not listed.

    >>> unreadable_format(b"....ftypM4A ")
    'AAC in an MP4 file (.m4a, as phones write it)'
    """
    return next((name for name, (offset, mark) in _UNKNOWN.items() if head[offset:].startswith(mark)), None)


def with_counted_size(data: bytes) -> bytes | None:
    """Put the true size into a WAV file that an interrupted recorder left without one.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    bytes or None
        The same file with the size of its last chunk counted; None if it is not a WAV file, or its ``data`` chunk
        does not claim to be empty while bytes follow.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    position = 12
    while position + 8 <= len(data):
        name = data[position : position + 4]
        size = struct.unpack_from("<I", data, position + 4)[0]
        follows = len(data) - position - 8
        if name == b"data" and size == 0 and follows > 0:
            total = struct.pack("<I", len(data) - 8)
            return data[:4] + total + data[8 : position + 4] + struct.pack("<I", follows) + data[position + 8 :]
        position += 8 + size + size % 2
    return None


def mp3_samples(data: bytes) -> int:
    """Count the samples per channel of an MP3 file, frame by frame.

    A frame of MPEG-1 holds 1152 samples in 144 · bitrate / rate bytes, one of MPEG-2 or 2.5 half as many of both.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    int
        Before a decoder cuts off the silence that the encoder added.
    """
    samples = 0
    position = _after_id3(data)
    while 0 <= position < len(data) - 3:
        length, count = _mp3_frame(data, position)
        samples += count
        position = position + length if length else data.find(b"\xff", position + 1)
    return samples


def _after_id3(data: bytes) -> int:
    """Return where the sound begins: after an ID3v2 tag, whose size has seven bits in each byte."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _mp3_frame(data: bytes, position: int) -> tuple[int, int]:
    """Return the bytes and the samples of the frame that begins here; 0, 0 where none does."""
    header = struct.unpack_from(">I", data, position)[0]
    version = header >> 19 & 3
    layer = header >> 17 & 3
    bitrate_index = header >> 12 & 15
    rate_index = header >> 10 & 3
    padding = header >> 9 & 1
    if header >> 21 != 0x7FF or version == 1 or layer != 1 or bitrate_index in (0, 15) or rate_index == 3:
        return 0, 0
    generation = 1 if version == 3 else 2
    bitrate = 1000 * _BITRATES[generation][bitrate_index]
    length = 144 // generation * bitrate // _RATES[version][rate_index] + padding
    return length, 1152 // generation


def ogg_links(data: bytes) -> int:
    """Count the recordings that follow one another in an OGG file: streams that begin after another has ended."""
    links = 0
    open_streams = 0
    position = 0
    while data[position : position + 4] == b"OggS" and position + 27 <= len(data):
        flags = data[position + 5]
        segments = data[position + 26]
        if flags & 2:  # the first page of a stream
            links += open_streams == 0
            open_streams += 1
        if flags & 4:  # the last page of a stream
            open_streams -= 1
        position += 27 + segments + sum(data[position + 27 : position + 27 + segments])
    return links
