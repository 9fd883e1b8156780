//! Precomputation for bases that are used again and again.

use curve25519_dalek::edwards::{EdwardsBasepointTable, VartimeEdwardsPrecomputation};
use curve25519_dalek::traits::{BasepointTable, VartimePrecomputedMultiscalarMul};

use crate::point::Point;

/// Tables of `k` fixed bases (for example the generator and an election's key).
///
/// About 40 kB a base. Building one costs about as much as 20 products, so keep it for a batch.
pub struct Tables {
    pub(crate) public: VartimeEdwardsPrecomputation,
    pub(crate) secret: Vec<EdwardsBasepointTable>,
}

impl Tables {
    /// Precomputes for `points`, whose order is that of the fixed scalars of a job.
    pub fn new(points: &[Point]) -> Self {
        Self {
            public: VartimeEdwardsPrecomputation::new(points.iter().map(|p| p.0)),
            secret: points.iter().map(|p| EdwardsBasepointTable::create(&p.0)).collect(),
        }
    }

    /// Number of fixed bases, `k`.
    pub fn len(&self) -> usize {
        self.secret.len()
    }

    /// Whether there is no fixed base.
    pub fn is_empty(&self) -> bool {
        self.secret.is_empty()
    }
}
