//! Arithmetic of the prime-order group of Ed25519 for Certeza, and nothing above it.
//!
//! Every [`Point`] is in the subgroup of prime order
//! `q = 2^252 + 27742317777372353535851937790883648493`: [`decode`] and [`decode_and_multiply`]
//! refuse anything else, and no operation leaves the subgroup. Field and curve arithmetic come from `curve25519-dalek` and
//! `crrl`; this crate only orders their public operations so that the work of a whole batch is
//! shared. No protocol (hashes, challenges, proofs, ballots) belongs here.
//!
//! * Public data, variable time: [`decode`], [`multiply`], [`decode_and_multiply`], [`combine`].
//! * Secret scalars, constant time: [`powers`], [`power_each`].
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod decode;
mod encode;
mod error;
mod multiply;
mod parallel;
mod point;
mod recode;
mod scalar;
mod secret;
mod tables;
mod untrusted;

pub use decode::decode;
pub use encode::encode;
pub use error::{DecodeError, Rule, ScalarError};
pub use multiply::{Job, multiply};
pub use point::{ENCODED_LEN, Point, combine};
pub use scalar::{PublicScalar, SCALAR_LEN, SecretScalar};
pub use secret::{power_each, powers, powers_encoded};
pub use tables::Tables;
pub use untrusted::{Products, decode_and_multiply};

/// Version of this crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Which implementation `curve25519-dalek` selects on this processor: `"avx2"` or `"serial"`.
///
/// The crate does not say it itself; this repeats its rule (AVX2 found at run time on x86-64).
pub fn backend() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        return "avx2";
    }
    "serial"
}
