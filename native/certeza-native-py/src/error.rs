//! Every error of the module, and the Python exception that it becomes.

use certeza_group::DecodeError;
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

create_exception!(
    certeza_native,
    PointError,
    PyValueError,
    "An encoding that is not an acceptable point. `index`: its position in the batch; `rule`: \
     'length', 'non-canonical', 'not-on-curve', 'not-prime-order' or 'identity'."
);

/// What a call of the module can end in.
pub enum NativeError {
    /// An encoding is refused.
    Decode(DecodeError),
    /// Item `index` of the batch: its `what` are not `expected` scalars of 32 bytes.
    Length { index: usize, what: &'static str, expected: usize, got: usize },
    /// Item `index` of the batch: scalar `position` of its `what` is not below the group order.
    Scalar { index: usize, what: &'static str, position: usize },
    /// A position that names none of the `count` points.
    Index { index: usize, count: usize },
    /// An argument has the wrong Python type.
    Python(PyErr),
}

/// Result of a call of the module.
pub type NativeResult<T> = Result<T, NativeError>;

impl From<DecodeError> for NativeError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl From<PyErr> for NativeError {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<NativeError> for PyErr {
    fn from(error: NativeError) -> Self {
        match error {
            NativeError::Decode(error) => point_error(error),
            NativeError::Length { index, what, expected, got } => PyValueError::new_err(format!(
                "item {index}: {what} must be {expected} bytes (32 a scalar), got {got}"
            )),
            NativeError::Scalar { index, what, position } => PyValueError::new_err(format!(
                "item {index}: scalar {position} of {what} is not below the group order"
            )),
            NativeError::Index { index, count } => {
                PyValueError::new_err(format!("index {index}: there are {count} points"))
            }
            NativeError::Python(error) => error,
        }
    }
}

fn point_error(error: DecodeError) -> PyErr {
    let raised = PointError::new_err(error.to_string());
    let filled = Python::attach(|py| {
        raised.value(py).setattr("index", error.index)?;
        raised.value(py).setattr("rule", error.rule.name())
    });
    filled.err().unwrap_or(raised)
}
