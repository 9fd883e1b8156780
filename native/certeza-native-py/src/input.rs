//! Reading Python arguments.

use std::collections::HashMap;

use certeza_group::{Job, Point, PublicScalar, SCALAR_LEN, SecretScalar};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::error::{NativeError, NativeResult};
use crate::point::PyPoint;

/// A sequence of `Point`.
pub fn points_of(sequence: &Bound<'_, PyAny>) -> NativeResult<Vec<Point>> {
    let one = |item: PyResult<Bound<'_, PyAny>>| {
        Ok(item?.cast::<PyPoint>().map_err(PyErr::from)?.get().point)
    };
    sequence.try_iter()?.map(one).collect()
}

/// Results, as Python points.
pub fn point_list(points: Vec<Point>) -> Vec<PyPoint> {
    points.into_iter().map(PyPoint::from).collect()
}

/// Public jobs, with the points that they name. The same Python object is the same point.
#[derive(Default)]
pub struct Jobs<'py> {
    pub points: Vec<Point>,
    pub jobs: Vec<Job>,
    seen: HashMap<usize, usize>,
    /// The objects behind `points`: an address is a name only while its object lives.
    kept: Vec<Bound<'py, PyPoint>>,
}

impl<'py> Jobs<'py> {
    /// Reads a sequence of `(fixed scalars, points, scalars)` for `bases` fixed bases.
    pub fn read(sequence: &Bound<'py, PyAny>, bases: usize) -> NativeResult<Self> {
        let mut jobs = Self::default();
        for (index, item) in sequence.try_iter()?.enumerate() {
            let job = jobs.read_one(index, &item?, bases)?;
            jobs.jobs.push(job);
        }
        Ok(jobs)
    }

    fn read_one(
        &mut self,
        index: usize,
        item: &Bound<'py, PyAny>,
        bases: usize,
    ) -> NativeResult<Job> {
        let (fixed, points, scalars): (PyBackedBytes, Vec<Bound<'py, PyPoint>>, PyBackedBytes) =
            item.extract()?;
        let fixed = public_scalars(index, "the fixed scalars", &fixed, bases)?;
        let scalars = public_scalars(index, "the scalars", &scalars, points.len())?;
        let indices = points.iter().map(|point| self.index_of(point));
        Ok(Job { fixed, dynamic: indices.zip(scalars).collect() })
    }

    fn index_of(&mut self, point: &Bound<'py, PyPoint>) -> usize {
        *self.seen.entry(point.as_ptr().addr()).or_insert_with(|| {
            self.points.push(point.get().point);
            self.kept.push(point.clone());
            self.points.len() - 1
        })
    }
}

/// Public jobs of one decoded point (or sum) each: what the three sequences of job `i` say of it.
pub fn indexed_jobs(
    points: usize,
    bases: usize,
    indices: &[usize],
    fixed: &[u8],
    exponents: &[u8],
) -> NativeResult<Vec<Job>> {
    let fixed = public_scalars(0, "the fixed scalars", fixed, indices.len() * bases)?;
    let exponents = public_scalars(0, "the scalars", exponents, indices.len())?;
    in_range(indices, points)?;
    let dynamic = indices.iter().copied().zip(exponents);
    let job =
        |(i, term)| Job { fixed: fixed[i * bases..(i + 1) * bases].to_vec(), dynamic: vec![term] };
    Ok(dynamic.enumerate().map(job).collect())
}

/// Refuses an index that is not below `count`.
pub fn in_range(indices: &[usize], count: usize) -> NativeResult<()> {
    match indices.iter().position(|index| *index >= count) {
        Some(at) => Err(NativeError::Index { index: indices[at], count }),
        None => Ok(()),
    }
}

/// Items of secret scalars, one for each of the first bases: at least one, at most `bases`.
pub fn secret_items(
    sequence: &Bound<'_, PyAny>,
    bases: usize,
) -> NativeResult<Vec<Vec<SecretScalar>>> {
    let items = sequence.try_iter()?.enumerate();
    items
        .map(|(index, item)| {
            let bytes: PyBackedBytes = item?.extract().map_err(PyErr::from)?;
            let count = (bytes.len() / SCALAR_LEN).max(1).min(bases);
            scalars(index, "the scalars", &bytes, count, SecretScalar::from_canonical)
        })
        .collect()
}

/// The one secret scalar of a batch.
pub fn secret_scalar(bytes: &[u8]) -> NativeResult<SecretScalar> {
    let mut one = scalars(0, "the scalar", bytes, 1, SecretScalar::from_canonical)?;
    one.pop().ok_or(NativeError::Scalar { index: 0, what: "the scalar", position: 0 })
}

fn public_scalars(
    index: usize,
    what: &'static str,
    bytes: &[u8],
    count: usize,
) -> NativeResult<Vec<PublicScalar>> {
    scalars(index, what, bytes, count, PublicScalar::from_canonical)
}

fn scalars<T, E>(
    index: usize,
    what: &'static str,
    bytes: &[u8],
    count: usize,
    parse: impl Fn(&[u8]) -> Result<T, E>,
) -> NativeResult<Vec<T>> {
    if bytes.len() != count * SCALAR_LEN {
        return Err(NativeError::Length {
            index,
            what,
            expected: count * SCALAR_LEN,
            got: bytes.len(),
        });
    }
    let mut out = Vec::with_capacity(count);
    for (position, chunk) in bytes.chunks_exact(SCALAR_LEN).enumerate() {
        out.push(parse(chunk).map_err(|_| NativeError::Scalar { index, what, position })?);
    }
    Ok(out)
}
