"""From where on a drawing is no signature, and how like the card's it is: what an institute may set.

The defaults come from drawn signatures and drawn marks. What each figure means: `capture.signature.settings`.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field, model_validator

from capture.signature.settings import DEFAULT, LikenessSettings, MarkSettings, SignatureSettings

_INK, _CARD, _MARKS, _LIKENESS = DEFAULT.ink, DEFAULT.card_ink, DEFAULT.marks, DEFAULT.likeness


class SignatureReadingSettings(BaseModel):
    """`reading.signature`. Shares and ratios unless a unit is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contrast: int = Field(default=_INK.contrast, ge=10, le=200)
    """Grey levels of 255 between ink and paper, at least."""
    card_contrast: int = Field(default=_CARD.contrast, ge=10, le=200)
    """The same of the signature that is printed on the card."""
    share: float = Field(default=_INK.share, ge=0.1, le=0.9)
    """Of the strongest ink, from where on a pixel is ink."""
    speck: float = Field(default=_INK.speck, ge=0, le=2)
    """Of a square as wide as the stroke, below which a spot is dirt."""
    tiny: float = Field(default=_MARKS.tiny, ge=0, le=0.2)
    """Of the picture's longer side, below which any ink is a dot."""
    dot: float = Field(default=_MARKS.dot, ge=1, le=10)
    """Widths of the stroke up to which a spot is a dot."""
    point: float = Field(default=_MARKS.point, ge=0, le=0.5)
    """Of the largest piece, up to which a spot beside it is a point of its letters."""
    arc: float = Field(default=_MARKS.arc, ge=45, le=360)
    """Degrees that a line may turn in all."""
    straight: float = Field(default=_MARKS.straight, ge=0.02, le=0.5)
    """How far a straight arm may leave its line, in lengths of it."""
    straight_detour: float = Field(default=_MARKS.straight_detour, ge=1, le=3)
    """How much longer than its line the way of the pen in a straight arm may be."""
    opposite: float = Field(default=_MARKS.opposite, ge=90, le=180)
    """Degrees between the arms of a cross that go on in each other, at least."""
    tick_sharp: float = Field(default=_MARKS.tick_sharp, ge=0, le=1)
    """Share of a tick's turn that is near its corner."""
    tick_least: float = Field(default=_MARKS.tick[0], ge=0, le=90)
    """Degrees between both arms of a tick."""
    tick_most: float = Field(default=_MARKS.tick[1], ge=90, le=180)
    """The same, at most."""
    pieces: int = Field(default=_MARKS.pieces, ge=1, le=20)
    """Of which a drawing of lines, crosses and ticks is made at most."""
    letters: int = Field(default=_MARKS.letters, ge=0, le=8)
    """Letters that are still initials; with none, initials are not suggested."""
    letter_low: float = Field(default=_MARKS.letter_low, ge=0, le=1)
    """Heights of the tallest letter by which an initial may begin lower."""
    letter_width: float = Field(default=_MARKS.letter_width, ge=0.3, le=4)
    """Width of an initial, in heights of the tallest one."""
    letter_way: float = Field(default=_MARKS.letter_way, ge=1, le=20)
    """Way of the pen in an initial, in heights of the tallest one."""
    strangers: float = Field(default=_LIKENESS.strangers, ge=0, le=1)
    """Raw likeness up to which the similarity is 0."""
    same: float = Field(default=_LIKENESS.same, ge=0, le=1)
    """Raw likeness from which the similarity is 1."""
    same_mark: float = Field(default=_LIKENESS.same_mark, ge=0, le=1)
    """Similarity from which a mark is the one of the card, and so it counts (002 §6.1 j)."""
    aspect: float = Field(default=_LIKENESS.aspect, ge=0.05, le=1)
    """Ratio of both widths to heights below which two signatures are less alike."""

    @model_validator(mode="after")
    def _order(self) -> SignatureReadingSettings:
        if self.strangers >= self.same:
            raise ValueError("strangers debe ser menor que same")
        return self

    @property
    def settings(self) -> SignatureSettings:
        """For the engine."""
        ink = replace(_INK, contrast=self.contrast, share=self.share, speck=self.speck)
        return SignatureSettings(
            ink=ink,
            card_ink=replace(ink, contrast=self.card_contrast),
            marks=self._marks,
            likeness=LikenessSettings(self.strangers, self.same, self.same_mark, self.aspect),
        )

    @property
    def _marks(self) -> MarkSettings:
        return replace(
            _MARKS,
            tiny=self.tiny,
            dot=self.dot,
            point=self.point,
            arc=self.arc,
            straight=self.straight,
            straight_detour=self.straight_detour,
            opposite=self.opposite,
            tick_sharp=self.tick_sharp,
            tick=(self.tick_least, self.tick_most),
            pieces=self.pieces,
            letters=self.letters,
            letter_low=self.letter_low,
            letter_width=self.letter_width,
            letter_way=self.letter_way,
        )
