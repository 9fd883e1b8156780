//! `Tables`: precomputation for fixed bases.

use certeza_group::Tables;
use pyo3::prelude::*;

use crate::error::NativeResult;
use crate::input::points_of;

/// Precomputation for k fixed bases, in the order of the fixed scalars of a job.
#[pyclass(name = "Tables", module = "certeza_native", frozen)]
pub struct PyTables {
    pub tables: Tables,
}

#[pymethods]
impl PyTables {
    #[new]
    fn new(points: &Bound<'_, PyAny>) -> NativeResult<Self> {
        let py = points.py();
        let points = points_of(points)?;
        Ok(Self { tables: py.detach(|| Tables::new(&points)) })
    }

    fn __len__(&self) -> usize {
        self.tables.len()
    }
}
