//! Python module `certeza_native`: a thin binding of `certeza-group`.
//!
//! Values are converted here, everything is computed there, with the interpreter lock released.
#![forbid(unsafe_code)]

mod batch;
mod error;
mod input;
mod point;
mod tables;

use pyo3::prelude::*;

#[pymodule]
fn certeza_native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", certeza_group::VERSION)?;
    module.add("BACKEND", certeza_group::backend())?;
    module.add("PointError", module.py().get_type::<error::PointError>())?;
    module.add_class::<point::PyPoint>()?;
    module.add_class::<tables::PyTables>()?;
    module.add_function(wrap_pyfunction!(point::decode, module)?)?;
    module.add_function(wrap_pyfunction!(point::encode, module)?)?;
    module.add_function(wrap_pyfunction!(point::combine, module)?)?;
    module.add_function(wrap_pyfunction!(point::combine_many, module)?)?;
    module.add_function(wrap_pyfunction!(batch::multiply, module)?)?;
    module.add_function(wrap_pyfunction!(batch::multiply_encoded, module)?)?;
    module.add_function(wrap_pyfunction!(batch::decode_multiply, module)?)?;
    module.add_function(wrap_pyfunction!(batch::powers, module)?)?;
    module.add_function(wrap_pyfunction!(batch::powers_encoded, module)?)?;
    module.add_function(wrap_pyfunction!(batch::power_each, module)?)?;
    Ok(())
}
