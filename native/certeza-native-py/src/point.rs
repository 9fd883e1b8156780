//! `Point`, and the functions on points alone.

use std::sync::OnceLock;

use certeza_group::{ENCODED_LEN, Point};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::NativeResult;
use crate::input::{point_list, points_of};

/// A point of the prime-order subgroup of Ed25519, the identity included. Immutable.
#[pyclass(name = "Point", module = "certeza_native", frozen)]
pub struct PyPoint {
    pub point: Point,
    encoding: OnceLock<[u8; ENCODED_LEN]>,
}

impl PyPoint {
    fn decoded(point: Point, encoding: [u8; ENCODED_LEN]) -> Self {
        Self { point, encoding: OnceLock::from(encoding) }
    }

    fn encoding(&self) -> &[u8; ENCODED_LEN] {
        self.encoding.get_or_init(|| self.point.encode())
    }
}

impl From<Point> for PyPoint {
    fn from(point: Point) -> Self {
        Self { point, encoding: OnceLock::new() }
    }
}

#[pymethods]
impl PyPoint {
    /// The neutral element.
    #[staticmethod]
    fn identity() -> Self {
        Point::identity().into()
    }

    /// The base point of RFC 8032.
    #[staticmethod]
    fn generator() -> Self {
        Point::generator().into()
    }

    /// The 32 bytes of RFC 8032, 5.1.2.
    fn encode<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.encoding())
    }

    /// Whether this is the neutral element.
    #[getter]
    fn is_identity(&self) -> bool {
        self.point.is_identity()
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.point == other.point
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        PyBytes::new(py, self.encoding()).hash()
    }

    fn __repr__(&self) -> String {
        let head: String = self.encoding()[..4].iter().map(|b| format!("{b:02x}")).collect();
        format!("<Point {head}…>")
    }
}

/// Decodes 32 * n bytes strictly; raises PointError of the first bad one.
#[pyfunction]
#[pyo3(signature = (encodings, *, allow_identity = false, threads = 1))]
pub fn decode(
    py: Python<'_>,
    encodings: &[u8],
    allow_identity: bool,
    threads: usize,
) -> NativeResult<Vec<PyPoint>> {
    let points = py.detach(|| certeza_group::decode(encodings, allow_identity, threads))?;
    Ok(known(points, encodings))
}

/// Results whose first ones have these encodings.
pub fn known(points: Vec<Point>, encodings: &[u8]) -> Vec<PyPoint> {
    let (chunks, _) = encodings.as_chunks::<ENCODED_LEN>();
    let mut points = points.into_iter();
    let decoded = chunks.iter().zip(points.by_ref()).map(|(bytes, p)| PyPoint::decoded(p, *bytes));
    let mut all: Vec<_> = decoded.collect();
    all.extend(points.map(PyPoint::from));
    all
}

/// Encodes points, 32 bytes each.
#[pyfunction]
#[pyo3(signature = (points, *, threads = 1))]
pub fn encode<'py>(
    points: &Bound<'py, PyAny>,
    threads: usize,
) -> NativeResult<Bound<'py, PyBytes>> {
    let py = points.py();
    let points = points_of(points)?;
    let encodings = py.detach(|| certeza_group::encode(&points, threads));
    Ok(PyBytes::new(py, encodings.as_flattened()))
}

/// Sum of all points; the identity for none.
#[pyfunction]
pub fn combine(points: &Bound<'_, PyAny>) -> NativeResult<PyPoint> {
    let py = points.py();
    let points = points_of(points)?;
    Ok(py.detach(|| certeza_group::combine(&points)).into())
}

/// Sum of the points of each group.
#[pyfunction]
pub fn combine_many(groups: &Bound<'_, PyAny>) -> NativeResult<Vec<PyPoint>> {
    let py = groups.py();
    let groups =
        groups.try_iter()?.map(|group| points_of(&group?)).collect::<NativeResult<Vec<_>>>()?;
    let sums: Vec<Point> = py.detach(|| groups.iter().map(certeza_group::combine).collect());
    Ok(point_list(sums))
}
