"""The engines of the house, composed: imported only where strangers' images are read, in confined processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

import cv2
import numpy as np

from capture.credential.card import CardReader
from capture.credential.finding import Rectified, rectify
from capture.credential.layouts import DRAWN_MODELS, Kind, layout
from capture.credential.quality import judge
from capture.credential.rapid_text import RapidTextReader
from capture.face.comparing import ComparisonSettings
from capture.face.reader import FaceReader, FaceSettings
from capture.face.sface import SFace
from capture.face.yunet import YuNet
from capture.imaging.decoding import decode
from capture.imaging.picture import Pixels
from capture.patterns.hashing import record_prints
from capture.patterns.views import View
from capture.reading.ports import Part
from capture.reading.record import RecordReader
from capture.reading.results import CardReading, Quality, Side
