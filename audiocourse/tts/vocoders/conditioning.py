"""What WaveNet and WaveGlow share: a mel spectrogram as a condition for every sample."""

from __future__ import annotations

import torch
from torch import nn

from audiocourse.tts.mel import MelSpectrogram
from audiocourse.tts.scaling import scale_mel
from audiocourse.zoo.batching import padding_mask


def batch_of_one(mel: MelSpectrogram, device: torch.device) -> torch.Tensor:
    """Return the frames as networks take them: (1, frames, n_mels)."""
    return torch.from_numpy(mel.frames)[None].to(device)


def hold_last_frame(x: torch.Tensor, lengths: torch.Tensor | None) -> torch.Tensor:
    """Replace padding by the last frame before it. x : (batch, channels, frames); lengths : (batch,) -> as x."""
    if lengths is None:
        return x
    frames = torch.arange(x.shape[2], device=x.device)
    existing = torch.minimum(frames[None], lengths[:, None] - 1)  # (batch, frames)
    return x.gather(2, existing[:, None].expand_as(x))


def sample_mask(log_mel: torch.Tensor, lengths: torch.Tensor | None, hop: int) -> torch.Tensor:
    """Return 1 for each step within its clip and 0 beyond, (batch, 1, frames · hop); all 1 without lengths.

    log_mel : (batch, frames, n_mels); lengths : (batch,), in frames.
    """
    batch, frames, _ = log_mel.shape
    if lengths is None:
        return log_mel.new_ones(batch, 1, frames * hop)
    return (~padding_mask(lengths * hop, frames * hop))[:, None].to(log_mel.dtype)


class MelCondition(nn.Module):
    """h = ReLU(conv₃(scaled mel)): each frame with its two neighbours; the ends are repeated."""

    def __init__(self, n_mels: int, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(n_mels, channels, kernel_size=3, padding=1, padding_mode="replicate")

    def forward(self, log_mel: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """log_mel : (batch, frames, n_mels); lengths : (batch,), in frames -> (batch, channels, frames)."""
        x = hold_last_frame(scale_mel(log_mel).transpose(1, 2), lengths)  # (batch, n_mels, frames)
        return hold_last_frame(torch.relu(self.conv(x)), lengths)


def interpolate_frames(frames: torch.Tensor, hop: int) -> torch.Tensor:
    """Draw a straight line from each frame to the next; the last one is held.

    c[n] = (1 − a) h[m] + a h[m + 1], n = (m + a) · hop, since frame m of a centred `stft` is centred at sample m · hop.

    frames : (batch, channels, frames) -> (batch, channels, frames · hop).
    """
    points = torch.cat([frames, frames[:, :, -1:]], dim=2)  # (batch, channels, frames + 1)
    samples = frames.shape[2] * hop
    lines = nn.functional.interpolate(points, size=samples + 1, mode="linear", align_corners=True)
    return lines[:, :, :samples]
