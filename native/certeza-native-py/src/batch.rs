//! Products of powers: public ones in variable time, secret ones in constant time.

use certeza_group::{DecodeError, ENCODED_LEN, Point, decode_and_multiply, encode};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error::NativeResult;
use crate::input::{
    Jobs, in_range, indexed_jobs, point_list, points_of, secret_items, secret_scalar,
};
use crate::point::{PyPoint, known};
use crate::tables::PyTables;

/// Public products, in variable time: one point per job.
#[pyfunction]
#[pyo3(signature = (tables, jobs, *, threads = 1))]
pub fn multiply(
    tables: &Bound<'_, PyTables>,
    jobs: &Bound<'_, PyAny>,
    threads: usize,
) -> NativeResult<Vec<PyPoint>> {
    run_jobs(tables, jobs, threads, |products| products).map(point_list)
}

/// Like multiply, but the 32-byte encodings of the results, concatenated.
#[pyfunction]
#[pyo3(signature = (tables, jobs, *, threads = 1))]
pub fn multiply_encoded<'py>(
    tables: &Bound<'py, PyTables>,
    jobs: &Bound<'py, PyAny>,
    threads: usize,
) -> NativeResult<Bound<'py, PyBytes>> {
    let encodings = run_jobs(tables, jobs, threads, |products| encode(&products, threads))?;
    Ok(PyBytes::new(tables.py(), encodings.as_flattened()))
}

/// Decodes points, adds some of them up, and computes one public product per index.
#[pyfunction]
#[pyo3(signature = (tables, encodings, sums, indices, fixed, scalars, *, threads = 1))]
pub fn decode_multiply<'py>(
    tables: &Bound<'py, PyTables>,
    encodings: &[u8],
    sums: Vec<Vec<usize>>,
    indices: Vec<usize>,
    fixed: &[u8],
    scalars: &[u8],
    threads: usize,
) -> NativeResult<(Vec<PyPoint>, Bound<'py, PyBytes>)> {
    let (py, inner) = (tables.py(), &tables.get().tables);
    let decoded = encodings.len() / ENCODED_LEN;
    sums.iter().try_for_each(|sum| in_range(sum, decoded))?;
    let jobs = indexed_jobs(decoded + sums.len(), inner.len(), &indices, fixed, scalars)?;
    let (points, products) = py.detach(|| {
        let found = decode_and_multiply(inner, encodings, &sums, &jobs, threads)?;
        Ok::<_, DecodeError>((found.points, encode(&found.products, threads)))
    })?;
    Ok((known(points, encodings), PyBytes::new(py, products.as_flattened())))
}

fn run_jobs<R: Send>(
    tables: &Bound<'_, PyTables>,
    jobs: &Bound<'_, PyAny>,
    threads: usize,
    finish: impl FnOnce(Vec<Point>) -> R + Send,
) -> NativeResult<R> {
    let inner = &tables.get().tables;
    let read = Jobs::read(jobs, inner.len())?;
    let (points, jobs) = (&read.points, &read.jobs);
    let work = || finish(certeza_group::multiply(inner, points, jobs, threads));
    Ok(tables.py().detach(work))
}

/// Secret powers of the fixed bases, in constant time: one point per item.
#[pyfunction]
#[pyo3(signature = (tables, scalars, *, threads = 1))]
pub fn powers(
    tables: &Bound<'_, PyTables>,
    scalars: &Bound<'_, PyAny>,
    threads: usize,
) -> NativeResult<Vec<PyPoint>> {
    let inner = &tables.get().tables;
    let items = secret_items(scalars, inner.len())?;
    Ok(point_list(tables.py().detach(|| certeza_group::powers(inner, &items, threads))))
}

/// Like powers, but the 32-byte encodings of the results, concatenated.
#[pyfunction]
#[pyo3(signature = (tables, scalars, *, threads = 1))]
pub fn powers_encoded<'py>(
    tables: &Bound<'py, PyTables>,
    scalars: &Bound<'py, PyAny>,
    threads: usize,
) -> NativeResult<Bound<'py, PyBytes>> {
    let inner = &tables.get().tables;
    let items = secret_items(scalars, inner.len())?;
    let work = || certeza_group::powers_encoded(inner, &items, threads);
    Ok(PyBytes::new(tables.py(), tables.py().detach(work).as_flattened()))
}

/// Each point multiplied by one secret scalar, in constant time.
#[pyfunction]
#[pyo3(signature = (points, scalar, *, threads = 1))]
pub fn power_each(
    points: &Bound<'_, PyAny>,
    scalar: &[u8],
    threads: usize,
) -> NativeResult<Vec<PyPoint>> {
    let py = points.py();
    let points = points_of(points)?;
    let scalar = secret_scalar(scalar)?;
    Ok(point_list(py.detach(|| certeza_group::power_each(&points, &scalar, threads))))
}
