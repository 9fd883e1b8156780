"""The active challenge of pre-registro: turning the head as asked, in an order drawn for each attempt. Pure.

A state over observations of single frames; whoever calls bounds the attempts (SEI-04). The nose's offset
tells a turn: from the front at most 0.07 widths of the face, turned 0.11 to 0.23. A flat print that is turned
before the camera reached that to one side, where its photograph was not quite frontal, and to both sides in
none of 28; so each order has both. What it does not stop: a print rolled over two radians (3 of 28), and a
replayed or generated video that happens to follow the order. A person reviews.

Left and right are those of the person, in frames that are not mirrored: turned to the left, the nose goes to
the right of the image.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from capture.face.ports import Face


class Turn(StrEnum):
    """What is asked of the person."""

    LEFT = "izquierda"
    RIGHT = "derecha"


class Reason(StrEnum):
    """Why an attempt fails."""

    NO_FACE = "sin-rostro"
    SEVERAL = "varios-rostros"
    NOT_FRONTAL = "no-empieza-de-frente"
    WRONG_TURN = "giro-distinto"
    MISSING_TURNS = "giros-incompletos"
    JUMP = "rostro-salta"
    TOO_LONG = "tiempo-agotado"
    FEW_FRAMES = "pocos-cuadros"


@dataclass(frozen=True, slots=True)
class ChallengeSettings:
    """Offsets in widths of the face; frames are those that are observed, about eight a second."""

    turns: int = 3
    frontal: float = 0.07
    """Most offset from the front."""
    turned: float = 0.11
    """Least offset of a turn."""
    held: int = 2
    """Frames in a row that a pose has to last."""
    lost: int = 4
    """Most frames in a row without a face."""
    crowded: int = 2
    """Most frames in a row with several."""
    other_width: float = 0.3
    """From which share of the width of the largest face on another one counts."""
    jump: float = 0.9
    """Most that the face moves from one frame to the next, in its widths."""
    seconds: float = 20.0
    frames: int = 12
    """Least frames with a face."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One frame. `at`: seconds from the beginning; `faces`: how many count; the rest is of the largest."""

    at: float
    faces: int
    offset: float = 0.0
    centre: tuple[float, float] = (0.0, 0.0)
    """Pixels."""
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an attempt is."""

    asked: tuple[Turn, ...]
    settings: ChallengeSettings
    done: int = 0
    """Turns that were made."""
    frontal: bool = False
    """The face was seen from the front since the last turn."""
    pose: Turn | None = None
    """Of the last frames; None: from the front or between."""
    lasted: int = 0
    """Frames in a row, of the pose or from the front."""
    absent: int = 0
    crowd: int = 0
    seen: int = 0
    last: Observation | None = None
    failed: Reason | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome: passed, or why not."""

    passed: bool
    reasons: tuple[Reason, ...] = ()


def draw_turns(random: bytes, turns: int) -> tuple[Turn, ...]:
    """An order drawn with `random` (as many bytes as turns), with both sides in it.

    Raises ValueError for fewer bytes, or fewer than two turns.
    """
    if turns < 2 or len(random) < turns:
        raise ValueError("two turns or more, with a random byte for each")
    drawn = [Turn.LEFT if byte & 1 else Turn.RIGHT for byte in random[:turns]]
    if len(set(drawn)) == 1:  # both sides: which one is the other is random as well
        drawn[(random[0] >> 1) % turns] = _other(drawn[0])
    return tuple(drawn)


def observed(at: float, faces: tuple[Face, ...], settings: ChallengeSettings) -> Observation:
    """What a frame shows. `faces`: the largest first."""
    if not faces:
        return Observation(at, 0)
    face = faces[0]
    count = sum(other.width >= settings.other_width * face.width for other in faces)
    centre = (face.left + face.width / 2, face.top + face.height / 2)
    return Observation(at, count, face.offset, centre, face.width)


def begin(asked: tuple[Turn, ...], settings: ChallengeSettings | None = None) -> Progress:
    """An attempt."""
    return Progress(asked, settings or ChallengeSettings())


def advance(progress: Progress, seen: Observation) -> Progress:
    """After one more frame. What has failed or is complete stays."""
    if progress.failed or is_complete(progress):
        return progress
    if seen.at > progress.settings.seconds:
        return replace(progress, failed=Reason.TOO_LONG)
    counted = _counted(progress, seen)
    return counted if counted.failed or seen.faces != 1 else _turned(counted, seen)


def is_complete(progress: Progress) -> bool:
    """All turns were made, and the face came back to the front."""
    return progress.done == len(progress.asked) and progress.frontal


def verdict(progress: Progress) -> Verdict:
    """The outcome when there are no more frames."""
    if progress.failed:
        return Verdict(False, (progress.failed,))
    missing = Reason.MISSING_TURNS if progress.done or progress.frontal else Reason.NOT_FRONTAL
    reasons = [] if is_complete(progress) else [Reason.NO_FACE if progress.seen == 0 else missing]
    if 0 < progress.seen < progress.settings.frames:
        reasons.append(Reason.FEW_FRAMES)
    return Verdict(not reasons, tuple(reasons))


def judge_frames(
    frames: Iterable[Observation], asked: tuple[Turn, ...], settings: ChallengeSettings | None = None
) -> Verdict:
    """A whole attempt."""
    progress = begin(asked, settings)
    for seen in frames:
        progress = advance(progress, seen)
    return verdict(progress)


def _counted(progress: Progress, seen: Observation) -> Progress:
    """None, several, or one that is where it was."""
    settings, last = progress.settings, progress.last
    absent = progress.absent + 1 if seen.faces == 0 else 0
    crowd = progress.crowd + 1 if seen.faces > 1 else 0
    failed = None
    if absent > settings.lost:
        failed = Reason.NO_FACE
    elif crowd > settings.crowded:
        failed = Reason.SEVERAL
    elif seen.faces == 1 and last is not None and _jumps(last, seen, settings):
        failed = Reason.JUMP
    return replace(
        progress,
        absent=absent,
        crowd=crowd,
        seen=progress.seen + (seen.faces == 1),
        last=seen if seen.faces == 1 else last,
        failed=failed,
    )


def _jumps(last: Observation, seen: Observation, settings: ChallengeSettings) -> bool:
    across, down = seen.centre[0] - last.centre[0], seen.centre[1] - last.centre[1]
    return math.hypot(across, down) > settings.jump * max(last.width, seen.width)


def _turned(progress: Progress, seen: Observation) -> Progress:
    settings = progress.settings
    pose = _pose(seen.offset, settings)
    front = abs(seen.offset) <= settings.frontal
    same = pose == progress.pose and (pose is not None or front)
    progress = replace(
        progress, pose=pose, lasted=progress.lasted + 1 if same else int(front or pose is not None)
    )
    if progress.lasted < settings.held:
        return progress
    if pose is None:
        return replace(progress, frontal=True)
    return _made(progress, pose)


def _made(progress: Progress, pose: Turn) -> Progress:
    """A turn that was held: it counts when it is the one asked and began from the front."""
    if not progress.frontal:
        return progress  # still the turn before, or a face that was never seen from the front
    if pose != progress.asked[progress.done]:
        return replace(progress, failed=Reason.WRONG_TURN)
    return replace(progress, done=progress.done + 1, frontal=False)


def _pose(offset: float, settings: ChallengeSettings) -> Turn | None:
    if abs(offset) < settings.turned:
        return None
    return Turn.LEFT if offset > 0 else Turn.RIGHT


def _other(turn: Turn) -> Turn:
    return Turn.RIGHT if turn is Turn.LEFT else Turn.LEFT
